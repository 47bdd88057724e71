// Of which reads the rules of returns, holds and labels speak, and what they need.

#include "tests/store/rules/guards.hpp"

using namespace lotgate;
using namespace lotgate::rules;
using namespace lotgate::rules::guards;

namespace {

const std::vector<Row>& back_again() {
    static const std::vector<Row> rows{
        {"R-42",
         serial_is_known,
         "RETURN_NO_OUTBOUND",
         Step::take_back,
         {take_unit},
         "product serial",
         "document lot",
         [](Scene& s) { s.facts.unit.reset(); }},
        {"R-43",
         return_is_of_party,
         "RETURN_WRONG_PARTY",
         Step::take_back,
         {take_unit},
         "document",
         "product unit lot",
         [](Scene& s) {
             s.facts.document->kind = "rma";
             s.facts.lines.clear();
         }},
        {"R-44",
         return_was_sold,
         "NEVER_SOLD",
         Step::take_back,
         {take_unit},
         "product unit",
         "document lot",
         [](Scene&) {}},
        {"R-45",
         return_lot_was_shipped,
         "RETURN_LOT_NOT_SHIPPED",
         Step::take_back,
         {take_unit},
         "product",
         "document unit lot",
         [](Scene& s) { s.facts.product->serial_tracked = false; }},
        {"R-46",
         return_is_verified,
         "RETURN_UNVERIFIED",
         Step::take_back,
         {take_unit},
         "product",
         "document unit lot",
         [](Scene& s) { s.facts.product->regimes = "dscsa"; }},
        {"R-47",
         return_is_graded,
         "RETURN_NOT_GRADED",
         Step::putaway,
         {take_unit},
         "unit",
         "product document lot",
         [](Scene& s) { s.facts.unit->state = UnitState::returned; }},
        {"R-47",
         grade_is_known,
         "GRADE_UNKNOWN",
         Step::take_back,
         {choose_grade},
         "",
         "product document unit",
         [](Scene& s) { s.facts.spoken = "Z"; }},
        {"R-47",
         return_has_a_lane,
         "NOT_RETURNED",
         Step::divert,
         {route_return},
         "",
         "product document unit",
         [](Scene&) {}},
        {"G-02",
         step_is_in_service,
         "NOT_IN_SERVICE",
         Step::divert,
         {not_in_service},
         "",
         "product document unit",
         [](Scene&) {}},
        {"G-21",
         badge_is_known,
         "BADGE_UNKNOWN",
         Step::pick,
         {show_badge},
         "",
         "product document unit",
         [](Scene& s) { s.facts.spoken = "A-1"; }},
        {"R-18",
         nothing_is_on_hold,
         "ON_HOLD_DAMAGED",
         Step::pick,
         {},
         "",
         "product document unit",
         [](Scene& s) {
             s.facts.holds = {{"H-1", "damaged", "", "x"}};
         }},
        {"R-19",
         lot_is_not_recalled,
         "RECALLED_LOT",
         Step::pick,
         {},
         "",
         "product document unit",
         [](Scene& s) {
             s.facts.holds = {{"H-1", "recall", "", "x"}};
         }},
        {"G-06",
         label_number_is_left,
         "SSCC_RANGE_EMPTY",
         Step::pack,
         {},
         "",
         "product document unit",
         [](Scene& s) { s.facts.carton_will_close = true; }},
        {"R-36",
         label_is_the_live_one,
         "LABEL_DUP_LIVE",
         Step::ship,
         {},
         "sscc",
         "product document unit carton",
         [](Scene& s) {
             s.attempt.what.sscc = *Sscc::parse("095060000000001005");
             s.facts.replaced_by = "none";
         }},
    };
    return rows;
}

}  // namespace

TEST_CASE("a rule of returns and holds speaks of the reads it is for and of no others",
          "[rules][guards]") {
    keeps_to_its_matter(back_again());
}

TEST_CASE("a rule of returns that lacks what it judges by keeps silent, and misses nothing else",
          "[rules][guards]") {
    knows_what_it_needs(back_again());
}
