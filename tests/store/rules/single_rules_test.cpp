// What single rules say besides yes and no: which of several dates, how old, and who may overrule.

#include "tests/store/rules/guards.hpp"

using namespace lotgate;
using namespace lotgate::rules;
using namespace lotgate::rules::guards;

namespace {

Scene unit_at(Step step, UnitState state) {
    Scene scene = everything();
    scene.attempt.step = step;
    scene.facts.intent = Intent::take_unit;
    scene.facts.unit->state = state;
    return scene;
}

bool has(const Verdict& verdict, const char* words) {
    return verdict.told.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("of several dates that have passed the label's best-before date is told",
          "[rules][R-12]") {
    Scene scene = unit_at(Step::receive, UnitState::expected);
    scene.attempt.what.best_before = day("2026-11-20");
    scene.attempt.what.sell_by = day("2026-11-19");
    CHECK(has(best_before_is_ahead(scene.facts, scene.attempt), "before 2026-11-20."));
    scene.attempt.what.best_before = day("2026-11-22");
    CHECK(has(best_before_is_ahead(scene.facts, scene.attempt), "before 2026-11-19."));
}

TEST_CASE("how old a list or a document is, is told in minutes", "[rules][R-18][R-38]") {
    Scene scene = everything();
    scene.facts.intent = Intent::load_carton;
    scene.attempt.step = Step::ship;
    scene.facts.hold_age_s = 90'059;
    scene.facts.doc_age_s = 90'060;
    CHECK(has(carton_leaves_by_fresh_holds(scene.facts, scene.attempt), "is 1500 minutes old"));
    CHECK(has(carton_leaves_by_fresh_order(scene.facts, scene.attempt), "confirmed 1501 minutes"));
    scene.facts.contents.emplace_back();
    scene.facts.contents.back().regimes = "rx";
    const Verdict blocked = carton_leaves_by_fresh_holds(scene.facts, scene.attempt);
    CHECK(blocked.decision == Decision::divert);
    CHECK(blocked.override_class == OverrideClass::two_people);
    scene.facts.intent = Intent::take_unit;
    scene.facts.product->hold_max_age_min = 1;
    scene.facts.product->doc_max_age_min = 1;
    CHECK(has(hold_list_is_fresh(scene.facts, scene.attempt), "is 1500 minutes old"));
    CHECK(has(documents_are_fresh(scene.facts, scene.attempt), "heard 1501 minutes ago"));
    scene.facts.hold_age_s = scene.facts.doc_age_s = 60;
    CHECK(hold_list_is_fresh(scene.facts, scene.attempt).accepted());
    CHECK(documents_are_fresh(scene.facts, scene.attempt).accepted());
    scene.attempt.observation.age_ms = 60'999;
    CHECK(has(scan_is_fresh(scene.facts, scene.attempt), "is 60 s old"));
}

TEST_CASE("a code that names nothing is told so, a lot or a product is another rule's",
          "[rules][G-04]") {
    Scene scene = everything();
    scene.facts.intent = Intent::unknown_code;
    scene.facts.scanned_document.reset();
    scene.attempt.what = ScannedIdentity{};
    scene.attempt.what.plain = "SO-9";
    const auto code_at = [&](Step step) {
        scene.attempt.step = step;
        return code_names_something(scene.facts, scene.attempt).code;
    };
    CHECK(code_at(Step::pick) == "UNKNOWN_CODE");
    scene.facts.scanned_document = DocumentFacts{};
    scene.facts.scanned_document->kind = "asn";
    CHECK(code_at(Step::pick) == "UNKNOWN_CODE");
    CHECK(has(code_names_something(scene.facts, scene.attempt), "is an asn"));
    scene.facts.intent = Intent::open_document;
    CHECK(code_at(Step::pick).empty());
    scene.facts.intent = Intent::unknown_code;
    scene.attempt.what.product_codes = {"hibc:A1"};
    CHECK(code_at(Step::pick).empty());
    CHECK(code_at(Step::divert) == "UNKNOWN_CODE");
    CHECK(code_at(Step::ship) == "UNKNOWN_CODE");
    scene.attempt.what.lot = *Lot::parse("L-1");
    CHECK(code_at(Step::ship).empty());
    scene.attempt.what.lot.reset();
    scene.attempt.what.serial = *Serial::parse("S-1");
    CHECK(code_at(Step::ship).empty());
}

TEST_CASE("a lot or a serial comes with a product, a carton or a code of the catalogue",
          "[rules][N-12]") {
    const auto asked = [](const ScannedIdentity& what) {
        Scene scene = everything();
        scene.attempt.what = what;
        return !lot_comes_with_product(scene.facts, scene.attempt).accepted();
    };
    ScannedIdentity what;
    CHECK_FALSE(asked(what));
    what.serial = *Serial::parse("S-1");
    CHECK(asked(what));
    what.lot = *Lot::parse("L-1");
    CHECK(asked(what));
    ScannedIdentity with_code = what;
    with_code.product_codes = {"hibc:A1"};
    CHECK_FALSE(asked(with_code));
    what.sscc = *Sscc::parse("095060000000001005");
    CHECK_FALSE(asked(what));
    Scene scene = everything();
    CHECK(carton_is_ours(scene.facts, scene.attempt).accepted());
    scene.attempt.what = what;
    CHECK(carton_is_ours(scene.facts, scene.attempt).accepted());
    scene.facts.carton.reset();
    CHECK(carton_is_ours(scene.facts, scene.attempt).code == "UNKNOWN_CARTON");
}

TEST_CASE("what to scan first is told as the step needs it", "[rules][G-03]") {
    Scene scene = unit_at(Step::receive, UnitState::expected);
    scene.facts.document.reset();
    const auto rule = [&] { return document_is_open(scene.facts, scene.attempt); };
    CHECK(has(rule(), "Scan the ASN"));
    scene.attempt.step = Step::pick;
    CHECK(has(rule(), "Scan the order first"));
    scene.attempt.step = Step::take_back;
    CHECK(rule().accepted());
    scene.facts.product->serial_tracked = false;
    CHECK(has(rule(), "Scan the return document"));
    scene.facts.product.reset();
    CHECK(rule().accepted());
    scene.facts.intent = Intent::open_document;
    scene.facts.scanned_document->state = "cancelled";
    CHECK(rule().accepted());
    scene.attempt.step = Step::receive;
    CHECK(rule().code == "ASN_CANCELLED");
    scene.facts.scanned_document->state = "open";
    CHECK(rule().accepted());
}

TEST_CASE("a count says how the books have the unit, and where", "[rules][R-48]") {
    Scene scene = unit_at(Step::count, UnitState::shipped);
    CHECK(has(count_agrees(scene.facts, scene.attempt), "is SHIPPED in the books"));
    scene.facts.unit.reset();
    CHECK(has(count_agrees(scene.facts, scene.attempt), "is not in the books"));
    scene = unit_at(Step::count, UnitState::received);
    scene.facts.unit->location = "A-01";
    scene.facts.count_place = "A-01";
    CHECK(count_agrees(scene.facts, scene.attempt).accepted());
}

TEST_CASE("who may overrule is written with each finding", "[rules][override]") {
    Scene scene = everything();
    scene.attempt.step = Step::ship;
    scene.facts.intent = Intent::load_carton;
    scene.policy->door = "D1";
    scene.facts.document->door = "D2";
    CHECK(carton_is_at_its_door(scene.facts, scene.attempt).override_class ==
          OverrideClass::supervisor);
    scene = unit_at(Step::receive, UnitState::none);
    scene.facts.unit.reset();
    scene.facts.near_serial = "s1";
    CHECK(serial_has_no_near_twin(scene.facts, scene.attempt).override_class ==
          OverrideClass::supervisor);
    scene.facts.lines.front().done = 5;
    CHECK(receipt_is_within_order(scene.facts, scene.attempt).override_class ==
          OverrideClass::supervisor);
    scene.facts.lines.clear();
    CHECK(receipt_is_within_order(scene.facts, scene.attempt).override_class ==
          OverrideClass::supervisor);
    scene.facts.product->min_life_in_days = 9;
    scene.facts.product->life_days_max = 1;
    scene.attempt.what.expires_on = day("2026-11-25");
    CHECK(shelf_life_is_enough(scene.facts, scene.attempt).override_class ==
          OverrideClass::supervisor);
    CHECK(expiry_is_plausible(scene.facts, scene.attempt).override_class ==
          OverrideClass::supervisor);
    scene.facts.product->single_lot = true;
    scene.facts.lots_taken = {"l-9"};
    CHECK(one_lot_an_order(scene.facts, scene.attempt).override_class == OverrideClass::supervisor);
    scene.facts.location = LocationFacts{};
    scene.facts.location->lot_mix = "forbid";
    scene.facts.standing = {{"09506000134352", "k-9", std::nullopt}};
    CHECK(location_takes_lot(scene.facts, scene.attempt).override_class ==
          OverrideClass::supervisor);
    scene.facts.location->temp_class = "frozen";
    scene.facts.product->temp_class = "chilled";
    CHECK(location_takes_lot(scene.facts, scene.attempt).override_class ==
          OverrideClass::supervisor);
    scene.attempt.step = Step::pack;
    scene.facts.intent = Intent::open_document;
    scene.facts.scanned_document->station = "ST-2";
    CHECK(order_is_for_this_station(scene.facts, scene.attempt).override_class ==
          OverrideClass::operator_confirms);
}

TEST_CASE("a code of no catalogue is an unknown product, unless the label names more",
          "[rules][R-01]") {
    Scene scene = unit_at(Step::receive, UnitState::expected);
    scene.attempt.what.product_codes = {"hibc:A1"};
    CHECK(product_is_known(scene.facts, scene.attempt).accepted());
    scene.attempt.what.gtin.reset();
    CHECK(product_is_known(scene.facts, scene.attempt).code == "PRODUCT_UNKNOWN");
    CHECK(has(product_is_known(scene.facts, scene.attempt), "hibc:A1"));
    scene.attempt.what.sscc = *Sscc::parse("095060000000001005");
    CHECK(product_is_known(scene.facts, scene.attempt).accepted());
}

TEST_CASE("a lot that was begun binds an order of one lot, whatever goes first",
          "[rules][R-25][R-28]") {
    Scene scene = unit_at(Step::pick, UnitState::in_inventory);
    scene.policy->rotation = "FIFO";
    Candidate early;
    early.lot_key = "l-1";
    early.quantity = 1;
    early.first_seq = 1;
    scene.facts.shelf = {early};
    scene.facts.lot->first_seq = 2;
    const auto is_free = [&](bool single_lot, std::vector<std::string> taken) {
        scene.facts.product->single_lot = single_lot;
        scene.facts.lots_taken = std::move(taken);
        return earlier_lot_goes_first(scene.facts, scene.attempt).accepted();
    };
    CHECK_FALSE(is_free(false, {}));
    CHECK_FALSE(is_free(false, {"l-2"}));
    CHECK_FALSE(is_free(true, {}));
    CHECK(is_free(true, {"l-2"}));
}

TEST_CASE("recalled and held goods that arrive are taken into custody", "[rules][R-18][R-19]") {
    for (const Step step : {Step::receive, Step::take_back, Step::pick, Step::ship}) {
        Scene scene = unit_at(step, UnitState::received);
        const bool arrives = step == Step::receive || step == Step::take_back;
        scene.facts.holds = {{"H-1", "recall", "I", "x"}};
        const Verdict recalled = lot_is_not_recalled(scene.facts, scene.attempt);
        CHECK((recalled.decision == Decision::hold) == arrives);
        CHECK(recalled.blocks() != arrives);
        scene.facts.holds = {{"H-1", "damaged", "", "x"}};
        const Verdict held_up = nothing_is_on_hold(scene.facts, scene.attempt);
        CHECK((held_up.decision == Decision::hold) == arrives);
        CHECK(held_up.blocks() != arrives);
    }
    for (const Step step : {Step::quarantine, Step::count}) {
        Scene scene = unit_at(step, UnitState::received);
        scene.facts.holds = {{"H-1", "recall", "I", "x"}, {"H-2", "damaged", "", "x"}};
        CHECK(lot_is_not_recalled(scene.facts, scene.attempt).accepted());
        CHECK(nothing_is_on_hold(scene.facts, scene.attempt).accepted());
    }
    // Put-away to a place is rule R-22's; without a place, and elsewhere with one, it is not.
    for (const Step step : {Step::putaway, Step::pick}) {
        Scene scene = unit_at(step, UnitState::received);
        scene.facts.holds = {{"H-1", "recall", "I", "x"}, {"H-2", "damaged", "", "x"}};
        CHECK_FALSE(lot_is_not_recalled(scene.facts, scene.attempt).accepted());
        CHECK_FALSE(nothing_is_on_hold(scene.facts, scene.attempt).accepted());
        scene.facts.location = LocationFacts{};
        const bool is_putaway = step == Step::putaway;
        CHECK(lot_is_not_recalled(scene.facts, scene.attempt).accepted() == is_putaway);
        CHECK(nothing_is_on_hold(scene.facts, scene.attempt).accepted() == is_putaway);
    }
}

TEST_CASE("a door that takes loose goods takes none out of a carton", "[rules][R-38]") {
    Scene scene = unit_at(Step::ship, UnitState::picked);
    scene.policy->pack_verify = false;
    CHECK(goods_are_packed(scene.facts, scene.attempt).accepted());
    scene.facts.unit->state = UnitState::packed;
    CHECK(goods_are_packed(scene.facts, scene.attempt).code == "NOT_PACKED");
    scene.facts.unit.reset();
    CHECK(goods_are_packed(scene.facts, scene.attempt).accepted());
}

TEST_CASE("the first byte beyond ASCII is told, in a lot and in a serial", "[rules][N-06]") {
    Scene scene = unit_at(Step::receive, UnitState::expected);
    CHECK(identifiers_are_plain(scene.facts, scene.attempt).accepted());
    scene.attempt.what.lot = *Lot::parse("L\x80");
    CHECK_FALSE(identifiers_are_plain(scene.facts, scene.attempt).accepted());
    scene.attempt.what.lot.reset();
    CHECK(identifiers_are_plain(scene.facts, scene.attempt).accepted());
    scene.attempt.what.serial = *Serial::parse("S\x80");
    CHECK_FALSE(identifiers_are_plain(scene.facts, scene.attempt).accepted());
}

TEST_CASE("a serial that may have swallowed more is judged by what serials look like",
          "[rules][N-03]") {
    Scene scene = unit_at(Step::receive, UnitState::expected);
    scene.facts.lines.clear();
    scene.attempt.what.serial = *Serial::parse("123410L");
    scene.attempt.observation.other_readings = {{"L-2", "1234", "(21)1234(10)L"}};
    const auto speaks = [&] { return !separator_was_read(scene.facts, scene.attempt).accepted(); };
    CHECK_FALSE(speaks());
    scene.facts.product->serial_pattern = "[0-9]{4}";
    CHECK(speaks());
    scene.facts.product->serial_pattern = "[0-9L]{7}";
    CHECK_FALSE(speaks());
    scene.facts.product->serial_pattern = "[0-9]{4}";
    scene.facts.product->lot_pattern = "K[0-9]";  // then it is not that either
    CHECK_FALSE(speaks());
    scene.facts.product->lot_pattern.clear();
    scene.attempt.observation.other_readings = {{"L-2", "", "(10)L"}};
    CHECK(speaks());
}

TEST_CASE("a carton's goods are judged by the line of their product and lot", "[rules][R-14]") {
    Scene scene = everything();
    scene.attempt.step = Step::ship;
    scene.facts.intent = Intent::load_carton;
    content_like_the_unit(scene);
    scene.facts.contents.front().expires_on = day("2026-11-24");
    LineFacts& line = scene.facts.lines.front();
    line.min_life_days = 3;
    const auto is_enough = [&] { return life_is_enough(scene.facts, scene.attempt).accepted(); };
    CHECK_FALSE(is_enough());
    line.lot_key = "l-2";
    CHECK_FALSE(is_enough());
    line.lot_key = "l-9";
    CHECK(is_enough());
    line.lot_key.clear();
    line.gtin = "09506000134369";
    CHECK(is_enough());
    line.gtin = "09506000134352";
    scene.facts.document->kind = "asn";
    CHECK(is_enough());
}

TEST_CASE("an old copy of the delivery is old a second after its time", "[rules][R-08]") {
    Scene scene = unit_at(Step::receive, UnitState::expected);
    scene.facts.unit.reset();
    scene.facts.lines.front().has_serials = true;
    scene.facts.product->regimes = "rx";
    scene.facts.product->doc_max_age_min = 60;
    const auto decision = [&] { return serial_is_announced(scene.facts, scene.attempt).decision; };
    CHECK(decision() == Decision::warn);
    scene.facts.doc_age_s = 3600;
    CHECK(decision() == Decision::hold);
    scene.facts.doc_age_s = 3601;
    CHECK(decision() == Decision::warn);
}

TEST_CASE("what no product counts is counted in pieces", "[rules][R-11]") {
    Scene scene = everything();
    scene.facts.product.reset();
    scene.attempt.what.quantity = 3;
    scene.attempt.what.weight = Measure{1250, 0};
    CHECK(scene.facts.quantity(scene.attempt) == 3);
}
