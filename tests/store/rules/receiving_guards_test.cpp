// Of which reads the rules of receiving, putting away and counting speak, and what they need.

#include "tests/store/rules/guards.hpp"

using namespace lotgate;
using namespace lotgate::rules;
using namespace lotgate::rules::guards;

namespace {

const std::vector<Row>& inward() {
    static const std::vector<Row> rows{
        {"R-01",
         product_is_known,
         "PRODUCT_UNKNOWN",
         Step::receive,
         {take_unit},
         "",
         "document",
         [](Scene& s) { s.facts.product.reset(); }},
        {"R-02",
         product_is_ours,
         "OWNER_MISMATCH",
         Step::receive,
         {take_unit},
         "product document",
         "unit lot party",
         [](Scene& s) {
             s.facts.product->owner = "O-1";
             s.facts.document->owner = "O-2";
         }},
        {"R-02",
         product_is_ours,
         "PRODUCT_DISCONTINUED",
         Step::receive,
         {take_unit},
         "product",
         "unit document",
         [](Scene& s) { s.facts.product->status = "discontinued"; }},
        {"G-09",
         label_fits_pattern,
         "SERIAL_PATTERN",
         Step::receive,
         {take_unit},
         "product serial",
         "document unit lot",
         [](Scene& s) { s.facts.product->serial_pattern = "X+"; }},
        {"N-06",
         identifiers_are_plain,
         "NONASCII_ID",
         Step::receive,
         {take_unit},
         "",
         "product serial document",
         [](Scene& s) { s.attempt.what.lot = *Lot::parse("L-\xc3\xa9"); }},
        {"R-03",
         serial_is_given,
         "SERIAL_REQUIRED",
         Step::receive,
         {take_unit},
         "product",
         "document unit",
         [](Scene& s) { s.attempt.what.serial.reset(); }},
        {"R-04",
         lot_is_given,
         "LOT_REQUIRED",
         Step::receive,
         {take_unit},
         "product",
         "document unit",
         [](Scene& s) { s.attempt.what.lot.reset(); }},
        {"R-05",
         serial_is_new,
         "SERIAL_DUPLICATE",
         Step::receive,
         {take_unit},
         "unit",
         "product document",
         [](Scene&) {}},
        {"R-05",
         serial_is_new,
         "SERIAL_DUPLICATE",
         Step::receive,
         {take_unit},
         "",
         "product document",
         [](Scene& s) {
             s.facts.unit.reset();
             s.facts.twin = TwinFacts{"09506000134369", "S-1", UnitState::received};
         }},
        {"R-06",
         serial_has_no_near_twin,
         "SERIAL_NEAR_DUP",
         Step::receive,
         {},
         "",
         "product document",
         [](Scene& s) {
             s.facts.unit.reset();
             s.facts.near_serial = "s1";
         }},
        {"R-07",
         serial_is_not_retired,
         "SERIAL_RETIRED",
         Step::receive,
         {take_unit},
         "unit",
         "product document",
         [](Scene& s) { s.facts.unit->state = UnitState::scrapped; }},
        {"R-08",
         serial_is_announced,
         "SERIAL_NOT_ON_ASN",
         Step::receive,
         {take_unit},
         "product serial document lines",
         "lot party",
         [](Scene& s) {
             s.facts.unit.reset();
             s.facts.lines.front().has_serials = true;
         }},
        {"R-10",
         label_agrees_with_asn,
         "LOT_MISMATCH_FOR_SERIAL",
         Step::receive,
         {},
         "unit serial label_lot",
         "product document lot",
         [](Scene& s) {
             s.facts.unit->state = UnitState::expected;
             s.facts.unit->lot_key = "l-9";
         }},
        {"R-11",
         receipt_is_within_order,
         "OVER_RECEIPT",
         Step::receive,
         {take_unit},
         "product document serial",
         "lot lines",
         [](Scene& s) {
             s.facts.unit.reset();
             s.facts.lines.front().done = 5;
         }},
        {"R-12",
         not_expired_at_receipt,
         "EXPIRED_AT_RECEIPT",
         Step::receive,
         {take_unit},
         "product lot",
         "document unit",
         [](Scene& s) { s.facts.lot->expires_on = day("2026-11-21"); }},
        {"R-13",
         shelf_life_is_enough,
         "SHELF_LIFE_SHORT_IN",
         Step::receive,
         {take_unit},
         "product lot",
         "document unit",
         [](Scene& s) {
             s.facts.lot->expires_on = day("2026-11-24");
             s.facts.product->min_life_in_days = 3;
         }},
        {"R-15",
         lot_has_one_expiry,
         "LOT_EXPIRY_CONFLICT",
         Step::receive,
         {take_unit},
         "lot",
         "product document",
         [](Scene& s) {
             s.facts.lot->expires_on = day("2026-12-24");
             s.attempt.what.expires_on = day("2026-12-25");
         }},
        {"R-16",
         expiry_is_given,
         "EXPIRY_MISSING",
         Step::receive,
         {take_unit},
         "product",
         "lot document unit",
         [](Scene& s) { s.facts.product->expiry_required = true; }},
        {"R-17",
         expiry_is_plausible,
         "EXPIRY_IMPLAUSIBLE",
         Step::receive,
         {take_unit},
         "product",
         "lot document unit",
         [](Scene& s) {
             s.attempt.what.expires_on = day("2026-12-25");
             s.facts.product->life_days_max = 10;
         }},
        {"R-20",
         product_is_not_suspect,
         "SUSPECT_PRODUCT",
         Step::receive,
         {take_unit},
         "product unit serial",
         "document lot",
         [](Scene& s) {
             s.facts.product->regimes = "rx";
             s.facts.unit->state = UnitState::expected;
             s.facts.unit->lot_key = "l-9";
         }},
        {"R-60",
         traceability_is_complete,
         "KDE_MISSING_IN",
         Step::receive,
         {take_unit},
         "product",
         "document party unit",
         [](Scene& s) { s.facts.product->regimes = "fsma204"; }},
        {"N-11",
         expiry_has_a_day,
         "EXP_DAY00_REGULATED",
         Step::receive,
         {},
         "product",
         "document unit",
         [](Scene& s) {
             s.facts.product->regimes = "rx";
             s.attempt.what.expiry_day_zero = true;
         }},
        {"R-12",
         best_before_is_ahead,
         "BEST_BEFORE_PASSED",
         Step::receive,
         {take_unit},
         "product lot",
         "document unit",
         [](Scene& s) { s.facts.lot->sell_by = day("2026-11-21"); }},
        {"N-09",
         near_match_is_shown,
         "NEAR_MATCH_HINT",
         Step::receive,
         {},
         "serial",
         "product document unit",
         [](Scene& s) { s.facts.near_match = "S-I"; }},
        {"R-18",
         hold_list_is_fresh,
         "HOLDLIST_STALE",
         Step::receive,
         {take_unit},
         "product",
         "document unit",
         [](Scene& s) { s.facts.product->hold_max_age_min = 15; }},
        {"R-38",
         documents_are_fresh,
         "DOC_STALE",
         Step::receive,
         {take_unit},
         "product document",
         "unit lot",
         [](Scene& s) { s.facts.product->doc_max_age_min = 15; }},
        {"R-61",
         capture_is_certain,
         "LOW_CONFIDENCE",
         Step::receive,
         {take_unit},
         "",
         "product document unit",
         [](Scene& s) { s.attempt.observation.capture = "SLOT"; }},
        {"R-22",
         held_goods_go_to_quarantine,
         "HELD_TO_PICKABLE",
         Step::putaway,
         {take_unit, move_container},
         "location",
         "product document unit",
         [](Scene& s) {
             s.facts.location = LocationFacts{};
             s.facts.holds = {{"H-1", "damaged", "", "x"}};
         }},
        {"R-21",
         location_takes_lot,
         "LOT_MIX_LOCATION",
         Step::putaway,
         {take_unit, move_container},
         "location",
         "product document unit lot",
         [](Scene& s) {
             s.facts.location = LocationFacts{};
             s.facts.location->lot_mix = "forbid";
             s.facts.standing = {{"09506000134352", "k-9", std::nullopt}};
             content_like_the_unit(s);
         }},
        {"G-10",
         pallet_is_received,
         "PALLET_NOT_RECEIVED",
         Step::putaway,
         {move_container},
         "",
         "product document unit lot",
         [](Scene&) {}},
        {"R-48",
         count_agrees,
         "COUNT_ELSEWHERE",
         Step::count,
         {take_unit},
         "product serial",
         "document lot",
         [](Scene& s) { s.facts.unit->location = "ST-9"; }},
    };
    return rows;
}

}  // namespace

TEST_CASE("a rule of receiving speaks of the reads it is for and of no others", "[rules][guards]") {
    keeps_to_its_matter(inward());
}

TEST_CASE("a rule of receiving that lacks what it judges by keeps silent, and misses nothing else",
          "[rules][guards]") {
    knows_what_it_needs(inward());
}
