// Every pair of states is asserted against the table as it is written, so that neither the table
// nor its reader can change unseen.

#include "store/rules/life_cycle.hpp"

#include "store/rules/every_rule.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <sstream>

using namespace lotgate::rules;

namespace {

std::vector<UnitState> all_states() {
    std::vector<UnitState> states;
    for (int i = 0; i < unit_state_count; ++i) states.push_back(static_cast<UnitState>(i));
    return states;
}

// The law once more, written down by hand: from -> to.
const std::map<std::string, std::set<std::string>>& law() {
    static const std::map<std::string, std::set<std::string>> moves{
        {"NONE", {"EXPECTED", "RECEIVED"}},
        {"EXPECTED", {"VOIDED", "RECEIVED"}},
        {"RECEIVED",
         {"EXPECTED",
          "IN_INVENTORY",
          "PICKED",
          "SHIPPED",
          "MISSING",
          "SCRAPPED",
          "RELABELLED",
          "VOIDED"}},
        {"IN_INVENTORY",
         {"ALLOCATED", "PICKED", "SHIPPED", "MISSING", "SCRAPPED", "RELABELLED", "VOIDED"}},
        {"ALLOCATED", {"IN_INVENTORY", "PICKED", "MISSING", "SCRAPPED", "RELABELLED", "VOIDED"}},
        {"PICKED",
         {"IN_INVENTORY", "PACKED", "SHIPPED", "MISSING", "SCRAPPED", "RELABELLED", "VOIDED"}},
        {"PACKED", {"PICKED", "SHIPPED", "MISSING", "SCRAPPED", "RELABELLED"}},
        {"SHIPPED", {"PACKED", "RETURNED"}},
        {"RETURNED", {"IN_INVENTORY", "SCRAPPED", "RELABELLED", "MISSING"}},
        {"MISSING", {"RECEIVED", "IN_INVENTORY", "ALLOCATED", "PICKED", "PACKED", "RETURNED"}},
    };
    return moves;
}

bool is_lawful(UnitState from, UnitState to) {
    const auto row = law().find(std::string(name_of(from)));
    return row != law().end() && row->second.contains(std::string(name_of(to)));
}

}  // namespace

TEST_CASE("a unit makes the moves of the life cycle and no others", "[rules][life_cycle]") {
    int moves = 0;
    for (const UnitState from : all_states())
        for (const UnitState to : all_states()) {
            INFO(name_of(from) << " to " << name_of(to));
            CHECK((find_transition(from, to) != nullptr) == is_lawful(from, to));
            moves += is_lawful(from, to) ? 1 : 0;
        }
    CHECK(static_cast<std::size_t>(moves) == transitions().size());
}

TEST_CASE("scrapped, relabelled and voided units stay what they are", "[rules][life_cycle]") {
    for (const UnitState to : all_states())
        for (const UnitState from : {UnitState::scrapped, UnitState::relabelled, UnitState::voided})
            CHECK(find_transition(from, to) == nullptr);
}

TEST_CASE("held units move only to custody, quarantine, scrap and back to the vendor",
          "[rules][life_cycle]") {
    const std::set<std::string> free{"receive",
                                     "receive_unannounced",
                                     "putaway",
                                     "unpick",
                                     "unpack",
                                     "return",
                                     "write_off",
                                     "refurbish",
                                     "count",
                                     "found",
                                     "scrap",
                                     "relabel",
                                     "typo_fix",
                                     "return_to_vendor",
                                     "cancel_allocation"};
    for (const Transition& move : transitions()) {
        INFO(move.event);
        CHECK(move.held_may == free.contains(move.event));
    }
}

TEST_CASE("packing takes a unit from dock or rack through picked to packed",
          "[rules][life_cycle]") {
    using enum UnitState;
    CHECK(way(received, packed, "pack") == std::vector{received, picked, packed});
    CHECK(way(in_inventory, packed, "pack") == std::vector{in_inventory, picked, packed});
    CHECK(way(allocated, packed, "pack") == std::vector{allocated, picked, packed});
    CHECK(way(picked, packed, "pack") == std::vector{picked, packed});
    CHECK(way(shipped, packed, "pack").empty());
    CHECK(way(expected, packed, "pack").empty());
    CHECK(way(received, shipped, "ship").empty());
    CHECK(way(none, received, "receive") == std::vector{none, received});
}

TEST_CASE("a station refuses every move that its step does not make by name",
          "[rules][life_cycle]") {
    for (const Step step : {Step::putaway, Step::pick, Step::pack, Step::take_back}) {
        for (const UnitState from : all_states()) {
            const UnitState to = goal_of(step);
            const bool has_own_rule = from == to || from == UnitState::none ||
                                      from == UnitState::packed ||
                                      (from == UnitState::shipped && to != UnitState::returned);
            if (has_own_rule) continue;
            Attempt attempt;
            attempt.step = step;
            attempt.policy = std::make_shared<StationPolicy>();
            attempt.what.serial = *lotgate::Serial::parse("S-1");
            Facts facts;
            facts.intent = Intent::take_unit;
            facts.product = ProductFacts{"Widget", true, false, false};
            facts.unit = UnitFacts{};
            facts.unit->state = from;
            INFO(name_of(step) << " a unit that is " << name_of(from));
            const Verdict verdict = state_allows_step(facts, attempt);
            CHECK(verdict.accepted() == !way(from, to, name_of(step)).empty());
            if (verdict.accepted()) continue;
            CHECK(verdict.code ==
                  "BAD_STATE_" + std::string(name_of(from)) + "_" + std::string(name_of(to)));
        }
    }
}
