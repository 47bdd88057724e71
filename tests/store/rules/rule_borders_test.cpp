// The last value that a rule lets pass and the first that it does not: one row on each side.

#include "store/rules/every_rule.hpp"
#include "store/rules/freshness.hpp"
#include "store/rules/lane_choice.hpp"
#include "store/rules/need.hpp"
#include "store/rules/ship_date.hpp"
#include "tests/store/rules/guards.hpp"

using namespace lotgate;
using namespace lotgate::rules;
using namespace lotgate::rules::guards;

namespace {

Candidate lot(const char* key,
              const char* expires_on,
              std::int64_t seq,
              std::int64_t quantity = 5) {
    Candidate candidate;
    candidate.lot_key = key;
    candidate.place = "A-01";
    if (*expires_on != '\0') candidate.expires_on = day(expires_on);
    candidate.first_seq = seq;
    candidate.quantity = quantity;
    return candidate;
}

LineFacts line_of(std::int64_t number, const char* lot_key, std::int64_t quantity) {
    LineFacts line;
    line.line = number;
    line.lot_key = lot_key;
    line.quantity = quantity;
    return line;
}

Scene counted(Step step) {
    Scene scene = everything();
    scene.attempt.step = step;
    scene.facts.intent = Intent::take_unit;
    scene.facts.product->serial_tracked = false;
    scene.facts.unit.reset();
    scene.attempt.what.serial.reset();
    return scene;
}

Scene unit_at(Step step, UnitState state) {
    Scene scene = everything();
    scene.attempt.step = step;
    scene.facts.intent = Intent::take_unit;
    scene.facts.unit->state = state;
    return scene;
}

}  // namespace

TEST_CASE("a label's text is shown up to 60 characters, other bytes as numbers", "[rules][text]") {
    CHECK(shown(std::string(60, 'a')) == std::string(60, 'a'));
    CHECK(shown(std::string(61, 'a')) == std::string(60, 'a') + "...");
    CHECK(shown("\x1f \x7e\x7f") == "\\x1f ~\\x7f");
}

TEST_CASE("a name of a law is found as a whole word at any place", "[rules][regimes]") {
    ProductFacts product;
    product.regimes = "fsma204 iatf rx";
    for (const char* one : {"fsma204", "iatf", "rx"}) CHECK(product.is_under(one));
    for (const char* one : {"r", "rxx", "iat", "udi"}) CHECK_FALSE(product.is_under(one));
    for (const char* one : {"rx", "dscsa", "udi"}) {
        product.regimes = one;
        CHECK(product.is_regulated());
    }
}

TEST_CASE("a quantity is at least one and never more than the books can hold", "[rules][R-11]") {
    Scene scene = counted(Step::receive);
    const auto quantity = [&](std::int64_t said) {
        scene.attempt.what.quantity = said;
        return scene.facts.quantity(scene.attempt);
    };
    CHECK(quantity(0) == 1);
    CHECK(quantity(2) == 2);
    scene.facts.product->scale = 3;
    CHECK(quantity(2) == 2'000);
    CHECK(quantity(10'000'000'000'000'000) == 1'000'000'000'000'000);
    scene.facts.product->unit = "KG";
    scene.attempt.what.weight = Measure{1250, 3};
    CHECK(quantity(2) == 1250);
    scene.attempt.what.weight = Measure{1250, 4};  // finer than the product is counted
    CHECK(quantity(2) == 2'000);
    scene.facts.product->serial_tracked = true;
    CHECK(quantity(7) == 1);
}

TEST_CASE("a tolerance is a part of what was announced, rounded down", "[rules][R-11]") {
    struct Row {
        std::int64_t announced;
        std::int64_t percent;
        std::int64_t most;
    };

    const auto row = GENERATE(Row{200, 10, 220},
                              Row{110, 10, 121},
                              Row{250, 3, 257},
                              Row{9, 10, 9},
                              Row{10, 10, 11},
                              Row{100, 0, 100});
    INFO(row.announced << " and " << row.percent << " %");
    Scene scene = counted(Step::receive);
    scene.facts.lines = {line_of(1, "", row.announced)};
    scene.facts.lines[0].tolerance_percent = row.percent;
    scene.attempt.what.quantity = row.most;
    CHECK(scene.facts.line_within_tolerance(scene.attempt) != nullptr);
    scene.attempt.what.quantity = row.most + 1;
    CHECK(scene.facts.line_within_tolerance(scene.attempt) == nullptr);
    scene.facts.lines[0].done = 1;
    scene.attempt.what.quantity = row.most - 1;
    CHECK(scene.facts.line_within_tolerance(scene.attempt) != nullptr);
    scene.facts.lines[0].lot_key = "l-9";
    CHECK(scene.facts.line_within_tolerance(scene.attempt) == nullptr);
    scene.facts.lines[0].lot_key = "l-2";
    CHECK(scene.facts.line_within_tolerance(scene.attempt) != nullptr);
}

TEST_CASE("a line that names the lot is served before one that takes any", "[rules][R-24]") {
    Scene scene = counted(Step::pack);
    const auto served = [&]() -> std::int64_t {
        const LineFacts* line = scene.facts.line_with_room(scene.attempt);
        return line == nullptr ? 0 : line->line;
    };
    scene.facts.lines = {line_of(1, "", 5), line_of(2, "l-9", 5), line_of(3, "l-2", 5)};
    CHECK(served() == 3);
    scene.facts.lines[2].done = 5;
    CHECK(served() == 1);
    scene.facts.lines[0].done = 5;
    CHECK(served() == 0);
    // Full: the line it would have been.
    CHECK(line_for(scene.facts, scene.attempt)->line == 3);
    scene.attempt.what.lot.reset();
    CHECK(line_for(scene.facts, scene.attempt)->line == 1);
    scene.facts.lines.erase(scene.facts.lines.begin());
    CHECK(line_for(scene.facts, scene.attempt) == nullptr);
}

TEST_CASE("a need takes each of its parts from the nearest that says it", "[rules][R-14][X10]") {
    Scene scene = counted(Step::pick);
    scene.facts.party->min_life_out_days = 40;
    LineFacts& line = scene.facts.lines.front();
    const auto need = [&](const LineFacts* of) { return need_of(scene.facts, scene.attempt, of); };
    CHECK(need(&line).min_life_days == 40);
    line.min_life_days = 1;
    CHECK(need(&line).min_life_days == 1);
    CHECK(need(nullptr).min_life_days == 40);
    CHECK(need(&line).rotation_by.empty());
    scene.policy->rotation = "FIFO";
    CHECK(need(&line).rotation_by == "site");
    scene.facts.product->zone = "COLD";
    scene.policy->rotation_by_zone = {{"COLD", "FEFO"}};
    CHECK(need(nullptr).rotation_by == "zone");
    scene.facts.product->rotation = "LIFO";
    CHECK(need(nullptr).rotation_by == "product");
    scene.facts.party->rotation = "none";
    CHECK(need(&line).rotation_by == "customer");
    line.rotation = "FEFO";
    CHECK(need(&line).rotation_by == "line");
    CHECK(need(&line).rotation == Rotation::fefo);
    CHECK(need(nullptr).rotation == Rotation::none);
    CHECK_FALSE(need(&line).single_lot);
    line.single_lot = true;
    CHECK(need(&line).single_lot);
    CHECK_FALSE(need(nullptr).single_lot);
}

TEST_CASE("of lots that all go before, the very first is named", "[rules][R-25]") {
    const auto taken = lot("taken", "2026-12-31", 20);
    Need need;
    need.quantity = 1;
    const auto first = [&](const std::vector<Candidate>& stock, Rotation rotation) {
        need.rotation = rotation;
        const Candidate* found = goes_before(stock, taken, need, 0);
        return found == nullptr ? std::int64_t{-1} : found - stock.data();
    };
    using enum Rotation;
    CHECK(first({lot("b", "2026-12-02", 1), lot("a", "2026-12-01", 2)}, fefo) == 1);
    CHECK(first({lot("a", "2026-12-01", 2), lot("b", "2026-12-02", 1)}, fefo) == 0);
    CHECK(first({lot("a", "2026-12-01", 2), lot("a", "2026-12-01", 2)}, fefo) == 0);
    CHECK(first({lot("a", "2026-12-31", 2)}, fefo) == -1);
    CHECK(first({lot("a", "", 2)}, fefo) == -1);
    CHECK(first({lot("taken", "2026-12-01", 2)}, fefo) == -1);  // the same lot
    CHECK(first({lot("a", "", 19)}, fifo) == 0);
    CHECK(first({lot("a", "", 20)}, fifo) == -1);
    CHECK(first({lot("a", "", 21)}, lifo) == 0);
    CHECK(first({lot("a", "", 20)}, lifo) == -1);
    CHECK(has_life(day("2020-01-01"), Need{}));  // nobody said when it is delivered
}

TEST_CASE("what is left of a need is taken from the next lot, down to one", "[rules][R-27]") {
    Need need;
    need.quantity = 6;
    need.rotation = Rotation::fefo;
    const Directed directed =
        direct({lot("a", "2026-12-01", 1), lot("b", "2026-12-02", 2), lot("c", "", 3)}, need);
    REQUIRE(directed.picks.size() == 2);
    CHECK(directed.picks[1].quantity == 1);
    CHECK(directed.missing == 0);
    Directed four;
    four.picks = {lot("a", "", 1), lot("b", "", 1), lot("c", "", 1), lot("d", "", 1)};
    CHECK(four.told() == "from A-01 (5), from A-01 (5), from A-01 (5), …");
    four.picks.pop_back();
    CHECK(four.told() == "from A-01 (5), from A-01 (5), from A-01 (5)");
}

TEST_CASE("a document is old a second after its time", "[rules][R-38]") {
    ProductFacts product;
    CHECK(freshness_of_documents(&product, 86'400) == Freshness::fresh);
    CHECK(freshness_of_documents(&product, 86'401) == Freshness::warns);
    product.doc_max_age_min = 10;
    CHECK(freshness_of_documents(&product, 600) == Freshness::fresh);
    CHECK(freshness_of_documents(&product, 601) == Freshness::warns);
    CHECK(freshness_of_documents(nullptr, std::nullopt) == Freshness::fresh);
}

TEST_CASE("times of the day and days of the week are read to their ends", "[rules][ship_date]") {
    CHECK(minute_named("00:00") == 0);
    CHECK(minute_named("09:09") == 549);
    CHECK(minute_named("23:59") == 1439);
    for (const char* text : {"24:00", "23:60", "0::00", "1/:00", "00:0a", "00.00", "000:0"})
        CHECK_FALSE(minute_named(text));
    CHECK(working_days_named("mon") == 0x01U);
    CHECK(working_days_named("sun") == 0x40U);
    CHECK(working_days_named("mon tue") == 0x03U);
    const Date from = day("2026-11-22");
    CHECK(days_after(from, 36'501) == days_after(from, 36'500));
    CHECK(days_after(from, 36'500) != days_after(from, 36'499));
    CHECK(days_after(from, 0) == from);
    ShipCalendar sundays;
    sundays.working_days = *working_days_named("sun");
    CHECK(business_ship_date(day("2026-11-23"), 0, sundays) == day("2026-11-29"));
}

TEST_CASE("each refusal for the goods goes to the reject lane, and lane 15 can be full",
          "[rules][G-07]") {
    Scene scene = everything();
    scene.facts.intent = Intent::route_carton;
    scene.facts.document->route = "NORTH";
    scene.policy->lane_by_route = {{"NORTH", 15}};
    scene.policy->lane_by_product = {{"09506000134369", 1}};  // of no carton: this one is empty
    scene.policy->lane_exception = 9;
    CHECK(choose_lane(scene.facts, scene.attempt, Verdict{}).lane == 15);
    scene.attempt.divert = DivertContext{};
    CHECK(choose_lane(scene.facts, scene.attempt, Verdict{}).lane == 15);
    scene.attempt.divert->lanes_full = 0x8000;
    CHECK(choose_lane(scene.facts, scene.attempt, Verdict{}).lane == 9);
    scene.attempt.divert->lanes_full = 0x4000;
    CHECK(choose_lane(scene.facts, scene.attempt, Verdict{}).lane == 15);
    scene.policy->lane_reject = 6;
    for (const char* code : {"ON_HOLD_DAMAGED", "EXPIRED_AT_SHIP", "RECALLED_LOT"})
        CHECK(choose_lane(scene.facts, scene.attempt, refused(Step::divert, code, "")).lane == 6);
    CHECK(choose_lane(scene.facts, scene.attempt, refused(Step::divert, "NO_LANE", "")).lane == 9);
    scene.facts.carton.reset();
    CHECK(choose_lane(scene.facts, scene.attempt, Verdict{}).lane == 9);
}

TEST_CASE("agreed life in percent is rounded up to whole days", "[rules][R-13]") {
    Scene scene = counted(Step::receive);
    ProductFacts& product = *scene.facts.product;
    const auto with = [&](std::int64_t life, std::int64_t percent, const char* expires_on) {
        product.life_days_max = life;
        product.min_life_in_percent = percent;
        scene.attempt.what.expires_on = day(expires_on);
        return shelf_life_is_enough(scene.facts, scene.attempt).accepted();
    };
    CHECK(with(100, 30, "2026-12-22"));         // 30 of 30
    CHECK_FALSE(with(100, 30, "2026-12-21"));   // 29 of 30
    CHECK(with(1000, 30, "2027-09-18"));        // 300 of 300
    CHECK_FALSE(with(1000, 30, "2027-09-17"));  // 299
    CHECK(with(100, 0, "2026-11-22"));          // its last day
}

TEST_CASE("a date beyond the product's life is not believed, from the day it was made",
          "[rules][R-17]") {
    Scene scene = counted(Step::receive);
    scene.facts.product->life_days_max = 1;
    scene.attempt.what.expires_on = day("2026-11-23");
    CHECK(expiry_is_plausible(scene.facts, scene.attempt).accepted());
    scene.attempt.what.expires_on = day("2026-11-24");
    CHECK_FALSE(expiry_is_plausible(scene.facts, scene.attempt).accepted());
    scene.attempt.what.produced_on = day("2026-11-23");
    CHECK(expiry_is_plausible(scene.facts, scene.attempt).accepted());
    scene.attempt.what.packed_on = day("2026-11-25");
    CHECK_FALSE(expiry_is_plausible(scene.facts, scene.attempt).accepted());
}

TEST_CASE("a second read counts from the moment of the first to the station's limit",
          "[rules][N-13]") {
    Scene scene = unit_at(Step::receive, UnitState::received);
    scene.facts.unit->location = "ST-1";
    scene.facts.last_read = LastReadFacts{};
    scene.facts.last_read->did = "received";
    scene.facts.last_read->at.us = 1'000;
    const auto code_after = [&](std::int64_t us) {
        scene.attempt.at.us = 1'000 + us;
        return second_read_of_one(scene.facts, scene.attempt).code;
    };
    CHECK(code_after(-1).empty());
    CHECK(code_after(0) == "REREAD");
    CHECK(code_after(60'000'000) == "REREAD");
    CHECK(code_after(60'000'001).empty());
    scene.policy->reread_s_max = 2;
    CHECK(code_after(2'000'000) == "REREAD");
    CHECK(code_after(2'000'001).empty());
    scene.facts.unit->state = UnitState::in_inventory;
    CHECK(code_after(0).empty());
    // A carton that was loaded through this door.
    scene.facts.intent = Intent::load_carton;
    scene.facts.carton->state = "SHIPPED";
    CHECK(code_after(0) == "REREAD");
    scene.facts.carton->station = "ST-2";
    CHECK(code_after(0).empty());
    scene.facts.carton->station = "ST-1";
    scene.facts.carton->state = "PACKED";
    CHECK(code_after(0).empty());
    scene.facts.carton.reset();
    CHECK(code_after(0).empty());
}

TEST_CASE("where goods wait for the rack, a unit at the dock is not fetched", "[rules][R-29]") {
    Scene scene = unit_at(Step::pick, UnitState::received);
    CHECK(state_allows_step(scene.facts, scene.attempt).accepted());
    scene.policy->available_on = "in_inventory";
    CHECK(state_allows_step(scene.facts, scene.attempt).code == "BAD_STATE_RECEIVED_PICKED");
    scene.facts.unit->state = UnitState::in_inventory;
    CHECK(state_allows_step(scene.facts, scene.attempt).accepted());
    scene = unit_at(Step::putaway, UnitState::received);
    scene.policy->available_on = "in_inventory";
    CHECK(state_allows_step(scene.facts, scene.attempt).accepted());
    scene = unit_at(Step::quarantine, UnitState::shipped);
    CHECK(state_allows_step(scene.facts, scene.attempt).code == "BAD_STATE_SHIPPED_QUARANTINE");
    scene = unit_at(Step::quarantine, UnitState::received);
    CHECK(state_allows_step(scene.facts, scene.attempt).accepted());
    scene = unit_at(Step::receive, UnitState::shipped);  // R-05 speaks of it
    CHECK(state_allows_step(scene.facts, scene.attempt).accepted());
    scene = unit_at(Step::pick, UnitState::shipped);  // and R-37 of it
    CHECK(state_allows_step(scene.facts, scene.attempt).accepted());
    scene = unit_at(Step::pick, UnitState::packed);
    CHECK(state_allows_step(scene.facts, scene.attempt).accepted());
}

TEST_CASE("a return by lot is measured against what is out with the customer", "[rules][R-45]") {
    Scene scene = counted(Step::take_back);
    scene.facts.shipped_stock = {{"SO-1", 1}, {"SO-2", 2}};
    const auto code_of = [&](std::int64_t quantity) {
        scene.attempt.what.quantity = quantity;
        return return_lot_was_shipped(scene.facts, scene.attempt).code;
    };
    CHECK(code_of(3).empty());
    CHECK(code_of(4) == "RETURN_QTY_EXCEEDS");
    scene.facts.shipped_stock.clear();
    CHECK(code_of(1) == "RETURN_LOT_NOT_SHIPPED");
}

TEST_CASE("a return belongs to the customer it was shipped to and to its return document",
          "[rules][R-43]") {
    Scene scene = unit_at(Step::take_back, UnitState::shipped);
    scene.facts.document->kind = "rma";
    scene.facts.document->party = "C-1";
    CHECK(return_is_of_party(scene.facts, scene.attempt).accepted());
    scene.facts.shipped_by = DocumentFacts{};
    scene.facts.shipped_by->party = "C-1";
    CHECK(return_is_of_party(scene.facts, scene.attempt).accepted());
    scene.facts.shipped_by->party = "C-2";
    CHECK(return_is_of_party(scene.facts, scene.attempt).code == "RETURN_WRONG_PARTY");
    CHECK(return_is_of_party(scene.facts, scene.attempt).override_class ==
          OverrideClass::supervisor);
    scene.facts.shipped_by->party = "C-1";
    scene.facts.lines.front().gtin = "09506000134369";
    CHECK(return_is_of_party(scene.facts, scene.attempt).code == "RETURN_WRONG_PARTY");
    CHECK(return_is_of_party(scene.facts, scene.attempt).override_class ==
          OverrideClass::supervisor);
    scene.facts.document->kind = "order";
    CHECK(return_is_of_party(scene.facts, scene.attempt).accepted());
}
