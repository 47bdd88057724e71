// Of which reads the rules of the way out speak, and what they need.

#include "tests/store/rules/guards.hpp"

using namespace lotgate;
using namespace lotgate::rules;
using namespace lotgate::rules::guards;

namespace {

const std::vector<Row>& outward() {
    static const std::vector<Row> rows{
        {"R-14",
         life_is_enough,
         "SHELF_LIFE_SHORT_OUT",
         Step::pick,
         {take_unit},
         "document lot party",
         "product unit lines",
         [](Scene& s) {
             s.facts.lot->expires_on = day("2026-11-24");
             s.facts.party->min_life_out_days = 3;
         }},
        {"R-14",
         life_is_enough,
         "SHELF_LIFE_SHORT_OUT",
         Step::ship,
         {route_carton, load_carton},
         "document party contents",
         "product unit carton lines",
         [](Scene& s) {
             content_like_the_unit(s);
             s.facts.contents.front().expires_on = day("2026-11-24");
             s.facts.party->min_life_out_days = 3;
         }},
        {"R-25",
         earlier_lot_goes_first,
         "FEFO_VIOLATION",
         Step::pick,
         {take_unit},
         "product document lines",
         "unit lot party",
         [](Scene& s) {
             s.policy->rotation = "FEFO";
             Candidate early;
             early.lot_key = "l-1";
             early.quantity = 1;
             early.expires_on = day("2026-12-01");
             s.facts.lot->expires_on = day("2026-12-31");
             s.facts.shelf = {early};
         }},
        {"R-24",
         promise_is_kept,
         "WRONG_SERIAL",
         Step::pick,
         {take_unit},
         "product document unit",
         "lot lines party",
         [](Scene& s) { s.facts.unit->order = "SO-2"; }},
        {"R-24",
         promise_is_kept,
         "WRONG_LOT",
         Step::pick,
         {take_unit},
         "product document lines",
         "unit lot party",
         [](Scene& s) {
             PromiseFacts promise;
             promise.lot_key = "l-9";
             s.facts.promised = {promise};
             s.facts.lines.front().allocation = "lot";
         }},
        {"R-27",
         stock_is_eligible,
         "INSUFFICIENT_ELIGIBLE",
         Step::pick,
         {open_document},
         "",
         "product document unit",
         [](Scene& s) {
             AskFacts ask;
             ask.need.quantity = 1;
             s.facts.asks = {ask};
         }},
        {"R-28",
         one_lot_an_order,
         "SINGLE_LOT_REQUIRED",
         Step::pick,
         {take_unit},
         "document",
         "unit lot lines party",
         [](Scene& s) {
             s.facts.product->single_lot = true;
             s.facts.lots_taken = {"l-9"};
         }},
        {"R-29",
         state_allows_step,
         "BAD_STATE_EXPECTED_PICKED",
         Step::pick,
         {take_unit},
         "product serial unit",
         "document lot lines",
         [](Scene& s) { s.facts.unit->state = UnitState::expected; }},
        {"R-30",
         stock_covers_it,
         "LOT_NEGATIVE",
         Step::pick,
         {take_unit},
         "product",
         "document unit lot",
         [](Scene& s) { s.facts.product->serial_tracked = false; }},
        {"R-32",
         unit_is_on_order,
         "WRONG_ORDER",
         Step::pack,
         {take_unit},
         "product document",
         "unit lot",
         [](Scene& s) { s.facts.lines.clear(); }},
        {"R-34",
         order_has_room,
         "PACK_EXTRA",
         Step::pack,
         {take_unit},
         "document lines",
         "unit lot party",
         [](Scene& s) { s.facts.lines.front().done = 5; }},
        {"R-32",
         unit_is_picked_first,
         "NOT_PICKED",
         Step::pack,
         {take_unit},
         "product unit",
         "document lot",
         [](Scene& s) { s.policy->packs_unpicked = false; }},
        {"R-33",
         order_is_for_this_station,
         "WRONG_PACK_STATION",
         Step::pack,
         {open_document},
         "",
         "product document unit",
         [](Scene& s) { s.facts.scanned_document->station = "ST-2"; }},
        {"R-34",
         carton_may_close,
         "PACK_INCOMPLETE",
         Step::pack,
         {close_carton},
         "document",
         "product unit carton",
         [](Scene& s) { s.policy->partial_carton = "confirm"; }},
        {"R-34",
         carton_has_contents,
         "PACK_INCOMPLETE",
         Step::pack,
         {close_carton},
         "document",
         "product unit carton",
         [](Scene&) {}},
        {"R-35",
         unit_is_not_in_this_carton,
         "REREAD",
         Step::pack,
         {take_unit},
         "unit carton",
         "product document",
         [](Scene& s) {
             s.facts.unit->state = UnitState::packed;
             s.facts.unit->container = "C-1";
         }},
        {"R-35",
         unit_is_not_packed,
         "ALREADY_PACKED",
         Step::pack,
         {take_unit},
         "unit",
         "product document carton",
         [](Scene& s) {
             s.facts.unit->state = UnitState::packed;
             s.facts.unit->container = "C-9";
         }},
        {"R-36",
         label_matches_carton,
         "LABEL_VERIFY_FAIL",
         Step::pack,
         {verify_label},
         "",
         "product document unit carton",
         [](Scene& s) { s.attempt.what.sscc = *Sscc::parse("095060000000001005"); }},
        {"R-37",
         not_shipped_before,
         "DOUBLE_SHIP",
         Step::ship,
         {take_unit},
         "unit",
         "product document carton",
         [](Scene& s) { s.facts.unit->state = UnitState::shipped; }},
        {"R-37",
         not_shipped_before,
         "DOUBLE_SHIP",
         Step::ship,
         {route_carton, load_carton},
         "carton",
         "product document unit",
         [](Scene& s) { s.facts.carton->state = "SHIPPED"; }},
        {"R-38",
         carton_is_packed,
         "NOT_PACKED",
         Step::ship,
         {route_carton, load_carton},
         "carton",
         "product document unit",
         [](Scene&) {}},
        {"R-38",
         goods_are_packed,
         "NOT_PACKED",
         Step::ship,
         {take_unit},
         "",
         "product document carton unit",
         [](Scene&) {}},
        {"R-38",
         carton_leaves_by_fresh_order,
         "DOC_STALE",
         Step::ship,
         {route_carton, load_carton},
         "document",
         "product unit carton",
         [](Scene& s) { s.facts.doc_age_s = 90'000; }},
        {"R-18",
         carton_leaves_by_fresh_holds,
         "HOLDLIST_STALE",
         Step::ship,
         {route_carton, load_carton},
         "",
         "product unit carton document",
         [](Scene& s) { s.facts.hold_age_s = 90'000; }},
        {"R-39",
         carton_is_at_its_door,
         "WRONG_DOOR",
         Step::ship,
         {take_unit, load_carton},
         "document",
         "product unit carton",
         [](Scene& s) {
             s.policy->door = "D1";
             s.facts.document->door = "D2";
         }},
        {"R-40",
         key_data_is_there,
         "KDE_MISSING",
         Step::ship,
         {take_unit, load_carton},
         "",
         "product unit carton document",
         [](Scene& s) { s.facts.data_missing = {"a lot"}; }},
        {"R-41",
         not_expired_when_leaving,
         "EXPIRED_AT_SHIP",
         Step::ship,
         {take_unit, route_carton, load_carton},
         "",
         "product document unit carton",
         [](Scene& s) {
             s.attempt.what.expires_on = day("2026-11-20");
             content_like_the_unit(s);
         }},
        {"G-07",
         route_has_a_lane,
         "NO_LANE",
         Step::divert,
         {route_carton},
         "document",
         "product unit carton",
         [](Scene&) {}},
        {"G-03",
         document_is_open,
         "NO_DOCUMENT",
         Step::pick,
         {take_unit, close_carton, each_part},
         "",
         "product unit carton",
         [](Scene& s) { s.facts.document.reset(); }},
        {"G-03",
         document_is_open,
         "ASN_CANCELLED",
         Step::receive,
         {open_document},
         "scanned",
         "product unit document",
         [](Scene& s) { s.facts.scanned_document->state = "cancelled"; }},
        {"R-38",
         order_is_alive,
         "ORDER_CANCELLED",
         Step::pick,
         {open_document},
         "scanned",
         "product unit document",
         [](Scene& s) { s.facts.scanned_document->state = "cancelled"; }},
    };
    return rows;
}

}  // namespace

TEST_CASE("a rule of the way out speaks of the reads it is for and of no others",
          "[rules][guards]") {
    keeps_to_its_matter(outward());
}

TEST_CASE(
    "a rule of the way out that lacks what it judges by keeps silent, and misses nothing else",
    "[rules][guards]") {
    knows_what_it_needs(outward());
}
