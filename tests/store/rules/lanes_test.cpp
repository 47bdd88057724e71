// Which lane a carton gets, over facts made by hand: its own, round again, overflow, exception.

#include "store/rules/every_rule.hpp"
#include "store/rules/lane_choice.hpp"

#include <catch2/catch.hpp>

#include <memory>

using namespace lotgate;
using namespace lotgate::rules;

namespace {

Attempt carton_at_divert() {
    Attempt attempt;
    attempt.step = Step::divert;
    attempt.station = "ST-1";
    attempt.site_date = *parse_date("2026-11-22");
    attempt.policy = std::make_shared<StationPolicy>();
    attempt.what.sscc = *Sscc::parse("095060000000001005");
    return attempt;
}

Facts packed_carton() {
    Facts facts;
    facts.intent = Intent::route_carton;
    facts.carton = CartonFacts{};
    facts.carton->state = "PACKED";
    facts.carton->kind = "carton";
    facts.carton->station = "ST-1";
    facts.document = DocumentFacts{};
    facts.document->id = "SO-1";
    facts.document->kind = "order";
    facts.document->state = "open";
    return facts;
}

}  // namespace

TEST_CASE("a carton without a route's lane goes to the exception lane", "[rules][G-07]") {
    Facts facts = packed_carton();
    facts.document->route = "NORTH";
    Attempt attempt = carton_at_divert();
    CHECK(route_has_a_lane(facts, attempt).code == "NO_LANE");
    auto policy = std::make_shared<StationPolicy>();
    policy->lane_by_route = {{"NORTH", 3}};
    attempt.policy = policy;
    CHECK(route_has_a_lane(facts, attempt).accepted());
}

TEST_CASE(
    "a carton's lane is that of its product, its order, its customer, its route, in this order",
    "[rules][G-07]") {
    Facts facts = packed_carton();
    facts.document->id = "SO-1";
    facts.document->party = "ACME";
    facts.document->route = "NORTH";
    facts.contents.resize(2);
    facts.contents[0].gtin = facts.contents[1].gtin = "09506000134352";
    StationPolicy policy;
    CHECK_FALSE(lane_for(facts, policy));
    policy.lane_by_route = {{"NORTH", 1}};
    CHECK(lane_for(facts, policy) == 1);
    policy.lane_by_customer = {{"ACME", 2}};
    CHECK(lane_for(facts, policy) == 2);
    policy.lane_by_order = {{"SO-1", 3}};
    CHECK(lane_for(facts, policy) == 3);
    policy.lane_by_product = {{"09506000134352", 4}};
    CHECK(lane_for(facts, policy) == 4);
    facts.contents[1].gtin = "09506000134369";  // mixed: no lane of a product
    CHECK(lane_for(facts, policy) == 3);
}

TEST_CASE("a full lane sends its carton round, and at last to the overflow lane", "[rules][G-07]") {
    Facts facts = packed_carton();
    facts.document->route = "NORTH";
    auto policy = std::make_shared<StationPolicy>();
    policy->lane_by_route = {{"NORTH", 3}};
    policy->lane_exception = 9;
    Attempt attempt = carton_at_divert();
    attempt.policy = policy;
    attempt.divert = DivertContext{};
    attempt.divert->lanes_full = 0b0100;
    CHECK(choose_lane(facts, attempt, Verdict{}).did == "routed");  // another one is full
    attempt.divert->lanes_full = 0b1000;
    CHECK(choose_lane(facts, attempt, Verdict{}).lane == 9);  // nothing else is configured
    policy->lane_overflow = 7;
    CHECK(choose_lane(facts, attempt, Verdict{}).lane == 7);
    policy->lane_recirculate = 8;
    policy->recirculations_max = 2;
    CHECK(choose_lane(facts, attempt, Verdict{}).lane == 8);
    attempt.divert->recirculated = 1;
    CHECK(choose_lane(facts, attempt, Verdict{}).did == "recirculated");
    attempt.divert->recirculated = 2;
    CHECK(choose_lane(facts, attempt, Verdict{}).did == "sent_to_overflow_lane");
    attempt.divert->lanes_full = 0b1000'1000;
    CHECK(choose_lane(facts, attempt, Verdict{}).did == "sent_to_exception_lane");
}

TEST_CASE("held goods go to the reject lane, what could not be read to the exception lane",
          "[rules][G-07]") {
    const Facts facts;
    auto policy = std::make_shared<StationPolicy>();
    policy->lane_exception = 9;
    Attempt attempt = carton_at_divert();
    attempt.policy = policy;
    Verdict held;
    held.decision = Decision::divert;
    held.code = "ON_HOLD_RECALL";
    CHECK(choose_lane(facts, attempt, held).lane == 9);
    policy->lane_reject = 6;
    CHECK(choose_lane(facts, attempt, held).lane == 6);
    held.code = "NOREAD";
    CHECK(choose_lane(facts, attempt, held).lane == 9);
}
