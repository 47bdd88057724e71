// What the tables of the law say, row by row: who may, what a code means to a belt and to a hold,
// and the exceptions of single rules.

#include "store/rules/lane_choice.hpp"
#include "tests/store/rules/guards.hpp"

using namespace lotgate;
using namespace lotgate::rules;
using namespace lotgate::rules::guards;

namespace {

Authority given(const char* badge, const char* role, const char* reason) {
    Authority authority;
    authority.badge = badge;
    authority.role = role;
    authority.reason = reason;
    return authority;
}

Authority with_second(Authority authority, const char* badge, const char* role) {
    authority.second_badge = badge;
    authority.second_role = role;
    return authority;
}

Scene unit_at(Step step, UnitState state) {
    Scene scene = everything();
    scene.attempt.step = step;
    scene.facts.intent = Intent::take_unit;
    scene.facts.unit->state = state;
    return scene;
}

}  // namespace

TEST_CASE("what is lacking for a decision is named, the first thing first", "[rules][override]") {
    struct Row {
        OverrideClass wanted;
        Authority authority;
        const char* lacks;
    };

    using enum OverrideClass;
    const Authority alone = given("A-1", "supervisor", "checked");
    const Authority worker = given("A-1", "operator", "checked");
    Authority wrong = alone;
    wrong.wrong_pin = "A-1";
    const std::vector<Row> rows{
        {never, alone, "NEVER_ALLOWED"},
        {supervisor, Authority{}, "BADGE_REQUIRED"},
        {supervisor, given("A-1", "supervisor", ""), "REASON_REQUIRED"},
        {operator_confirms, given("A-1", "operator", ""), ""},
        {operator_confirms, given("A-1", "", ""), "BADGE_UNKNOWN"},
        {supervisor, alone, ""},
        {supervisor, wrong, "PIN_WRONG"},
        {supervisor, worker, "ROLE_TOO_LOW"},
        {supervisor, with_second(worker, "A-2", "supervisor"), ""},
        {supervisor, with_second(worker, "A-1", "supervisor"), "ROLE_TOO_LOW"},
        {supervisor, with_second(worker, "", "supervisor"), "ROLE_TOO_LOW"},
        {supervisor, with_second(worker, "A-2", "operator"), "ROLE_TOO_LOW"},
        {supervisor, with_second(alone, "A-2", ""), "BADGE_UNKNOWN"},
        {two_people, alone, "SECOND_BADGE_REQUIRED"},
        {two_people, with_second(alone, "A-1", "supervisor"), "SECOND_BADGE_REQUIRED"},
        {two_people, with_second(alone, "A-2", "operator"), ""},
        {two_people, with_second(worker, "A-2", "operator"), "ROLE_TOO_LOW"},
    };
    for (const Row& row : rows) {
        INFO(name_of(row.wanted) << " " << row.authority.role << " " << row.authority.second_badge);
        CHECK(lacking(row.authority, row.wanted, true) == row.lacks);
    }
    CHECK(lacking(given("A-1", "", "checked"), supervisor, false).empty());
    CHECK_FALSE(satisfies(supervisor, with_second(worker, "", "supervisor")));
    CHECK_FALSE(satisfies(two_people, with_second(given("A-1", "", "checked"), "A-2", "admin")));
    CHECK_FALSE(satisfies(two_people, with_second(given("A-1", "admin", ""), "A-2", "admin")));
    CHECK_FALSE(satisfies(supervisor, with_second(given("A-1", "admin", ""), "A-2", "admin")));
}

TEST_CASE("names of roles, steps and reasons are found, others are not", "[rules][override]") {
    for (const char* name : {"operator", "supervisor", "quality", "admin"})
        CHECK(name_of(role_named(name).value()) == name);
    CHECK_FALSE(role_named(""));
    CHECK_FALSE(role_named("boss"));
    CHECK(strongest_of("admin operator") == Role::admin);
    CHECK(strongest_of("boss") == Role::none);
    for (const Step step : every_step) CHECK(step_named(name_of(step)) == step);
    CHECK_FALSE(step_named("paint"));
    CHECK_FALSE(unit_state_named("LOST"));
    CHECK(reason_for("checked", "") != nullptr);
    CHECK_FALSE(is_reason("because"));
}

TEST_CASE("goods on a belt or at a door are diverted, elsewhere the attempt is refused",
          "[rules][law]") {
    for (const Step step : {Step::receive, Step::divert, Step::ship, Step::take_back})
        CHECK(refused(step, "X", "").decision == Decision::divert);
    for (const Step step : {Step::putaway, Step::pick, Step::pack, Step::count, Step::quarantine})
        CHECK(refused(step, "X", "").decision == Decision::reject);
    CHECK(refused(Step::pick, "X", "").override_class == OverrideClass::never);
    CHECK(refused_for_ever(Step::pick, "X", "").override_class == OverrideClass::never);
    CHECK(held("X", "").decision == Decision::hold);
    CHECK(held("X", "").override_class == OverrideClass::never);
    CHECK(warned("X", "").override_class == OverrideClass::operator_confirms);
}

TEST_CASE("each code has its number for the belt", "[rules][law]") {
    struct Row {
        const char* code;
        int number;
    };

    const auto row = GENERATE(Row{"NOREAD", 1},
                              Row{"PARSE_CTRL_CHAR", 2},
                              Row{"GTIN_BAD_CHECK", 2},
                              Row{"EXP_INVALID", 2},
                              Row{"LABEL_CONFLICT", 2},
                              Row{"UNKNOWN_CODE", 3},
                              Row{"UNKNOWN_CARTON", 3},
                              Row{"NOT_PACKED", 4},
                              Row{"ON_HOLD_DAMAGED", 5},
                              Row{"RECALLED_LOT", 6},
                              Row{"EXPIRED_AT_SHIP", 7},
                              Row{"ORDER_CANCELLED", 8},
                              Row{"NO_LANE", 9},
                              Row{"DOUBLE_SHIP", 10},
                              Row{"WRONG_DOOR", 99});
    INFO(row.code);
    CHECK(divert_reason_of(refused(Step::divert, row.code, "")) == row.number);
    CHECK(divert_reason_of(warned(row.code, "")) == 0);
}

TEST_CASE("each hold has the reason of the finding that placed it", "[rules][law]") {
    struct Row {
        const char* code;
        const char* reason;
    };

    const auto row = GENERATE(Row{"EXPIRED_AT_RECEIPT", "expired"},
                              Row{"NEVER_SOLD", "suspect"},
                              Row{"RETURN_NO_OUTBOUND", "suspect"},
                              Row{"SERIAL_RETIRED", "suspect"},
                              Row{"SUSPECT_PRODUCT", "suspect"},
                              Row{"RETURN_WRONG_PARTY", "quarantine"},
                              Row{"RETURN_UNVERIFIED", "quarantine"},
                              Row{"LOT_MISMATCH_FOR_SERIAL", "conflict"},
                              Row{"LOT_EXPIRY_CONFLICT", "conflict"},
                              Row{"SERIAL_DUPLICATE", "conflict"},
                              Row{"EXPIRY_MISSING", "quarantine"},
                              Row{"SERIAL_NOT_ON_ASN", "quarantine"},
                              Row{"SHELF_LIFE_SHORT_IN", "quarantine"},
                              Row{"EXPIRY_IMPLAUSIBLE", "quarantine"},
                              Row{"NOREAD", ""});
    INFO(row.code);
    CHECK(hold_reason_of(row.code) == row.reason);
}

TEST_CASE("a word of a code has capitals and digits alone", "[rules][law]") {
    CHECK(code_word("azAZ09") == "AZAZ09");
    CHECK(code_word("`{@[/:") == "______");
}

TEST_CASE("a hold is overruled like a refusal, a warning is not", "[rules][override]") {
    Scene scene = unit_at(Step::receive, UnitState::expected);
    scene.facts.unit->document = "SO-1";
    scene.attempt.what.expires_on = day("2026-11-21");
    CHECK(judge(scene.facts, scene.attempt).verdict.decision == Decision::hold);
    scene.attempt.authority = given("A-1", "supervisor", "checked");
    scene.facts.person = PersonFacts{};
    const Judgement judgement = judge(scene.facts, scene.attempt);
    CHECK(judgement.verdict.code == "EXPIRED_AT_RECEIPT");
    CHECK(judgement.verdict.decision == Decision::warn);
    CHECK(judgement.verdict.overruled == "hold");
    // A reason of another rule's own does not fit.
    scene.attempt.authority->reason = "inaccessible";
    CHECK(judge(scene.facts, scene.attempt).verdict.decision == Decision::hold);
    scene.attempt.authority.reset();
    scene.attempt.what.expires_on.reset();
    scene.facts.product->regimes = "fsma204";
    const Judgement amber = judge(scene.facts, scene.attempt);
    CHECK(amber.verdict.decision == Decision::warn);
    scene.attempt.authority = given("A-1", "operator", "checked");
    CHECK(judge(scene.facts, scene.attempt).verdict.overruled.empty());
}

TEST_CASE("grades and ways of reading have their meaning", "[rules][R-47][R-61]") {
    CHECK(route_of_grade("A") == "restock");
    CHECK(route_of_grade("B") == "repair");
    CHECK(route_of_grade("C") == "recycle");
    CHECK(route_of_grade("D") == "scrap");
    CHECK(route_of_grade("E").empty());
    CHECK(confidence_of("") == 100);
    CHECK(confidence_of("CASE") == 100);
    CHECK(confidence_of("MANUAL") == 75);
    CHECK(confidence_of("PALLET_INFERRED") == 75);
    CHECK(confidence_of("SLOT") == 25);
    Scene scene = unit_at(Step::receive, UnitState::expected);
    const auto told = [&](const char* capture) {
        scene.attempt.observation.capture = capture;
        return capture_is_certain(scene.facts, scene.attempt).told;
    };
    CHECK(told("CASE").empty());
    CHECK(told("MANUAL").find("was typed") != std::string::npos);
    CHECK(told("SLOT").find("its place") != std::string::npos);
    CHECK(told("PALLET_INFERRED").find("its pallet") != std::string::npos);
    scene.facts.intent = Intent::choose_grade;
    for (const char* grade : {"A", "B", "C", "D", "NONE"}) {
        scene.facts.spoken = grade;
        CHECK(grade_is_known(scene.facts, scene.attempt).accepted());
    }
}

TEST_CASE("a returned unit goes where its grade sends it, a held one where its holds do",
          "[rules][R-47]") {
    Scene scene = unit_at(Step::putaway, UnitState::returned);
    const auto code = [&](const char* route) {
        scene.facts.return_route = route;
        return return_is_graded(scene.facts, scene.attempt).code;
    };
    CHECK(code("") == "RETURN_NOT_GRADED");
    CHECK(code("restock").empty());
    CHECK(code("repair") == "RETURN_GRADE_REPAIR");
    scene.facts.holds = {{"H-1", "damaged", "", "x"}};
    CHECK(code("repair").empty());
    scene.facts.holds.clear();
    scene.facts.unit->state = UnitState::received;
    CHECK(code("").empty());
    scene = unit_at(Step::divert, UnitState::returned);
    scene.facts.intent = Intent::route_return;
    CHECK(return_has_a_lane(scene.facts, scene.attempt).code == "RETURN_NOT_GRADED");
    scene.facts.return_route = "repair";
    CHECK(return_has_a_lane(scene.facts, scene.attempt).code == "NO_LANE");
    scene.policy->lane_by_grade = {{"repair", 4}};
    CHECK(return_has_a_lane(scene.facts, scene.attempt).accepted());
    CHECK(choose_lane(scene.facts, scene.attempt, Verdict{}).lane == 4);
    for (const UnitState state : {UnitState::shipped, UnitState::returned}) {
        scene = unit_at(Step::take_back, state);
        CHECK(return_was_sold(scene.facts, scene.attempt).accepted());
    }
}

TEST_CASE("what was promised elsewhere is left alone in every state before the truck",
          "[rules][R-24]") {
    for (const UnitState state : {UnitState::received,
                                  UnitState::in_inventory,
                                  UnitState::allocated,
                                  UnitState::picked,
                                  UnitState::shipped}) {
        INFO(name_of(state));
        Scene scene = unit_at(Step::pick, state);
        scene.facts.unit->order = "SO-2";
        const bool is_kept = promise_is_kept(scene.facts, scene.attempt).accepted();
        CHECK(is_kept == (state == UnitState::shipped));
        scene.facts.unit->order = "SO-1";
        CHECK(promise_is_kept(scene.facts, scene.attempt).accepted());
    }
    for (const UnitState state :
         {UnitState::received, UnitState::in_inventory, UnitState::allocated, UnitState::picked}) {
        Scene scene = unit_at(Step::pack, state);
        scene.policy->packs_unpicked = false;
        CHECK(unit_is_picked_first(scene.facts, scene.attempt).accepted() ==
              (state == UnitState::picked));
    }
}

TEST_CASE("only the label of a carton closed here is the right one", "[rules][R-36]") {
    Scene scene = everything();
    scene.facts.intent = Intent::verify_label;
    scene.attempt.what.sscc = *Sscc::parse("095060000000001005");
    const auto is_right = [&](const char* kind, const char* state, const char* station) {
        scene.facts.carton->kind = kind;
        scene.facts.carton->state = state;
        scene.facts.carton->station = station;
        return label_matches_carton(scene.facts, scene.attempt).accepted();
    };
    CHECK(is_right("carton", "PACKED", "ST-1"));
    CHECK_FALSE(is_right("inbound", "PACKED", "ST-1"));
    CHECK_FALSE(is_right("carton", "OPEN", "ST-1"));
    CHECK_FALSE(is_right("carton", "VOIDED", "ST-1"));
    CHECK_FALSE(is_right("carton", "PACKED", "ST-2"));
}

TEST_CASE("a door with nothing written at it, or an order that names none, is the right one",
          "[rules][R-39]") {
    Scene scene = everything();
    scene.facts.intent = Intent::load_carton;
    scene.attempt.step = Step::ship;
    const auto told = [&](const char* here, const char* wanted) {
        scene.policy->door = here;
        scene.facts.document->door = wanted;
        const std::string by_door = carton_is_at_its_door(scene.facts, scene.attempt).told;
        scene.policy->door.clear();
        scene.policy->carrier = here;
        scene.facts.document->carrier = wanted;
        const std::string by_carrier = carton_is_at_its_door(scene.facts, scene.attempt).told;
        scene.policy->carrier.clear();
        CHECK(by_door.empty() == by_carrier.empty());
        return by_door;
    };
    CHECK(told("", "D2").empty());
    CHECK(told("D1", "").empty());
    CHECK(told("D1", "D1").empty());
    CHECK(told("D1", "D2").find("through door D2") != std::string::npos);
}
