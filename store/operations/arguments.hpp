#pragma once

// What each operation is asked for, in the order in which a person would say it. For table.cpp
// alone, which names the operation that it belongs to.

#include "store/operations/table.hpp"

#include <array>

namespace lotgate::store::arguments {

using enum ArgumentKind;

inline constexpr std::array place_hold_arguments = std::to_array<Argument>({
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

inline constexpr std::array lift_hold_arguments = std::to_array<Argument>({
    {"hold", text, true, "the number of the hold; the trace of what is held lists it"},
});

inline constexpr std::array close_receipt_arguments = std::to_array<Argument>({
    {"document", document, true, "the ASN"},
});

inline constexpr std::array undo_receive_arguments = std::to_array<Argument>({
    {"gtin", gtin, true, "of the unit"},
    {"serial", serial, true, "of the unit"},
});

inline constexpr std::array import_rows_arguments = std::to_array<Argument>({
    {"import", text, true, "which file: every slice of it has the same"},
    {"kind", word, true, "what it holds", "products lots locations parties asn orders stock"},
    {"rows", quantity, true, "items of the whole file"},
    {"items", items, true, "this slice of it"},
    {"changed",
     quantity,
     false,
     "of stock: what the whole file changes, in thousandths of a unit of measure"},
});
inline constexpr Argument import_needed{"import", text, true, "which file"};
inline constexpr std::array import_stage_arguments = std::to_array<Argument>({
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
inline constexpr std::array import_publish_arguments{
    import_needed, Argument{"rows", quantity, true, "items of the whole file"}};
inline constexpr std::array import_drop_arguments{import_needed};
inline constexpr std::array import_apply_arguments{
    import_needed,
    Argument{"through", quantity, false, "what is left up to this place of the file"},
    Argument{"places", items, false, "or these places of the file"},
    Argument{"leave_out",
             word,
             false,
             "yes: they cannot be written, and are a case; dropped: nobody put them in force",
             "yes dropped"}};
inline constexpr std::array outage_arguments{
    Argument{"outage", word, true, "what could not be seen", "device cloud gateway"},
    Argument{"name", text, true, "of the device"},
    Argument{"since", text, false, "when it began"},
    Argument{"until", text, false, "when it was over"}};
inline constexpr Argument gtin_needed{"gtin", gtin, true, "of the product"};
inline constexpr Argument serial_needed{"serial", serial, true, "of the unit"};
inline constexpr Argument serial_maybe{
    "serial", serial, false, "of the unit, where serials are tracked"};
inline constexpr Argument lot_needed{"lot", lot, true, "of the goods"};
inline constexpr Argument lot_maybe{"lot", lot, false, "of goods counted by lot"};
inline constexpr Argument quantity_maybe{"quantity", quantity, false, "of goods counted by lot"};
inline constexpr Argument from_maybe{
    "from", place, false, "where the counted goods stand; else the largest heap is taken first"};
inline constexpr Argument place_needed{"place", place, true, "the location"};

inline constexpr std::array scrap_arguments{
    gtin_needed, serial_maybe, lot_maybe, quantity_maybe, from_maybe};
inline constexpr std::array unit_arguments{gtin_needed, serial_needed};
inline constexpr std::array relabel_arguments{
    gtin_needed, serial_needed, Argument{"new_serial", serial, true, "what it is called now"}};
inline constexpr std::array vendor_arguments{
    gtin_needed,
    Argument{"document", document, true, "code of the return to the vendor; made where it is new"},
    serial_maybe,
    lot_maybe,
    quantity_maybe,
    from_maybe};
inline constexpr std::array found_arguments{
    gtin_needed, serial_needed, Argument{"place", place, false, "where it was found"}};
inline constexpr std::array split_arguments{
    gtin_needed,
    lot_needed,
    Argument{"quantity", quantity, true, "that leaves the lot"},
    Argument{"new_lot", lot, true, "what that is called"},
    from_maybe};
inline constexpr std::array merge_arguments{
    gtin_needed, lot_needed, Argument{"into_lot", lot, true, "the lot that takes it in"}};
inline constexpr std::array move_arguments{
    gtin_needed, place_needed, serial_maybe, lot_maybe, quantity_maybe, from_maybe};
inline constexpr std::array grade_arguments{
    gtin_needed,
    serial_needed,
    Argument{"grade", word, true, "what it is still worth", "A B C D"},
    Argument{"route",
             word,
             false,
             "where it goes on; else by grade: A restock, B repair, C recycle, D scrap",
             "restock repair recycle scrap"}};
inline constexpr std::array place_arguments{place_needed};
inline constexpr std::array count_arguments{
    place_needed,
    gtin_needed,
    lot_needed,
    Argument{"quantity", quantity, true, "that was counted"}};
inline constexpr std::array recall_arguments{
    Argument{
        "target", target, true, "what is recalled: lot:GTIN/LOT, product:GTIN, unit:GTIN/SERIAL"},
    Argument{"class", word, false, "of the recall", "I II III"},
    Argument{"note", text, false, "for the card of the hold"},
    Argument{"effective_at",
             text,
             false,
             "when it was decided (2026-11-22T08:00:00Z): what left after that is listed apart"},
    Argument{"drill", word, false, "yes: says what it would do and changes nothing", "yes no"}};

inline constexpr std::array park_arguments{
    Argument{"identity", text, true, "of station, step and bytes"},
    Argument{"step", text, true, "what the station does"},
    Argument{"raw_hex", hex, true, "the bytes that were scanned"}};

inline constexpr std::array overdue_arguments{
    Argument{"minutes", quantity, true, "that a received unit may wait"}};

inline constexpr std::array unpick_arguments = std::to_array<Argument>({
    {"gtin", gtin, true, "of the product"},
    {"place", place, true, "the bin it goes back to"},
    {"serial", serial, false, "of the unit, where serials are tracked"},
    {"document", document, false, "the order, for goods counted by lot"},
    {"lot", lot, false, "of goods counted by lot"},
    {"quantity", quantity, false, "of goods counted by lot"},
});

inline constexpr std::array order_arguments = std::to_array<Argument>({
    {"document", document, true, "code of the order"},
});

inline constexpr std::array carton_arguments = std::to_array<Argument>({
    {"sscc", sscc, true, "of the carton"},
});

inline constexpr std::array pallet_arguments = std::to_array<Argument>({
    {"sscc", sscc, true, "of the pallet"},
});

inline constexpr std::array unship_arguments = std::to_array<Argument>({
    {"sscc", sscc, true, "of the carton, or of a pallet that was loaded as a whole"},
    {"where", word, true, "where it stands", "yard sealed_trailer"},
});

inline constexpr Argument device_needed{"device", text, true, "its id"};
inline constexpr std::array replace_device_arguments{
    device_needed,
    Argument{"unit", text, true, "the unit that is plugged in: vendor:product:serial"},
    Argument{"declared", text, true, "the unit that the configuration names"}};
inline constexpr std::array simulate_scan_arguments{
    device_needed, Argument{"code", text, false, "as it was given in; none is a no-read"}};
inline constexpr std::array reprint_arguments = std::to_array<Argument>({
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

inline constexpr std::array label_unit_arguments = std::to_array<Argument>({
    {"gtin", gtin, true, "the product"},
    {"printer", text, true, "the printer"},
    {"lot", lot, false, "its lot, where the product is tracked by lot too"},
    {"expires_on", date, false, "its expiry date, YYYY-MM-DD"},
    {"template", text, false, "the label; without it, unit"},
});

inline constexpr std::array label_lot_arguments = std::to_array<Argument>({
    {"gtin", gtin, true, "the product"},
    {"printer", text, true, "the printer"},
    {"expires_on", date, false, "the lot's expiry date, YYYY-MM-DD"},
    {"template", text, false, "the label; without it, lot"},
});

inline constexpr std::array archive_arguments = std::to_array<Argument>({
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

}  // namespace lotgate::store::arguments
