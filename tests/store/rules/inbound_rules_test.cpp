// The rules of receiving and putting away, each alone: when it speaks, and when it keeps silent.

#include "store/rules/every_rule.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::rules;

namespace {

Date day(const char* iso) {
    return *parse_date(iso);
}

Attempt goods_at(Step step) {
    Attempt attempt;
    attempt.step = step;
    attempt.station = "ST-1";
    attempt.site_date = day("2026-11-22");
    attempt.policy = std::make_shared<StationPolicy>();
    attempt.what.gtin = *Gtin::parse("09506000134352");
    return attempt;
}

Attempt unit_at(Step step, const char* serial = "S-1") {
    Attempt attempt = goods_at(step);
    attempt.what.serial = *Serial::parse(serial);
    return attempt;
}

Facts serialised() {
    Facts facts;
    facts.intent = Intent::take_unit;
    facts.product = ProductFacts{"Romaine", true, true, true};
    return facts;
}

Facts counted() {
    Facts facts;
    facts.intent = Intent::take_unit;
    facts.product = ProductFacts{"Kale", false, true, false};
    return facts;
}

Facts with_asn(Facts facts) {
    facts.document = DocumentFacts{};
    facts.document->id = "ASN-1";
    facts.document->kind = "asn";
    facts.document->state = "open";
    return facts;
}

Facts at_place(Facts facts, const char* id, bool is_quarantine = false) {
    facts.location = LocationFacts{};
    facts.location->id = id;
    facts.location->is_known = true;
    facts.location->is_quarantine = is_quarantine;
    return facts;
}

}  // namespace

TEST_CASE("goods of one owner are not taken for another", "[rules][R-02]") {
    Facts facts = with_asn(serialised());
    facts.product->owner = "O-1";
    CHECK(product_is_ours(facts, unit_at(Step::receive)).accepted());
    facts.document->owner = "O-2";
    CHECK(product_is_ours(facts, unit_at(Step::receive)).code == "OWNER_MISMATCH");
    CHECK(product_is_ours(facts, unit_at(Step::receive)).decision == Decision::divert);
    CHECK(product_is_ours(facts, unit_at(Step::pack)).decision == Decision::reject);
    facts.unit = UnitFacts{};
    facts.unit->owner = "O-2";
    CHECK(product_is_ours(facts, unit_at(Step::receive)).accepted());
    facts.product->status = "discontinued";
    CHECK(product_is_ours(facts, unit_at(Step::receive)).code == "PRODUCT_DISCONTINUED");
}

TEST_CASE("a serial or lot that does not look like the product's is put aside", "[rules][G-09]") {
    Facts facts = serialised();
    Attempt attempt = unit_at(Step::receive, "AB12");
    CHECK(label_fits_pattern(facts, attempt).accepted());
    facts.product->serial_pattern = "[A-Z]{2}\\d{2}";
    CHECK(label_fits_pattern(facts, attempt).accepted());
    attempt.what.serial = *Serial::parse("AB123");
    CHECK(label_fits_pattern(facts, attempt).code == "SERIAL_PATTERN");
    attempt.what.serial.reset();
    facts.product->lot_pattern = "L\\d+";
    attempt.what.lot = *Lot::parse("K7");
    CHECK(label_fits_pattern(facts, attempt).code == "LOT_PATTERN");
    facts.product->lot_pattern = "(";
    CHECK(label_fits_pattern(facts, attempt).accepted());
}

TEST_CASE("bytes beyond ASCII in a lot are told and kept", "[rules][N-06]") {
    Attempt attempt = goods_at(Step::receive);
    attempt.what.lot = *Lot::parse("L-88");
    CHECK(identifiers_are_plain(counted(), attempt).accepted());
    attempt.what.lot = *Lot::parse("L-8\xc3\xa9");
    CHECK(identifiers_are_plain(counted(), attempt).code == "NONASCII_ID");
    CHECK(identifiers_are_plain(counted(), attempt).decision == Decision::warn);
}

TEST_CASE("the age of the hold list counts as the product wants it", "[rules][R-18]") {
    Facts facts = serialised();
    CHECK(hold_list_is_fresh(facts, unit_at(Step::receive)).accepted());
    facts.product->hold_max_age_min = 15;
    CHECK(hold_list_is_fresh(facts, unit_at(Step::receive)).code == "HOLDLIST_STALE");
    facts.hold_age_s = 15 * 60;
    CHECK(hold_list_is_fresh(facts, unit_at(Step::receive)).accepted());
    facts.hold_age_s = 15 * 60 + 1;
    CHECK(hold_list_is_fresh(facts, unit_at(Step::receive)).decision == Decision::warn);
    facts.product->hold_stale_blocks = true;
    CHECK(hold_list_is_fresh(facts, unit_at(Step::receive)).decision == Decision::divert);
    CHECK(hold_list_is_fresh(facts, unit_at(Step::pack)).decision == Decision::reject);
}

TEST_CASE("a decision under an old copy of a document says so", "[rules][R-38]") {
    Facts facts = with_asn(serialised());
    CHECK(documents_are_fresh(facts, unit_at(Step::receive)).accepted());
    facts.product->doc_max_age_min = 60;
    CHECK(documents_are_fresh(facts, unit_at(Step::receive)).code == "DOC_STALE");
    facts.doc_age_s = 3600;
    CHECK(documents_are_fresh(facts, unit_at(Step::receive)).accepted());
    facts.doc_age_s = 3601;
    CHECK(documents_are_fresh(facts, unit_at(Step::receive)).decision == Decision::warn);
}

TEST_CASE("a medicine that was not announced is held, other goods are asked about",
          "[rules][R-08]") {
    Facts facts = with_asn(serialised());
    LineFacts line;
    line.has_serials = true;
    line.quantity = 4;
    facts.lines.push_back(line);
    CHECK(serial_is_announced(facts, unit_at(Step::receive)).decision == Decision::warn);
    facts.product->regimes = "dscsa rx";
    CHECK(serial_is_announced(facts, unit_at(Step::receive)).decision == Decision::hold);
    facts.product->doc_max_age_min = 60;
    CHECK(serial_is_announced(facts, unit_at(Step::receive)).decision == Decision::warn);
    facts.doc_age_s = 60;
    CHECK(serial_is_announced(facts, unit_at(Step::receive)).decision == Decision::hold);
}

TEST_CASE("a medicine whose label contradicts its pedigree is suspect", "[rules][R-20]") {
    Facts facts = serialised();
    facts.unit = UnitFacts{};
    facts.unit->state = UnitState::expected;
    facts.unit->lot_key = "l-88";
    Attempt attempt = unit_at(Step::receive);
    attempt.what.lot = *Lot::parse("L-99");
    CHECK(product_is_not_suspect(facts, attempt).accepted());
    facts.product->regimes = "rx";
    CHECK(product_is_not_suspect(facts, attempt).code == "SUSPECT_PRODUCT");
    CHECK(product_is_not_suspect(facts, attempt).override_class == OverrideClass::never);
    CHECK(hold_reason_of("SUSPECT_PRODUCT") == "suspect");
    attempt.what.lot = *Lot::parse("L-88");
    CHECK(product_is_not_suspect(facts, attempt).accepted());
}

TEST_CASE("goods must come with the life that was agreed", "[rules][R-13]") {
    Facts facts = serialised();
    Attempt attempt = unit_at(Step::receive);
    attempt.what.expires_on = day("2026-12-22");  // 30 days left
    CHECK(shelf_life_is_enough(facts, attempt).accepted());
    facts.product->min_life_in_days = 30;
    CHECK(shelf_life_is_enough(facts, attempt).accepted());
    facts.product->min_life_in_days = 31;
    CHECK(shelf_life_is_enough(facts, attempt).code == "SHELF_LIFE_SHORT_IN");
    facts.product->min_life_in_days = 0;
    facts.product->life_days_max = 91;
    facts.product->min_life_in_percent = 33;  // 30.03 days: 31
    CHECK(shelf_life_is_enough(facts, attempt).decision == Decision::hold);
    facts.product->min_life_in_percent = 32;  // 29.12 days: 30
    CHECK(shelf_life_is_enough(facts, attempt).accepted());
    attempt.what.expires_on = day("2026-11-21");
    CHECK(shelf_life_is_enough(facts, attempt).accepted());
}

TEST_CASE("an expiry date that cannot be true is not believed", "[rules][R-17]") {
    Facts facts = serialised();
    Attempt attempt = unit_at(Step::receive);
    attempt.what.expires_on = day("2027-11-22");  // 365 days
    CHECK(expiry_is_plausible(facts, attempt).accepted());
    facts.product->life_days_max = 365;
    CHECK(expiry_is_plausible(facts, attempt).accepted());
    facts.product->life_days_max = 364;
    CHECK(expiry_is_plausible(facts, attempt).code == "EXPIRY_IMPLAUSIBLE");
    facts.product->life_days_max = 0;
    attempt.what.produced_on = day("2027-11-23");
    CHECK(expiry_is_plausible(facts, attempt).decision == Decision::hold);
    attempt.what.produced_on = day("2027-11-22");
    CHECK(expiry_is_plausible(facts, attempt).accepted());
}

TEST_CASE("a best-before date warns, or counts like an expiry date where the product says so",
          "[rules][R-12]") {
    Facts facts = counted();
    Attempt attempt = goods_at(Step::receive);
    attempt.what.best_before = day("2026-11-22");
    CHECK(best_before_is_ahead(facts, attempt).accepted());
    attempt.what.best_before = day("2026-11-21");
    CHECK(best_before_is_ahead(facts, attempt).code == "BEST_BEFORE_PASSED");
    CHECK(not_expired_at_receipt(facts, attempt).accepted());
    facts.product->best_before_blocks = true;
    CHECK(best_before_is_ahead(facts, attempt).accepted());
    CHECK(not_expired_at_receipt(facts, attempt).code == "EXPIRED_AT_RECEIPT");
    CHECK(not_expired_at_receipt(facts, attempt).override_class == OverrideClass::supervisor);
    facts.product->regimes = "udi";
    CHECK(not_expired_at_receipt(facts, attempt).override_class == OverrideClass::never);
}

TEST_CASE("a label without a day is told of where the goods are regulated", "[rules][N-11]") {
    Facts facts = serialised();
    Attempt attempt = unit_at(Step::receive);
    attempt.what.expiry_day_zero = true;
    CHECK(expiry_has_a_day(facts, attempt).accepted());
    facts.product->regimes = "udi";
    CHECK(expiry_has_a_day(facts, attempt).code == "EXP_DAY00_REGULATED");
}

TEST_CASE("more than announced is taken in within the tolerance alone", "[rules][R-11]") {
    Facts facts = with_asn(counted());
    LineFacts line;
    line.line = 1;
    line.quantity = 100;
    line.done = 100;
    facts.lines.push_back(line);
    Attempt attempt = goods_at(Step::receive);
    attempt.what.quantity = 5;
    CHECK(receipt_is_within_order(facts, attempt).decision == Decision::divert);
    facts.lines[0].tolerance_percent = 4;
    CHECK(receipt_is_within_order(facts, attempt).decision == Decision::divert);
    facts.lines[0].tolerance_percent = 5;
    CHECK(receipt_is_within_order(facts, attempt).decision == Decision::warn);
    CHECK(receipt_is_within_order(facts, attempt).code == "OVER_RECEIPT");
    CHECK(facts.line_within_tolerance(attempt)->line == 1);
}

TEST_CASE("held goods are put into quarantine alone", "[rules][R-22]") {
    Facts facts = at_place(serialised(), "A-01");
    CHECK(held_goods_go_to_quarantine(facts, unit_at(Step::putaway)).accepted());
    facts.holds.push_back({"H-1", "damaged", "", "x"});
    CHECK(held_goods_go_to_quarantine(facts, unit_at(Step::putaway)).code == "HELD_TO_PICKABLE");
    CHECK(held_goods_go_to_quarantine(facts, unit_at(Step::putaway)).override_class ==
          OverrideClass::never);
    CHECK(nothing_is_on_hold(facts, unit_at(Step::putaway)).accepted());
    facts.location->is_quarantine = true;
    CHECK(held_goods_go_to_quarantine(facts, unit_at(Step::putaway)).accepted());
    facts.holds[0].reason = "suspect";
    CHECK(held_goods_go_to_quarantine(facts, unit_at(Step::putaway)).code == "SUSPECT_NEEDS_CAGE");
    facts.location->is_lockable = true;
    CHECK(held_goods_go_to_quarantine(facts, unit_at(Step::putaway)).accepted());
}

TEST_CASE("a place mixes lots only as far as it may", "[rules][R-21]") {
    Facts facts = at_place(counted(), "A-01");
    Attempt attempt = goods_at(Step::putaway);
    attempt.what.lot = *Lot::parse("K-1");
    attempt.what.expires_on = day("2027-01-31");
    facts.standing.push_back({"09506000134352", "k-2", day("2027-01-31")});
    CHECK(location_takes_lot(facts, attempt).accepted());
    facts.location->lot_mix = "warn";
    CHECK(location_takes_lot(facts, attempt).decision == Decision::warn);
    facts.location->lot_mix = "forbid";
    CHECK(location_takes_lot(facts, attempt).decision == Decision::reject);
    CHECK(location_takes_lot(facts, attempt).code == "LOT_MIX_LOCATION");
    facts.location->lot_mix = "forbid_different_expiry";
    CHECK(location_takes_lot(facts, attempt).accepted());
    facts.standing[0].expires_on = day("2027-02-01");
    CHECK(location_takes_lot(facts, attempt).blocks());
    facts.standing[0].gtin = "09506000134369";
    CHECK(location_takes_lot(facts, attempt).accepted());
    facts.location->temp_class = "frozen";
    CHECK(location_takes_lot(facts, attempt).accepted());
    facts.product->temp_class = "chilled";
    CHECK(location_takes_lot(facts, attempt).blocks());
}

TEST_CASE("a mixed pallet does not go where lots are not mixed", "[rules][R-21]") {
    Facts facts = at_place({}, "A-01");
    facts.intent = Intent::move_container;
    facts.location->lot_mix = "forbid";
    ContentFacts one;
    one.gtin = "09506000134352";
    one.lot_key = "a";
    facts.contents = {one, one};
    CHECK(location_takes_lot(facts, goods_at(Step::putaway)).accepted());
    facts.contents[1].lot_key = "b";
    CHECK(location_takes_lot(facts, goods_at(Step::putaway)).blocks());
}

TEST_CASE("a pallet is moved when something of it was received", "[rules][G-10]") {
    Facts facts = at_place({}, "A-01");
    Attempt attempt = goods_at(Step::putaway);
    CHECK(pallet_is_received(facts, attempt).accepted());
    facts.intent = Intent::move_container;
    CHECK(pallet_is_received(facts, attempt).code == "UNKNOWN_CARTON");
    facts.carton = CartonFacts{};
    CHECK(pallet_is_received(facts, attempt).code == "PALLET_NOT_RECEIVED");
    ContentFacts one;
    one.serial = "S-1";
    one.state = UnitState::expected;
    facts.contents = {one};
    CHECK(pallet_is_received(facts, attempt).code == "PALLET_NOT_RECEIVED");
    facts.contents[0].state = UnitState::received;
    CHECK(pallet_is_received(facts, attempt).accepted());
}

TEST_CASE("a receiving record of listed food names its sender in full", "[rules][R-60]") {
    Facts facts = counted();
    CHECK(traceability_is_complete(facts, goods_at(Step::receive)).accepted());
    facts.product->regimes = "fsma204";
    CHECK(traceability_is_complete(facts, goods_at(Step::receive)).code == "KDE_MISSING_IN");
    facts.party = PartyFacts{};
    facts.party->phone = "1";
    CHECK_FALSE(traceability_is_complete(facts, goods_at(Step::receive)).accepted());
    facts.party->gln = "1";
    CHECK(traceability_is_complete(facts, goods_at(Step::receive)).accepted());
}

TEST_CASE("a look-alike that was announced is shown, never taken", "[rules][N-09]") {
    Facts facts = serialised();
    CHECK(near_match_is_shown(facts, unit_at(Step::receive)).accepted());
    facts.near_match = "S-I";
    CHECK(near_match_is_shown(facts, unit_at(Step::receive)).code == "NEAR_MATCH_HINT");
}

TEST_CASE("quantities count in the product's unit", "[rules][R-11]") {
    Facts facts = counted();
    Attempt attempt = goods_at(Step::receive);
    CHECK(facts.quantity(attempt) == 1);
    facts.product->scale = 3;
    CHECK(facts.quantity(attempt) == 1000);
    attempt.what.weight = Measure{1250, 2};
    CHECK(facts.quantity(attempt) == 1000);
    facts.product->unit = "KG";
    CHECK(facts.quantity(attempt) == 12500);
}
