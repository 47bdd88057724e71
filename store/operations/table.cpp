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
