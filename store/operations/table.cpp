#include "store/operations/table.hpp"

#include "store/operations/carton_reads.hpp"
#include "store/operations/every_operation.hpp"
#include "store/operations/more_reads.hpp"

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
    {"changed",
     quantity,
     false,
     "of stock: what the whole file changes, in thousandths of a unit of measure"},
});
constexpr Argument import_needed{"import", text, true, "which file"};
constexpr std::array import_stage_arguments = std::to_array<Argument>({
    import_needed,
    {"kind", word, true, "what it holds", "products lots locations parties asn orders stock"},
    {"rows", quantity, true, "items of the whole file"},
    {"first", quantity, true, "place in the file of the slice's first item, from 1"},
    {"items", items, true, "the slice"},
    {"changed",
     quantity,
     false,
     "of stock: what the whole file changes, in thousandths of a unit of measure"},
});
constexpr std::array import_publish_arguments{
    import_needed, Argument{"rows", quantity, true, "items of the whole file"}};
constexpr std::array import_drop_arguments{import_needed};
constexpr std::array import_apply_arguments{
    import_needed,
    Argument{"through", quantity, false, "what is left up to this place of the file"},
    Argument{"places", items, false, "or these places of the file"},
    Argument{"leave_out",
             word,
             false,
             "yes: they cannot be written, and are a case; dropped: nobody put them in force",
             "yes dropped"}};
constexpr std::array outage_arguments{
    Argument{"outage", word, true, "what could not be seen", "device cloud gateway"},
    Argument{"name", text, true, "of the device"},
    Argument{"since", text, false, "when it began"},
    Argument{"until", text, false, "when it was over"}};
constexpr Argument gtin_needed{"gtin", gtin, true, "of the product"};
constexpr Argument serial_needed{"serial", serial, true, "of the unit"};
constexpr Argument serial_maybe{"serial", serial, false, "of the unit, where serials are tracked"};
constexpr Argument lot_needed{"lot", lot, true, "of the goods"};
constexpr Argument lot_maybe{"lot", lot, false, "of goods counted by lot"};
constexpr Argument quantity_maybe{"quantity", quantity, false, "of goods counted by lot"};
constexpr Argument from_maybe{
    "from", place, false, "where the counted goods stand; else the largest heap is taken first"};
constexpr Argument place_needed{"place", place, true, "the location"};

constexpr std::array scrap_arguments{
    gtin_needed, serial_maybe, lot_maybe, quantity_maybe, from_maybe};
constexpr std::array unit_arguments{gtin_needed, serial_needed};
constexpr std::array relabel_arguments{
    gtin_needed, serial_needed, Argument{"new_serial", serial, true, "what it is called now"}};
constexpr std::array vendor_arguments{
    gtin_needed,
    Argument{"document", document, true, "code of the return to the vendor; made where it is new"},
    serial_maybe,
    lot_maybe,
    quantity_maybe,
    from_maybe};
constexpr std::array found_arguments{
    gtin_needed, serial_needed, Argument{"place", place, false, "where it was found"}};
constexpr std::array split_arguments{gtin_needed,
                                     lot_needed,
                                     Argument{"quantity", quantity, true, "that leaves the lot"},
                                     Argument{"new_lot", lot, true, "what that is called"},
                                     from_maybe};
constexpr std::array merge_arguments{
    gtin_needed, lot_needed, Argument{"into_lot", lot, true, "the lot that takes it in"}};
constexpr std::array move_arguments{
    gtin_needed, place_needed, serial_maybe, lot_maybe, quantity_maybe, from_maybe};
constexpr std::array grade_arguments{
    gtin_needed,
    serial_needed,
    Argument{"grade", word, true, "what it is still worth", "A B C D"},
    Argument{"route",
             word,
             false,
             "where it goes on; else by grade: A restock, B repair, C recycle, D scrap",
             "restock repair recycle scrap"}};
constexpr std::array place_arguments{place_needed};
constexpr std::array count_arguments{place_needed,
                                     gtin_needed,
                                     lot_needed,
                                     Argument{"quantity", quantity, true, "that was counted"}};
constexpr std::array recall_arguments{
    Argument{
        "target", target, true, "what is recalled: lot:GTIN/LOT, product:GTIN, unit:GTIN/SERIAL"},
    Argument{"class", word, false, "of the recall", "I II III"},
    Argument{"note", text, false, "for the card of the hold"},
    Argument{"effective_at",
             text,
             false,
             "when it was decided (2026-11-22T08:00:00Z): what left after that is listed apart"},
    Argument{"drill", word, false, "yes: says what it would do and changes nothing", "yes no"}};

constexpr std::array park_arguments{Argument{"identity", text, true, "of station, step and bytes"},
                                    Argument{"step", text, true, "what the station does"},
                                    Argument{"raw_hex", hex, true, "the bytes that were scanned"}};

constexpr std::array overdue_arguments{
    Argument{"minutes", quantity, true, "that a received unit may wait"}};

constexpr std::array unpick_arguments = std::to_array<Argument>({
    {"gtin", gtin, true, "of the product"},
    {"place", place, true, "the bin it goes back to"},
    {"serial", serial, false, "of the unit, where serials are tracked"},
    {"document", document, false, "the order, for goods counted by lot"},
    {"lot", lot, false, "of goods counted by lot"},
    {"quantity", quantity, false, "of goods counted by lot"},
});

constexpr std::array order_arguments = std::to_array<Argument>({
    {"document", document, true, "code of the order"},
});

constexpr std::array carton_arguments = std::to_array<Argument>({
    {"sscc", sscc, true, "of the carton"},
});

constexpr std::array pallet_arguments = std::to_array<Argument>({
    {"sscc", sscc, true, "of the pallet"},
});

constexpr std::array unship_arguments = std::to_array<Argument>({
    {"sscc", sscc, true, "of the carton, or of a pallet that was loaded as a whole"},
    {"where", word, true, "where it stands", "yard sealed_trailer"},
});

constexpr Argument device_needed{"device", text, true, "its id"};
constexpr std::array replace_device_arguments{
    device_needed,
    Argument{"unit", text, true, "the unit that is plugged in: vendor:product:serial"},
    Argument{"declared", text, true, "the unit that the configuration names"}};
constexpr std::array simulate_scan_arguments{
    device_needed, Argument{"code", text, false, "as it was given in; none is a no-read"}};
constexpr std::array reprint_arguments = std::to_array<Argument>({
    {"sscc", sscc, false, "the carton's number, as on its label"},
    {"gtin", gtin, false, "of a unit that was labelled here, with its serial"},
    {"serial", serial, false, "of that unit"},
    {"as", word, false, "a carton's next label; without it, a new number", "new_number copy"},
    {"first_label",
     word,
     false,
     "what became of the first; a copy is printed only where it is destroyed",
     "destroyed missing unreadable"},
    {"printer", text, false, "another one than the label was printed by"},
});

constexpr std::array label_unit_arguments = std::to_array<Argument>({
    {"gtin", gtin, true, "the product"},
    {"printer", text, true, "the printer"},
    {"lot", lot, false, "its lot, where the product is tracked by lot too"},
    {"expires_on", date, false, "its expiry date, YYYY-MM-DD"},
    {"template", text, false, "the label; without it, unit"},
});

constexpr std::array label_lot_arguments = std::to_array<Argument>({
    {"gtin", gtin, true, "the product"},
    {"printer", text, true, "the printer"},
    {"expires_on", date, false, "the lot's expiry date, YYYY-MM-DD"},
    {"template", text, false, "the label; without it, lot"},
});

constexpr std::array archive_arguments = std::to_array<Argument>({
    {"file", text, true, "the archive, where the gateway can read it"},
    {"first", quantity, false, "its first row; this and all below the gateway finds itself"},
    {"last", quantity, false, "its last row"},
    {"opening", hex, false, "the chain's hash before the first row"},
    {"closing", hex, false, "the hash of the last row"},
    {"digest", hex, false, "SHA-256 of the file"},
    {"until", text, false, "the clock of the last row"},
    {"looked_at", quantity, false, "the newest row when its rows were looked at"},
    {"cloud", word, false, "whether the site has one", "yes no"},
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
     "A unit received by mistake is expected again, or struck out where nobody announced it, as "
     "long as it was not moved.",
     undo_receive_arguments,
     plan_undo_receive},
    {"import_rows",
     "R-58",
     OverrideClass::supervisor,
     "Rows of a checked file are taken in; a file that changes much needs two people.",
     import_rows_arguments,
     plan_import_rows,
     read_existing_rows},
    {"import_stage",
     "R-58",
     OverrideClass::operator_confirms,
     "A slice of a checked file is kept beside the tables, where nothing sees it.",
     import_stage_arguments,
     plan_import_stage,
     read_import_run},
    {"import_publish",
     "R-58",
     OverrideClass::supervisor,
     "A file that is staged to its last row is in force as a whole; one that changes much needs "
     "two "
     "people.",
     import_publish_arguments,
     plan_import_publish,
     read_import_run},
    {"import_drop",
     "R-58",
     OverrideClass::supervisor,
     "What is staged of a file is dropped; nothing of it was imported. The gateway drops what "
     "nobody "
     "put in force for a week.",
     import_drop_arguments,
     plan_import_drop,
     read_import_run},
    {"import_apply",
     "R-58",
     OverrideClass::operator_confirms,
     "Rows of a file in force are written to the tables; the gateway does it among the scans.",
     import_apply_arguments,
     plan_import_apply,
     nullptr,
     true},
    {"note_outage",
     "R-50",
     OverrideClass::operator_confirms,
     "A device, the cloud or the gateway itself could not be seen; a recall says so.",
     outage_arguments,
     plan_note_outage,
     nullptr,
     true},
    {"recall",
     "R-50",
     OverrideClass::supervisor,
     "A lot, product or unit is recalled: held at once, taken out of open picks, and every next "
     "carton with it goes to the exception lane.",
     recall_arguments,
     plan_recall,
     read_reach},
    {"scrap",
     "R-49",
     OverrideClass::supervisor,
     "Goods are destroyed or thrown away; held, recalled and expired goods may be.",
     scrap_arguments,
     plan_scrap,
     nullptr,
     false,
     {},
     true},
    {"return_to_vendor",
     "R-49",
     OverrideClass::supervisor,
     "Goods go back to where they came from; held, recalled and expired goods may.",
     vendor_arguments,
     plan_return_to_vendor,
     read_vendor,
     false,
     {},
     true},
    {"relabel",
     "R-49",
     OverrideClass::supervisor,
     "A unit gets another serial; the chain joins both histories, and holds go along.",
     relabel_arguments,
     plan_relabel,
     read_new_serial},
    {"typo_fix",
     "R-49",
     OverrideClass::supervisor,
     "A serial that was taken down wrongly is mended before the unit has ever left.",
     relabel_arguments,
     plan_typo_fix,
     read_new_serial},
    {"split_lot",
     "R-49",
     OverrideClass::supervisor,
     "A part of a counted lot becomes a lot of its own, with the old one as its parent.",
     split_arguments,
     plan_split_lot,
     read_other_lot,
     false,
     {},
     true},
    {"merge_lots",
     "R-49",
     OverrideClass::supervisor,
     "What is here of one counted lot goes into another of the same product and expiry.",
     merge_arguments,
     plan_merge_lots,
     read_other_lot,
     false,
     {},
     true},
    {"move",
     "R-22",
     OverrideClass::operator_confirms,
     "Goods go from one place to another and stay what they are.",
     move_arguments,
     plan_move,
     nullptr,
     false,
     {},
     true},
    {"mark_missing",
     "R-48",
     OverrideClass::operator_confirms,
     "A unit that is not found is noted; the second time it is missing.",
     unit_arguments,
     plan_mark_missing,
     read_missed},
    {"found",
     "R-48",
     OverrideClass::operator_confirms,
     "A missing unit is there again, as what it was.",
     found_arguments,
     plan_found},
    {"grade",
     "R-47",
     OverrideClass::operator_confirms,
     "What came back is graded, and goes on to the rack, repair, recycling or scrap.",
     grade_arguments,
     plan_grade},
    {"write_off",
     "R-47",
     OverrideClass::supervisor,
     "What came back is worth nothing any more.",
     unit_arguments,
     plan_write_off},
    {"refurbish",
     "R-47",
     OverrideClass::supervisor,
     "What came back is made good, and stands in the dock under a new serial.",
     relabel_arguments,
     plan_refurbish,
     read_new_serial},
    {"count_open",
     "R-48",
     OverrideClass::operator_confirms,
     "A place is counted from now on.",
     place_arguments,
     plan_count_open,
     read_count},
    {"count_goods",
     "R-48",
     OverrideClass::operator_confirms,
     "So many of a lot were counted at the place.",
     count_arguments,
     plan_count_goods,
     read_count},
    {"count_close",
     "R-48",
     OverrideClass::operator_confirms,
     "The count of a place ends: what was not seen is told, what differs is a card.",
     place_arguments,
     plan_count_close,
     read_count},
    {"adjust",
     "R-30",
     OverrideClass::supervisor,
     "The books of a counted lot follow what was counted at a place.",
     count_arguments,
     plan_adjust},
    {"check_balances",
     "R-31",
     OverrideClass::operator_confirms,
     "What came in of each counted lot is here, shipped or gone; the gateway looks once a day.",
     {},
     plan_check_balances,
     read_broken,
     true},
    {"park_scan",
     "R-57",
     OverrideClass::operator_confirms,
     "A scan that ended the gateway twice is refused from now on; the gateway does it at its "
     "start.",
     park_arguments,
     plan_park_scan,
     nullptr,
     true},
    {"expire",
     "R-12",
     OverrideClass::operator_confirms,
     "What expired in the building is held; the gateway does it after each midnight of the site.",
     {},
     plan_expire,
     read_expired,
     true},
    {"putaway_overdue",
     "R-23",
     OverrideClass::operator_confirms,
     "Units that wait at a dock longer than the site allows are a card; the gateway looks each "
     "hour.",
     overdue_arguments,
     plan_putaway_overdue,
     read_overdue,
     true},
    {"cancel_allocation",
     "R-24",
     OverrideClass::operator_confirms,
     "What an order was promised and has not fetched is free for others.",
     order_arguments,
     plan_cancel_allocation,
     read_promises},
    {"unpick",
     "R-29",
     OverrideClass::operator_confirms,
     "What was picked and is not wanted goes back into a bin.",
     unpick_arguments,
     plan_unpick,
     read_picked,
     false,
     {},
     true},
    {"unpack",
     "R-36",
     OverrideClass::supervisor,
     "A closed carton is opened: its label is void, its goods are picked.",
     carton_arguments,
     plan_unpack,
     read_carton},
    {"unship",
     "R-51",
     OverrideClass::two_people,
     "A loaded carton or pallet that has not left the yard comes back: it is packed, not shipped.",
     unship_arguments,
     plan_unship,
     read_carton},
    {"break_pallet",
     "G-11",
     OverrideClass::operator_confirms,
     "A pallet is taken apart: what stood on it stands by itself, and its label is void.",
     pallet_arguments,
     plan_break_pallet,
     read_pallet},
    {"replace_device",
     "R-61",
     OverrideClass::supervisor,
     "Another unit takes the place of a device: `lotgate devices replace` does it.",
     replace_device_arguments,
     plan_replace_device,
     nullptr,
     false,
     "lotgate devices replace"},
    {"simulate_scan",
     "R-61",
     OverrideClass::supervisor,
     "A scan is given in by hand in the place of a device: `lotgate devices inject` does it.",
     simulate_scan_arguments,
     plan_simulate_scan,
     nullptr,
     false,
     "lotgate devices inject"},
    {"reprint",
     "R-36",
     OverrideClass::supervisor,
     "A label is printed again: under a new number with the old one void, or marked as a copy "
     "where "
     "the first is destroyed.",
     reprint_arguments,
     plan_reprint,
     read_reprint},
    {"label_unit",
     "R-36",
     OverrideClass::operator_confirms,
     "A unit without a serial gets one from the site's range, and its label.",
     label_unit_arguments,
     plan_label_unit,
     read_unit_number},
    {"label_lot",
     "R-36",
     OverrideClass::operator_confirms,
     "Goods without a lot get one from the site's range, and its label.",
     label_lot_arguments,
     plan_label_lot,
     read_lot_number},
    {"archive",
     "R-54",
     OverrideClass::operator_confirms,
     "The oldest events stand in an archive file from now on: `lotgate archive --to` does it.",
     archive_arguments,
     plan_archive,
     read_archive},
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
