// Each rule alone, over facts made by hand: when it speaks, and when it keeps silent.

#include "store/rules/every_rule.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

using namespace lotgate;
using namespace lotgate::rules;

namespace {

Date day(const char* iso) {
    return *parse_date(iso);
}

Attempt attempt_at(Step step) {
    Attempt attempt;
    attempt.step = step;
    attempt.station = "ST-1";
    attempt.site_date = day("2026-11-22");
    attempt.policy = std::make_shared<StationPolicy>();
    return attempt;
}

Attempt unit_at(Step step, const char* serial = "S-1") {
    Attempt attempt = attempt_at(step);
    attempt.what.gtin = *Gtin::parse("09506000134352");
    if (serial != nullptr) attempt.what.serial = *Serial::parse(serial);
    return attempt;
}

Facts serialised(UnitState state = UnitState::none) {
    Facts facts;
    facts.intent = Intent::take_unit;
    facts.product = ProductFacts{"Romaine", true, true, true};
    if (state == UnitState::none) return facts;
    facts.unit = UnitFacts{};
    facts.unit->state = state;
    return facts;
}

Facts counted() {
    Facts facts;
    facts.intent = Intent::take_unit;
    facts.product = ProductFacts{"Kale", false, true, false};
    return facts;
}

Facts with_document(Facts facts, const char* kind, const char* state = "open") {
    facts.document = DocumentFacts{};
    facts.document->id = kind == std::string("asn") ? "ASN-1" : "SO-1";
    facts.document->kind = kind;
    facts.document->state = state;
    return facts;
}

LineFacts line_of(std::int64_t quantity, std::int64_t done, const char* lot = "") {
    LineFacts line;
    line.line = 1;
    line.quantity = quantity;
    line.done = done;
    line.lot_raw = lot;
    line.lot_key = lot_key_of(lot);
    return line;
}

Facts carton_facts(Intent intent, const char* state) {
    Facts facts;
    facts.intent = intent;
    facts.carton = CartonFacts{};
    facts.carton->state = state;
    facts.carton->kind = "carton";
    facts.carton->station = "ST-1";
    return facts;
}

Attempt carton_at(Step step) {
    Attempt attempt = attempt_at(step);
    attempt.what.sscc = *Sscc::parse("095060000000001005");
    return attempt;
}

HoldFacts hold_for(const char* reason) {
    return {"H-1", reason, "II", "lot:x/y"};
}

}  // namespace

TEST_CASE("a read without a code is refused everywhere", "[rules][N-15]") {
    Attempt attempt = attempt_at(Step::divert);
    CHECK(code_was_read({}, attempt).accepted());
    attempt.observation.is_no_read = true;
    CHECK(code_was_read({}, attempt).code == "NOREAD");
    CHECK(code_was_read({}, attempt).decision == Decision::divert);
}

TEST_CASE("a read older than the station allows decides nothing", "[rules][G-01]") {
    Attempt attempt = attempt_at(Step::pack);
    attempt.observation.age_ms = 5000;
    CHECK(scan_is_fresh({}, attempt).accepted());
    attempt.observation.age_ms = 5001;
    CHECK(scan_is_fresh({}, attempt).code == "STALE_SCAN");
    CHECK(scan_is_fresh({}, attempt).decision == Decision::reject);
}

TEST_CASE("a code that cannot be understood is named by its class", "[rules][N-02]") {
    Attempt attempt = attempt_at(Step::receive);
    attempt.observation.parse_error = "lint:bad_date";
    attempt.observation.parse_told = "Month 13 in (17). Scan again.";
    CHECK(code_is_understood({}, attempt).code == "PARSE_LINT_BAD_DATE");
    CHECK(code_is_understood({}, attempt).told == "Month 13 in (17). Scan again.");
}

TEST_CASE("errors that the rules name have their own codes", "[rules][N-02]") {
    Attempt attempt = attempt_at(Step::receive);
    const auto code_for = [&](const char* error, const char* about) {
        attempt.observation.parse_error = error;
        attempt.observation.parse_about = about;
        return code_is_understood({}, attempt).code;
    };
    CHECK(code_for("bad_check_digit", "01") == "GTIN_BAD_CHECK");
    CHECK(code_for("bad_check_digit", "00") == "PARSE_BAD_CHECK_DIGIT");
    CHECK(code_for("lint:bad_date", "17") == "EXP_INVALID");
    CHECK(code_for("lint:bad_date", "11") == "PARSE_LINT_BAD_DATE");
    CHECK(code_for("ai_repeat_conflict", "10") == "PARSE_AI_CONFLICT");
    CHECK(code_for("control_character", "") == "PARSE_CTRL_CHAR");
    CHECK(case_kind_of("GTIN_BAD_CHECK") != nullptr);
}

TEST_CASE("two codes of one carton that disagree send it to a person", "[rules][N-14]") {
    Attempt attempt = attempt_at(Step::divert);
    CHECK(codes_agree({}, attempt).code.empty());
    attempt.observation.label_conflict = "The codes of this label disagree.";
    CHECK(codes_agree({}, attempt).code == "LABEL_CONFLICT");
    CHECK(codes_agree({}, attempt).decision == Decision::divert);
    CHECK(divert_reason_of(codes_agree({}, attempt)) == 2);
    CHECK(judge({}, attempt).verdict.code == "LABEL_CONFLICT");
}

TEST_CASE("a lot that may have swallowed a date is shown, and never cut", "[rules][N-03]") {
    Attempt attempt = attempt_at(Step::receive);
    attempt.what.lot = *Lot::parse("032915210526");
    attempt.observation.other_readings = {{"0329", "", "(10)0329(15)210526"}};
    Facts facts;
    CHECK(separator_was_read(facts, attempt).code.empty());  // of which product?
    facts.product = ProductFacts{};
    CHECK(separator_was_read(facts, attempt).code.empty());  // nothing speaks against it
    facts.product->lot_pattern = "[0-9]{12}";
    CHECK(separator_was_read(facts, attempt).code.empty());
    for (const char* pattern : {"[0-9]{4}", "[0-9]+"}) {
        facts.product->lot_pattern = pattern;
        const Verdict verdict = separator_was_read(facts, attempt);
        CHECK(verdict.code == "PARSE_AMBIGUOUS_NO_GS");
        CHECK(verdict.decision == Decision::divert);
        CHECK(verdict.told.find("(10)0329(15)210526") != std::string::npos);
    }
    facts.product->lot_pattern = "[0-9";  // a mistake in the master data stops no goods
    CHECK(separator_was_read(facts, attempt).code.empty());
    facts.product->lot_pattern.clear();
    LineFacts line;
    line.lot_key = "0329";
    facts.lines = {line};
    CHECK(separator_was_read(facts, attempt).decision == Decision::divert);
    facts.lines[0].lot_key = "032915210526";
    CHECK(separator_was_read(facts, attempt).code.empty());
    facts.product->lot_pattern = "[0-9]+";
    CHECK(separator_was_read(facts, attempt).decision == Decision::warn);
    attempt.observation.other_readings.clear();
    CHECK(separator_was_read(facts, attempt).code.empty());
}

TEST_CASE("the same code again at one station is the same unit", "[rules][N-13]") {
    Facts facts = serialised(UnitState::received);
    facts.unit->location = "ST-1";
    Attempt attempt = unit_at(Step::receive);
    CHECK(second_read_of_one(facts, attempt).code.empty());
    facts.last_read = LastReadFacts{attempt.at, "received", "ASN-1", "1 / 4"};
    CHECK(second_read_of_one(facts, attempt).code == "REREAD");
    CHECK(second_read_of_one(facts, attempt).accepted());
    CHECK(judge(facts, attempt).verdict.code == "REREAD");
    attempt.observation.age_ms = 60'000;
    CHECK(judge(facts, attempt).verdict.code == "STALE_SCAN");
    attempt.at.us += 60'000'000;
    CHECK(second_read_of_one(facts, attempt).code == "REREAD");
    attempt.at.us += 1;
    CHECK(second_read_of_one(facts, attempt).code.empty());
    attempt.at = facts.last_read->at;
    facts.unit->location = "ST-2";
    CHECK(second_read_of_one(facts, attempt).code.empty());
    facts.unit->location = "ST-1";
    facts.last_read->did.clear();
    CHECK(second_read_of_one(facts, attempt).code.empty());
}

TEST_CASE("a lot without its product is asked about, never guessed", "[rules][N-12]") {
    Attempt attempt = attempt_at(Step::receive);
    attempt.what.lot = *Lot::parse("L-88");
    CHECK(lot_comes_with_product({}, attempt).code == "LOT_WITHOUT_PRODUCT");
    attempt.what.gtin = *Gtin::parse("09506000134352");
    CHECK(lot_comes_with_product({}, attempt).accepted());
}

TEST_CASE("goods of an unknown product are diverted", "[rules][R-01]") {
    Facts facts = serialised();
    CHECK(product_is_known(facts, unit_at(Step::receive)).accepted());
    facts.product.reset();
    CHECK(product_is_known(facts, unit_at(Step::receive)).code == "PRODUCT_UNKNOWN");
}

TEST_CASE("serials and lots are asked for where the product is tracked by them",
          "[rules][R-03][R-04]") {
    CHECK(serial_is_given(serialised(), unit_at(Step::receive, nullptr)).code == "SERIAL_REQUIRED");
    CHECK(serial_is_given(serialised(), unit_at(Step::receive)).accepted());
    CHECK(serial_is_given(counted(), unit_at(Step::receive, nullptr)).accepted());
    CHECK(lot_is_given(counted(), unit_at(Step::receive, nullptr)).code == "LOT_REQUIRED");
    Attempt with_lot = unit_at(Step::receive);
    with_lot.what.lot = *Lot::parse("L-1");
    CHECK(lot_is_given(counted(), with_lot).accepted());
    Facts announced = serialised(UnitState::expected);
    announced.unit->lot_key = "l-88";
    CHECK(lot_is_given(announced, unit_at(Step::receive)).accepted());
}

TEST_CASE("a serial that is here, missing or shipped cannot be received again", "[rules][R-05]") {
    struct Row {
        UnitState state;
        bool is_duplicate;
    };

    const auto row = GENERATE(Row{UnitState::expected, false},
                              Row{UnitState::received, true},
                              Row{UnitState::in_inventory, true},
                              Row{UnitState::packed, true},
                              Row{UnitState::shipped, true},
                              Row{UnitState::returned, true},
                              Row{UnitState::missing, true});
    const Verdict verdict = serial_is_new(serialised(row.state), unit_at(Step::receive));
    INFO(name_of(row.state));
    CHECK(verdict.accepted() == !row.is_duplicate);
    if (!row.is_duplicate) return;
    CHECK(verdict.code == "SERIAL_DUPLICATE");
    CHECK(verdict.override_class == OverrideClass::never);
}

TEST_CASE("a serial that differs by a dash from a known one is compared by a person",
          "[rules][R-06]") {
    Facts facts = serialised();
    facts.near_serial = "s1";
    CHECK(serial_has_no_near_twin(facts, unit_at(Step::receive)).code == "SERIAL_NEAR_DUP");
    facts.near_serial.clear();
    CHECK(serial_has_no_near_twin(facts, unit_at(Step::receive)).accepted());
}

TEST_CASE("a serial that was scrapped or relabelled does not come back", "[rules][R-07]") {
    for (const UnitState state : {UnitState::scrapped, UnitState::relabelled})
        CHECK(serial_is_not_retired(serialised(state), unit_at(Step::receive)).code ==
              "SERIAL_RETIRED");
    CHECK(
        serial_is_not_retired(serialised(UnitState::expected), unit_at(Step::receive)).accepted());
}

TEST_CASE("a serial that the delivery does not list is taken in and asked about", "[rules][R-08]") {
    Facts facts = with_document(serialised(), "asn");
    LineFacts line = line_of(4, 0);
    CHECK(serial_is_announced(facts, unit_at(Step::receive)).accepted());
    line.has_serials = true;
    facts.lines = {line};
    CHECK(serial_is_announced(facts, unit_at(Step::receive)).code == "SERIAL_NOT_ON_ASN");
    CHECK(serial_is_announced(facts, unit_at(Step::receive)).decision == Decision::warn);
    Facts other = with_document(serialised(UnitState::expected), "asn");
    other.unit->document = "ASN-2";
    CHECK(serial_is_announced(other, unit_at(Step::receive)).code == "SERIAL_NOT_ON_ASN");
    other.unit->document = "ASN-1";
    CHECK(serial_is_announced(other, unit_at(Step::receive)).accepted());
}

TEST_CASE("a label that contradicts the delivery is held", "[rules][R-10]") {
    Facts facts = serialised(UnitState::expected);
    facts.unit->lot_key = "l-88";
    facts.unit->expires_on = day("2027-01-31");
    Attempt attempt = unit_at(Step::receive);
    attempt.what.lot = *Lot::parse("L-88");
    attempt.what.expires_on = day("2027-01-31");
    CHECK(label_agrees_with_asn(facts, attempt).accepted());
    attempt.what.expires_on = day("2027-02-01");
    CHECK(label_agrees_with_asn(facts, attempt).code == "LOT_MISMATCH_FOR_SERIAL");
    attempt.what.expires_on.reset();
    attempt.what.lot = *Lot::parse("L-89");
    CHECK(label_agrees_with_asn(facts, attempt).decision == Decision::hold);
}

TEST_CASE("more than was announced is not taken in unasked", "[rules][R-11]") {
    Attempt attempt = unit_at(Step::receive, nullptr);
    attempt.what.lot = *Lot::parse("K-1");
    Facts facts = with_document(counted(), "asn");
    CHECK(receipt_is_within_order(facts, attempt).code == "OVER_RECEIPT");
    facts.lines = {line_of(10, 8, "K-1")};
    attempt.what.quantity = 2;
    CHECK(receipt_is_within_order(facts, attempt).accepted());
    attempt.what.quantity = 3;
    CHECK(receipt_is_within_order(facts, attempt).code == "OVER_RECEIPT");
    Facts listed = with_document(serialised(), "asn");
    LineFacts with_serials = line_of(4, 4);
    with_serials.has_serials = true;
    listed.lines = {with_serials};
    CHECK(receipt_is_within_order(listed, unit_at(Step::receive)).accepted());
}

TEST_CASE("a lot is good through the end of its printed date", "[rules][R-12][R-41]") {
    struct Row {
        const char* expires_on;
        bool is_good;
    };

    const auto row =
        GENERATE(Row{"2026-11-21", false}, Row{"2026-11-22", true}, Row{"2026-11-23", true});
    INFO(row.expires_on);
    Facts facts = serialised(UnitState::expected);
    facts.unit->expires_on = day(row.expires_on);
    CHECK(not_expired_at_receipt(facts, unit_at(Step::receive)).accepted() == row.is_good);
    facts.unit->state = UnitState::received;
    CHECK(not_expired_when_leaving(facts, unit_at(Step::pack)).accepted() == row.is_good);
    Facts carton = carton_facts(Intent::load_carton, "PACKED");
    carton.contents.emplace_back();
    carton.contents.back().expires_on = day(row.expires_on);
    CHECK(not_expired_when_leaving(carton, carton_at(Step::ship)).accepted() == row.is_good);
}

TEST_CASE("of two expiry dates of one lot the earlier one counts and the goods are held",
          "[rules][R-15]") {
    Facts facts = counted();
    facts.lot = LotFacts{"K-1", day("2027-01-31")};
    Attempt attempt = unit_at(Step::receive, nullptr);
    CHECK(lot_has_one_expiry(facts, attempt).accepted());
    attempt.what.expires_on = day("2027-01-31");
    CHECK(lot_has_one_expiry(facts, attempt).accepted());
    attempt.what.expires_on = day("2027-03-31");
    CHECK(lot_has_one_expiry(facts, attempt).code == "LOT_EXPIRY_CONFLICT");
    CHECK(facts.expires_on(attempt) == day("2027-01-31"));
}

TEST_CASE("goods that need an expiry date are held without one", "[rules][R-16]") {
    Facts facts = serialised();
    CHECK(expiry_is_given(facts, unit_at(Step::receive)).code == "EXPIRY_MISSING");
    facts.lot = LotFacts{"L-88", day("2027-01-31")};
    CHECK(expiry_is_given(facts, unit_at(Step::receive)).accepted());
    CHECK(expiry_is_given(counted(), unit_at(Step::receive, nullptr)).accepted());
}

TEST_CASE("held goods stop, are received into custody, and may go to quarantine",
          "[rules][R-18][R-19]") {
    Facts facts = serialised(UnitState::received);
    facts.holds = {hold_for("quarantine")};
    CHECK(nothing_is_on_hold(facts, unit_at(Step::pack)).code == "ON_HOLD_QUARANTINE");
    CHECK(nothing_is_on_hold(facts, unit_at(Step::pack)).blocks());
    CHECK(nothing_is_on_hold(facts, unit_at(Step::receive)).decision == Decision::hold);
    CHECK(nothing_is_on_hold(facts, unit_at(Step::quarantine)).accepted());
    facts.holds = {hold_for("recall")};
    CHECK(nothing_is_on_hold(facts, unit_at(Step::pack)).accepted());
    CHECK(lot_is_not_recalled(facts, unit_at(Step::pack)).code == "RECALLED_LOT");
    CHECK(lot_is_not_recalled(facts, unit_at(Step::pack)).override_class == OverrideClass::never);
    CHECK(lot_is_not_recalled(facts, unit_at(Step::quarantine)).accepted());
}

TEST_CASE("only ordered goods go into the carton, and no more than ordered",
          "[rules][R-32][R-34]") {
    Facts facts = with_document(serialised(UnitState::received), "order");
    facts.unit->lot_key = "l-88";
    CHECK(unit_is_on_order(facts, unit_at(Step::pack)).code == "WRONG_ORDER");
    facts.lines = {line_of(2, 1)};
    CHECK(unit_is_on_order(facts, unit_at(Step::pack)).accepted());
    CHECK(order_has_room(facts, unit_at(Step::pack)).accepted());
    facts.lines = {line_of(2, 1, "L-99")};
    CHECK(unit_is_on_order(facts, unit_at(Step::pack)).code == "WRONG_ORDER");
    facts.lines = {line_of(2, 2)};
    CHECK(order_has_room(facts, unit_at(Step::pack)).code == "PACK_EXTRA");
}

TEST_CASE("a unit is in one carton", "[rules][R-35]") {
    Facts facts = serialised(UnitState::packed);
    facts.unit->container = "C7";
    facts.carton = CartonFacts{};
    facts.carton->id = "C8";
    CHECK(unit_is_not_packed(facts, unit_at(Step::pack)).code == "ALREADY_PACKED");
    CHECK(unit_is_not_in_this_carton(facts, unit_at(Step::pack)).accepted());
    facts.carton->id = "C7";
    CHECK(unit_is_not_packed(facts, unit_at(Step::pack)).accepted());
    CHECK(unit_is_not_in_this_carton(facts, unit_at(Step::pack)).code == "REREAD");
    // A picker takes it out of no carton at all.
    CHECK(unit_is_not_packed(facts, unit_at(Step::pick)).code == "ALREADY_PACKED");
}

TEST_CASE("what has left is not shipped again", "[rules][R-37]") {
    CHECK(not_shipped_before(carton_facts(Intent::load_carton, "SHIPPED"), carton_at(Step::ship))
              .code == "DOUBLE_SHIP");
    CHECK(not_shipped_before(carton_facts(Intent::load_carton, "PACKED"), carton_at(Step::ship))
              .accepted());
    CHECK(not_shipped_before(serialised(UnitState::shipped), unit_at(Step::pack)).code ==
          "DOUBLE_SHIP");
}

TEST_CASE("only closed cartons of living orders leave", "[rules][R-38]") {
    CHECK(carton_is_packed(carton_facts(Intent::load_carton, "OPEN"), carton_at(Step::ship)).code ==
          "NOT_PACKED");
    Facts facts = with_document(carton_facts(Intent::load_carton, "PACKED"), "order", "cancelled");
    CHECK(carton_is_packed(facts, carton_at(Step::ship)).accepted());
    CHECK(order_is_alive(facts, carton_at(Step::ship)).code == "ORDER_CANCELLED");
    Attempt unknown = carton_at(Step::ship);
    CHECK(carton_is_ours(Facts{}, unknown).code == "UNKNOWN_CARTON");
}

TEST_CASE("goods counted by lot are never taken below what is there", "[rules][R-30]") {
    Facts facts = counted();
    Attempt attempt = unit_at(Step::pack, nullptr);
    attempt.what.quantity = 3;
    facts.stock = {{"A", 2}};
    CHECK(stock_covers_it(facts, attempt).code == "LOT_NEGATIVE");
    facts.stock.push_back({"B", 1});
    CHECK(stock_covers_it(facts, attempt).accepted());
}

TEST_CASE("the first blocking rule names the verdict and all findings are kept", "[rules]") {
    Facts facts = with_document(serialised(UnitState::received), "order");
    facts.holds = {hold_for("damaged")};
    facts.unit->expires_on = day("2020-01-01");
    const Judgement judgement = judge(facts, unit_at(Step::pack));
    CHECK(judgement.verdict.code == "ON_HOLD_DAMAGED");
    std::set<std::string> codes;
    for (const Verdict& finding : judgement.findings) codes.insert(finding.code);
    CHECK(codes == std::set<std::string>{"ON_HOLD_DAMAGED", "WRONG_ORDER", "EXPIRED_AT_SHIP"});
}

TEST_CASE("what a count finds is booked where it stands", "[rules][R-48]") {
    Facts facts = serialised(UnitState::in_inventory);
    facts.unit->location = "ST-1";
    CHECK(count_agrees(facts, unit_at(Step::count)).accepted());
    facts.unit->location = "ST-2";
    CHECK(count_agrees(facts, unit_at(Step::count)).code == "COUNT_ELSEWHERE");
    CHECK(count_agrees(serialised(), unit_at(Step::count)).code == "COUNT_UNEXPECTED");
    CHECK(count_agrees(serialised(UnitState::shipped), unit_at(Step::count)).code ==
          "COUNT_UNEXPECTED");
    CHECK(count_agrees(serialised(UnitState::missing), unit_at(Step::count)).accepted());
}

TEST_CASE("every rule of the law is asked at a station or carried out elsewhere", "[rules]") {
    std::set<std::string> asked;
    std::set<std::string> others;
    for (const RuleRow& row : book()) asked.insert(std::string(row.id));
    for (const ElsewhereRow& row : elsewhere()) CHECK(others.insert(std::string(row.id)).second);
    const auto is_somewhere = [&](char letter, int number) {
        std::string id = std::string(1, letter) + (number < 10 ? "-0" : "-");
        id += std::to_string(number);
        INFO(id);
        CHECK(asked.contains(id) + others.contains(id) == 1);
    };
    for (int number = 1; number <= 15; ++number) is_somewhere('N', number);
    for (int number = 1; number <= 61; ++number) is_somewhere('R', number);
}

// LOTGATE_WRITE_DOCS=1 writes the page anew.
TEST_CASE("the page of rules says what the tables say", "[rules][docs]") {
    const std::string path = std::string(LOTGATE_SOURCE_DIR) + "/docs/RULES.md";
    if (std::getenv("LOTGATE_WRITE_DOCS") != nullptr) std::ofstream(path) << rules_page();
    std::stringstream written;
    written << std::ifstream(path).rdbuf();
    CHECK(written.str() == rules_page());
}

TEST_CASE("every rule has an id, a purpose and a phase in the order of precedence", "[rules]") {
    const std::vector<std::string_view> order{"parse",
                                              "identity",
                                              "hold",
                                              "state",
                                              "document",
                                              "quantity",
                                              "date",
                                              "rotation",
                                              "advisory"};
    std::size_t phase = 0;
    for (const RuleRow& row : book()) {
        INFO(row.name);
        CHECK_FALSE(row.purpose.empty());
        const auto at = std::find(order.begin(), order.end(), row.phase);
        REQUIRE(at != order.end());
        CHECK(static_cast<std::size_t>(at - order.begin()) >= phase);
        phase = static_cast<std::size_t>(at - order.begin());
    }
}
