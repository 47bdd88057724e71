#include "store/operations/table.hpp"

#include "store/operations/every_operation.hpp"

#include <array>

namespace lotgate::store {

namespace {

using enum ArgumentKind;
using rules::OverrideClass;

constexpr std::array place_hold_arguments = std::to_array<Argument>({
    {"target",
     target,
     true,
     "what is held: unit:GTIN/SERIAL, lot:GTIN/LOT, container:SSCC, product:GTIN or "
     "document:CODE"},
    {"hold_reason",
     word,
     true,
     "why it is held",
     "quarantine recall suspect expired damaged conflict"},
    {"class", word, false, "of a recall", "I II III"},
    {"note", text, false, "for the card of the hold"},
});

constexpr std::array lift_hold_arguments = std::to_array<Argument>({
    {"hold", text, true, "the number of the hold; the trace of what is held lists it"},
});

constexpr std::array close_receipt_arguments = std::to_array<Argument>({
    {"document", document, true, "the ASN"},
});

constexpr std::array undo_receive_arguments = std::to_array<Argument>({
    {"gtin", gtin, true, "of the unit"},
    {"serial", serial, true, "of the unit"},
});

constexpr std::array import_rows_arguments = std::to_array<Argument>({
    {"import", text, true, "which file: every slice of it has the same"},
    {"kind", word, true, "what it holds", "products lots locations parties asn orders stock"},
    {"rows", quantity, true, "items of the whole file"},
    {"items", items, true, "this slice of it"},
});

constexpr std::array the_table = std::to_array<OperationRow>({
    {"place_hold",
     "R-18",
     OverrideClass::operator_confirms,
     "What may not go on is held, by anybody and at once; several holds stand side by side.",
     place_hold_arguments,
     plan_place_hold},
    {"lift_hold",
     "R-18",
     OverrideClass::supervisor,
     "One hold is lifted by its number; every other hold on the same goods stays.",
     lift_hold_arguments,
     plan_lift_hold},
    {"close_receipt",
     "R-09",
     OverrideClass::operator_confirms,
     "A receipt is over: what did not come is told and expected no longer.",
     close_receipt_arguments,
     plan_close_receipt,
     read_receipt},
    {"undo_receive",
     "R-29",
     OverrideClass::supervisor,
     "A unit received by mistake is expected again, as long as it was not moved.",
     undo_receive_arguments,
     plan_undo_receive},
    {"import_rows",
     "R-58",
     OverrideClass::supervisor,
     "Rows of a checked file are taken in; a file that changes much needs two people.",
     import_rows_arguments,
     plan_import_rows,
     read_existing_rows},
});

}  // namespace

std::span<const OperationRow> operations() {
    return the_table;
}

const OperationRow* operation_named(std::string_view id) {
    for (const OperationRow& row : the_table)
        if (row.id == id) return &row;
    return nullptr;
}

}  // namespace lotgate::store
