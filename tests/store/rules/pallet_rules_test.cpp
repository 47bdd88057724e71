// What a pallet takes, what a container that is done piece by piece needs, lots that the site
// gives, lots whose books do not add up, and which finding names the outcome.

#include "tests/store/rules/guards.hpp"

using namespace lotgate;
using namespace lotgate::rules;
using namespace lotgate::rules::guards;

namespace {

CartonFacts container(const char* id, const char* kind, const char* state) {
    CartonFacts facts;
    facts.id = id;
    facts.sscc = id;
    facts.kind = kind;
    facts.state = state;
    return facts;
}

// Pallet P-1 is in hand; a packed carton is scanned.
Scene at_pallet() {
    Scene scene = everything();
    scene.attempt.step = Step::palletise;
    scene.attempt.what = {};
    scene.attempt.what.sscc = *Sscc::parse("095060000000000015");
    scene.facts.intent = put_on_pallet;
    scene.facts.pallet = container("P-1", "pallet", "OPEN");
    scene.facts.carton = container("C-1", "carton", "PACKED");
    ContentFacts content;
    content.serial = "S-1";
    content.state = UnitState::packed;
    scene.facts.contents = {content};
    return scene;
}

Scene loose_unit() {
    Scene scene = everything();
    scene.attempt.step = Step::palletise;
    scene.facts.intent = take_unit;
    scene.facts.carton.reset();
    scene.facts.pallet = container("P-1", "pallet", "OPEN");
    return scene;
}

std::string said(const Scene& scene) {
    return pallet_takes_it(scene.facts, scene.attempt).code;
}

}  // namespace

TEST_CASE("a packed carton goes onto the pallet in hand", "[rules][pallet]") {
    CHECK(said(at_pallet()).empty());
    CHECK(said(loose_unit()).empty());
}

TEST_CASE("without a pallet in hand nothing goes onto one", "[rules][pallet]") {
    const Intent intent = GENERATE(put_on_pallet, take_unit, turn_pallet, close_pallet);
    Scene scene = at_pallet();
    scene.facts.intent = intent;
    scene.facts.pallet.reset();
    CHECK(said(scene) == "NO_PALLET");
    scene.facts.intent = choose_location;
    CHECK(said(scene).empty());
}

TEST_CASE("what a carton has to be before it stands on a pallet", "[rules][pallet]") {
    Scene scene = at_pallet();
    SECTION("closed") {
        scene.facts.carton->state = "OPEN";
        CHECK(said(scene) == "NOT_PACKED");
    }
    SECTION("not on it already") {
        scene.facts.carton->parent = "P-1";
        CHECK(said(scene) == "REREAD");
    }
    SECTION("from another pallet, it is said") {
        scene.facts.carton->parent = "P-2";
        CHECK(said(scene) == "FROM_OTHER_PALLET");
    }
    SECTION("not beside stock") {
        scene.facts.load.units = 1;
        CHECK(said(scene) == "PALLET_MIX");
    }
    SECTION("not beside cases of stock") {
        scene.facts.load.containers = 2;
        scene.facts.load.packed = 1;
        CHECK(said(scene) == "PALLET_MIX");
    }
    SECTION("beside other packed cartons") {
        scene.facts.load.containers = 2;
        scene.facts.load.packed = 2;
        CHECK(said(scene).empty());
    }
    SECTION("a received case, beside stock") {
        scene.facts.carton->kind = "inbound";
        scene.facts.contents.front().state = UnitState::received;
        scene.facts.load.units = 1;
        CHECK(said(scene).empty());
        scene.facts.load.packed = 1;
        CHECK(said(scene) == "PALLET_MIX");
    }
    SECTION("a case of which nothing was received") {
        scene.facts.carton->kind = "inbound";
        scene.facts.contents.front().state = UnitState::expected;
        CHECK(said(scene) == "PALLET_NOT_RECEIVED");
    }
    SECTION("on a pallet of our own") {
        scene.facts.pallet->kind = "inbound";
        CHECK(said(scene) == "PALLET_OF_VENDOR");
    }
}

TEST_CASE("a unit on a pallet is received, stored or promised; picked where nothing is packed",
          "[rules][pallet]") {
    struct Row {
        UnitState state;
        bool packs;
        const char* code;
    };

    const auto row = GENERATE(Row{UnitState::received, true, ""},
                              Row{UnitState::in_inventory, true, ""},
                              Row{UnitState::allocated, true, ""},
                              Row{UnitState::picked, false, ""},
                              Row{UnitState::picked, true, "BAD_STATE_PICKED_PALLET"},
                              Row{UnitState::packed, false, "BAD_STATE_PACKED_PALLET"},
                              Row{UnitState::shipped, true, "BAD_STATE_SHIPPED_PALLET"},
                              Row{UnitState::returned, true, "BAD_STATE_RETURNED_PALLET"});
    Scene scene = loose_unit();
    scene.facts.unit->state = row.state;
    scene.policy->pack_verify = row.packs;
    CHECK(said(scene) == row.code);
}

TEST_CASE("a unit already on the pallet, and one beside packed cartons", "[rules][pallet]") {
    Scene scene = loose_unit();
    scene.facts.unit->container = "P-1";
    CHECK(said(scene) == "REREAD");
    scene.facts.unit->container.clear();
    scene.facts.load.packed = 1;
    CHECK(said(scene) == "PALLET_MIX");
}

TEST_CASE("only what stands on a pallet comes off it", "[rules][pallet]") {
    Scene carton = at_pallet();
    carton.facts.comes_off = true;
    CHECK(said(carton) == "NOT_ON_PALLET");
    carton.facts.carton->parent = "P-1";
    CHECK(said(carton).empty());
    // The vendor's pallet too.
    carton.facts.pallet->kind = "inbound";
    CHECK(said(carton).empty());
    Scene unit = loose_unit();
    unit.facts.comes_off = true;
    CHECK(said(unit) == "NOT_ON_PALLET");
    unit.facts.unit->container = "P-1";
    CHECK(said(unit).empty());
    // What has no serial in the books is not looked for on it.
    unit.facts.unit.reset();
    CHECK(said(unit).empty());
}

TEST_CASE("what is not closed is sent to where it is closed", "[rules][R-38]") {
    Scene scene = at_pallet();
    scene.attempt.step = Step::ship;
    scene.facts.intent = load_carton;
    scene.facts.carton = container("C-1", "carton", "OPEN");
    const auto told = [&] { return carton_is_packed(scene.facts, scene.attempt).told; };
    CHECK(told().find("Bring it to a pack station") != std::string::npos);
    scene.facts.carton = container("P-1", "pallet", "OPEN");
    CHECK(told().find("Bring it to its pallet station") != std::string::npos);
}

TEST_CASE("a picked pallet that is scanned again was done already", "[rules][N-13]") {
    Scene scene = at_pallet();
    scene.attempt.step = Step::pick;
    scene.facts.intent = each_part;
    scene.facts.parts.clear();
    scene.facts.last_read = LastReadFacts{};
    scene.facts.last_read->did = "picked";
    scene.facts.last_read->at = scene.attempt.at;
    const auto code = [&] { return second_read_of_one(scene.facts, scene.attempt).code; };
    CHECK(code() == "REREAD");
    SECTION("but not where something of it is left") {
        scene.facts.parts.emplace_back();
        CHECK(code().empty());
    }
    SECTION("nor at a door, nor of anything else") {
        scene.attempt.step = Step::count;
        CHECK(code().empty());
        scene.attempt.step = Step::pick;
        scene.facts.intent = open_document;
        CHECK(code().empty());
    }
}

TEST_CASE("of a held container the part that is held is named", "[rules][R-18]") {
    Scene scene = at_pallet();
    scene.facts.intent = load_carton;
    scene.facts.contents.front().lot_key = "l-88";
    scene.facts.contents.front().lot_raw = "L-88";
    const auto named = [&](const char* target) {
        HoldFacts hold;
        hold.target = target;
        return held_part_of(scene.facts, hold);
    };
    CHECK(named("unit:09506000134352/S-1") == " (serial S-1)");
    CHECK(named("lot:09506000134352/l-88") == " (lot L-88)");
    CHECK(named("lot:09506000134352/k-1") == " (lot k-1)");
    CHECK(named("product:09506000134352").empty());
    CHECK(named("container:095060000000000015").empty());
    SECTION("of one unit it is the unit itself") {
        scene.facts.intent = take_unit;
        CHECK(named("unit:09506000134352/S-1").empty());
    }
    SECTION("of an empty one there is no part") {
        scene.facts.contents.clear();
        CHECK(named("unit:09506000134352/S-1").empty());
    }
}

TEST_CASE("whether a suspect product is illegitimate is told within a day", "[rules][R-20]") {
    CHECK(case_due_s("SUSPECT_PRODUCT") == 86'400);
    CHECK_FALSE(case_due_s("LOT_MISMATCH_FOR_SERIAL"));
}

TEST_CASE("a pallet on a pallet is confirmed, and goes one deep", "[rules][pallet]") {
    Scene scene = at_pallet();
    scene.facts.carton = container("P-2", "pallet", "PACKED");
    const Verdict verdict = pallet_takes_it(scene.facts, scene.attempt);
    CHECK(verdict.code == "PALLET_IN_HAND");
    CHECK(verdict.override_class == OverrideClass::operator_confirms);
    scene.facts.inside = {container("P-3", "pallet", "PACKED")};
    CHECK(said(scene) == "PALLET_TOO_DEEP");
    scene.facts.inside.clear();
    scene.facts.pallet->parent = "P-0";
    CHECK(said(scene) == "PALLET_TOO_DEEP");
}

TEST_CASE("a new pallet is taken in hand when none is, and none that has left", "[rules][pallet]") {
    Scene scene = at_pallet();
    scene.facts.intent = open_pallet;
    scene.facts.carton.reset();
    CHECK(said(scene) == "PALLET_IN_HAND");
    CHECK(pallet_takes_it(scene.facts, scene.attempt).override_class == OverrideClass::never);
    scene.facts.pallet.reset();
    CHECK(said(scene).empty());
    scene.facts.carton = container("P-2", "pallet", "PACKED");
    CHECK(said(scene).empty());
    scene.facts.carton->state = "SHIPPED";
    CHECK(said(scene) == "PALLET_GONE");
}

TEST_CASE("a pallet is not closed while pieces passed unread", "[rules][pallet]") {
    Scene scene = at_pallet();
    scene.facts.intent = close_pallet;
    CHECK(pallet_takes_it(scene.facts, scene.attempt).code.empty());
    scene.facts.counted_so_far = 1;
    const Verdict verdict = pallet_takes_it(scene.facts, scene.attempt);
    CHECK(verdict.code == "COUNT_MISMATCH");
    CHECK(verdict.override_class == OverrideClass::operator_confirms);
    scene.facts.intent = put_on_pallet;
    CHECK(pallet_takes_it(scene.facts, scene.attempt).code.empty());
}

TEST_CASE("a container done by one scan has something in it", "[rules][pallet]") {
    struct Row {
        Step step;
        Intent intent;
        const char* kind;
        const char* code;
    };

    const auto row = GENERATE(Row{Step::ship, load_carton, "pallet", "PALLET_EMPTY"},
                              Row{Step::ship, load_carton, "carton", ""},
                              Row{Step::take_back, each_part, "carton", "PALLET_EMPTY"},
                              Row{Step::count, each_part, "pallet", "PALLET_EMPTY"},
                              Row{Step::pick, each_part, "pallet", "PALLET_EMPTY"},
                              Row{Step::pick, each_part, "inbound", "PALLET_EMPTY"},
                              Row{Step::count, take_unit, "pallet", ""});
    Scene scene = at_pallet();
    scene.attempt.step = row.step;
    scene.facts.intent = row.intent;
    scene.facts.carton = container("X-1", row.kind, "PACKED");
    CHECK(pallet_has_parts(scene.facts, scene.attempt).code == row.code);
    scene.facts.parts.resize(1);
    CHECK(pallet_has_parts(scene.facts, scene.attempt).code.empty());
}

TEST_CASE("a lot that does not add up is stopped, by its name and with the sums",
          "[rules][balance]") {
    Scene scene = everything();
    CHECK(balance_is_whole(scene.facts, scene.attempt).code.empty());
    scene.facts.broken = BrokenFacts{"09506000134369", "k-1", "K-1", 10, 8};
    const Verdict verdict = balance_is_whole(scene.facts, scene.attempt);
    CHECK(verdict.code == "BALANCE_BROKEN");
    CHECK(verdict.blocks());
    CHECK(verdict.override_class == OverrideClass::two_people);
    CHECK(verdict.told.find("K-1") != std::string::npos);
    CHECK(verdict.told.find("10 came in, 8 are") != std::string::npos);
}

TEST_CASE("a pallet of packed cartons is not picked; any other step asks for its pieces alone",
          "[rules][pallet]") {
    Scene scene = everything();
    scene.attempt.step = Step::pick;
    scene.facts.intent = each_part;
    scene.facts.carton = container("P-1", "pallet", "PACKED");
    scene.facts.parts = {PartFacts{}};
    scene.facts.inside = {container("P-2", "inbound", "RECEIVED")};
    CHECK(pallet_has_parts(scene.facts, scene.attempt).accepted());
    scene.facts.inside.push_back(container("C-1", "carton", "PACKED"));
    CHECK(pallet_has_parts(scene.facts, scene.attempt).code == "PALLET_PACKED");
    scene.attempt.step = Step::count;
    CHECK(pallet_has_parts(scene.facts, scene.attempt).accepted());
}

TEST_CASE("a pallet that is taken in as announced is told of once, with the number of its pieces",
          "[rules][pallet][R-61]") {
    Scene scene = everything();
    scene.attempt.step = Step::receive;
    scene.facts.intent = open_document;
    scene.facts.parts.clear();
    CHECK(capture_is_certain(scene.facts, scene.attempt).accepted());
    scene.facts.parts = {PartFacts{}, PartFacts{}, PartFacts{}};
    const Verdict told = capture_is_certain(scene.facts, scene.attempt);
    CHECK(told.code == "LOW_CONFIDENCE");
    CHECK(told.told.find("3 pieces") == 0);
    CHECK_FALSE(told.blocks());
    // Its pieces say nothing of their own.
    scene.facts.intent = take_unit;
    scene.attempt.observation.capture = "PALLET_INFERRED";
    CHECK(capture_is_certain(scene.facts, scene.attempt).code == "LOW_CONFIDENCE");
    scene.attempt.what.announced = Announced{"P-1", "ASN-1", 1};
    CHECK(capture_is_certain(scene.facts, scene.attempt).code.empty());
}

TEST_CASE("a lot that the site gives is a note beside the acceptance", "[rules][lot]") {
    Scene scene = everything();
    scene.attempt.step = Step::receive;
    scene.facts.intent = take_unit;
    scene.attempt.what.lot.reset();
    scene.facts.own_lot = NumberFacts{"T0001", "LR-1", 1, 5, 0};
    const Verdict note = lot_is_given(scene.facts, scene.attempt);
    CHECK(note.accepted());
    CHECK(note.is_note);
    CHECK(note.code == "TLC_ASSIGNED");
    CHECK(scene.facts.lot_key(scene.attempt) == "t0001");
    scene.facts.own_lot->number.clear();
    const Verdict refused = lot_is_given(scene.facts, scene.attempt);
    CHECK(refused.code == "LOT_REQUIRED");
    CHECK(refused.blocks());
}

TEST_CASE("a refusal names the outcome, then a hold, then a warning, then a note",
          "[rules][judge]") {
    Verdict note;
    note.code = "NOTE";
    note.is_note = true;
    const Verdict warning = warned("WARNING", "told");
    const Verdict hold = held("HOLD", "told");
    const Verdict refusal = refused(Step::pack, "REFUSAL", "told");
    CHECK(named_of({note, warning, hold, refusal}).code == "REFUSAL");
    CHECK(named_of({note, warning, hold}).code == "HOLD");
    CHECK(named_of({note, warning}).code == "WARNING");
    CHECK(named_of({note}).code == "NOTE");
    CHECK(named_of({}).code.empty());
}

TEST_CASE("a hold that a later phase finds names the outcome before an earlier warning",
          "[rules][judge]") {
    Scene scene = everything();
    scene.attempt.step = Step::receive;
    scene.facts.intent = take_unit;
    scene.facts.unit.reset();
    scene.facts.lot->expires_on = day("2026-11-20");
    scene.facts.document->kind = "asn";
    scene.facts.lines.front().has_serials = true;
    const Judgement judgement = judge(scene.facts, scene.attempt);
    REQUIRE(judgement.findings.size() >= 2);
    CHECK(judgement.findings.front().code == "SERIAL_NOT_ON_ASN");
    CHECK(judgement.findings.front().decision == Decision::warn);
    CHECK(judgement.verdict.code == "EXPIRED_AT_RECEIPT");
    CHECK(judgement.verdict.decision == Decision::hold);
}
