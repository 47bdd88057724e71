// The exceptions of single rules: where two conditions must both hold, each of them alone.

#include "store/rules/ship_date.hpp"
#include "tests/store/rules/guards.hpp"

using namespace lotgate;
using namespace lotgate::rules;
using namespace lotgate::rules::guards;

TEST_CASE("work on one day of the week, or on all of them", "[rules][ship_date]") {
    ShipCalendar calendar;
    calendar.working_days = *working_days_named("mon");
    CHECK(business_ship_date(day("2026-11-24"), 0, calendar) == day("2026-11-30"));
    CHECK(business_ship_date(day("2026-11-25"), 0, calendar) == day("2026-11-30"));
    calendar.working_days = 0;
    CHECK(business_ship_date(day("2026-11-24"), 0, calendar) == day("2026-11-24"));
}

TEST_CASE("what an operator may confirm wants no reason", "[rules][override]") {
    Scene scene = everything();
    scene.attempt.step = Step::pack;
    scene.facts.intent = Intent::open_document;
    scene.facts.scanned_document->station = "ST-2";
    CHECK(judge(scene.facts, scene.attempt).verdict.code == "WRONG_PACK_STATION");
    CHECK(judge(scene.facts, scene.attempt).verdict.blocks());
    Authority authority;
    authority.badge = "A-1";
    authority.role = "operator";
    scene.attempt.authority = authority;
    scene.facts.person = PersonFacts{};
    CHECK(judge(scene.facts, scene.attempt).verdict.decision == Decision::warn);
}

TEST_CASE("a duplicate serial is told with where the other one is", "[rules][R-05]") {
    Scene scene = everything();
    scene.attempt.step = Step::receive;
    scene.facts.intent = Intent::take_unit;
    const auto told = [&](UnitState state) {
        scene.facts.unit->state = state;
        return serial_is_new(scene.facts, scene.attempt).told;
    };
    scene.facts.unit->location = "A-01";
    CHECK(told(UnitState::received).find("and is at A-01.") != std::string::npos);
    CHECK(told(UnitState::shipped).find("and is shipped.") != std::string::npos);
}

TEST_CASE("a unit that is here says nothing about a carton that is not loaded", "[rules][N-13]") {
    Scene scene = everything();
    scene.attempt.step = Step::ship;
    scene.facts.intent = Intent::load_carton;
    scene.facts.unit->state = UnitState::shipped;
    scene.facts.unit->location = "ST-1";
    scene.facts.last_read = LastReadFacts{};
    scene.facts.last_read->did = "loaded";
    CHECK(second_read_of_one(scene.facts, scene.attempt).code.empty());
}

TEST_CASE("a pattern of serials has no say in a lot", "[rules][N-03]") {
    Scene scene = everything();
    scene.attempt.step = Step::receive;
    scene.facts.lines.clear();
    scene.facts.product->serial_pattern = "S-[0-9]";
    scene.attempt.observation.other_readings = {{"L", "S-1", "(10)L"}};
    CHECK(separator_was_read(scene.facts, scene.attempt).accepted());
    scene.facts.product->serial_pattern.clear();
    scene.attempt.observation.other_readings = {{"", "S", "(21)S"}};
    CHECK(separator_was_read(scene.facts, scene.attempt).accepted());
    scene.facts.product->lot_pattern = "L.*";
    scene.attempt.observation.other_readings = {{"L-2", "S", "(21)S"}};
    CHECK(separator_was_read(scene.facts, scene.attempt).accepted());
}

TEST_CASE("a hold is named before a warning that was found first", "[rules]") {
    Scene scene = everything();
    scene.attempt.step = Step::receive;
    scene.facts.intent = Intent::take_unit;
    scene.facts.unit->state = UnitState::expected;
    scene.facts.unit->document = "SO-1";
    scene.attempt.what.lot = *Lot::parse("L\x80");
    CHECK(judge(scene.facts, scene.attempt).verdict.code == "NONASCII_ID");
    scene.attempt.what.expires_on = day("2026-11-21");
    CHECK(judge(scene.facts, scene.attempt).verdict.code == "EXPIRED_AT_RECEIPT");
    scene.facts.unit->state = UnitState::in_inventory;  // R-05 speaks of it
    CHECK(state_allows_step(scene.facts, scene.attempt).accepted());
}

TEST_CASE("lots that stand mixed already are no fault of what comes", "[rules][R-21]") {
    Scene scene = everything();
    scene.attempt.step = Step::putaway;
    scene.facts.intent = Intent::take_unit;
    scene.facts.location = LocationFacts{};
    scene.facts.location->lot_mix = "forbid";
    scene.facts.standing = {{"09506000134369", "k-1", std::nullopt},
                            {"09506000134369", "k-2", std::nullopt}};
    CHECK(location_takes_lot(scene.facts, scene.attempt).accepted());
}

TEST_CASE("an opened carton's label and a replaced one are told apart", "[rules][R-36]") {
    Scene scene = everything();
    scene.attempt.what.sscc = *Sscc::parse("095060000000001005");
    scene.facts.replaced_by = "none";
    CHECK(label_is_the_live_one(scene.facts, scene.attempt).told.find("was opened") !=
          std::string::npos);
    scene.facts.replaced_by = "095060000000001012";
    CHECK(label_is_the_live_one(scene.facts, scene.attempt).told.find("was replaced by") !=
          std::string::npos);
    scene.attempt.observation.age_ms = 60'000;
    CHECK(scan_is_fresh(scene.facts, scene.attempt).told.find("is 60 s old") != std::string::npos);
}
