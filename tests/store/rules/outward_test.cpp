// The rules on the way out, each alone over facts made by hand.

#include "store/rules/case_effects.hpp"
#include "store/rules/every_rule.hpp"
#include "store/rules/freshness.hpp"
#include "store/rules/need.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::rules;

namespace {

Date day(const char* iso) {
    return *parse_date(iso);
}

std::shared_ptr<StationPolicy> policy_of(Attempt& attempt) {
    auto policy = std::make_shared<StationPolicy>();
    attempt.policy = policy;
    return policy;
}

Attempt attempt_at(Step step) {
    Attempt attempt;
    attempt.step = step;
    attempt.station = "ST-1";
    attempt.site_date = day("2026-11-22");
    attempt.what.gtin = *Gtin::parse("09506000134352");
    attempt.what.serial = *Serial::parse("S-1");
    attempt.what.lot = *Lot::parse("L-2");
    policy_of(attempt);
    return attempt;
}

// A serialised unit of lot L-2, good until 31 December, for one line of order SO-1.
Facts taking() {
    Facts facts;
    facts.intent = Intent::take_unit;
    facts.product = ProductFacts{};
    facts.product->name = "Romaine";
    facts.product->serial_tracked = true;
    facts.document = DocumentFacts{};
    facts.document->id = "SO-1";
    facts.document->kind = "order";
    facts.document->state = "open";
    facts.document->quantity = 5;
    LineFacts line;
    line.line = 1;
    line.gtin = "09506000134352";
    line.quantity = 5;
    facts.lines = {line};
    facts.lot = LotFacts{};
    facts.lot->raw = "L-2";
    facts.lot->expires_on = day("2026-12-31");
    facts.lot->first_seq = 20;
    facts.unit = UnitFacts{};
    facts.unit->state = UnitState::in_inventory;
    facts.party = PartyFacts{};
    return facts;
}

Candidate lot_until(const char* expires_on) {
    Candidate candidate;
    candidate.lot_key = "l-1";
    candidate.lot_raw = "L-1";
    candidate.place = "A-01";
    candidate.expires_on = day(expires_on);
    candidate.first_seq = 10;
    candidate.quantity = 1;
    return candidate;
}

Facts leaving(const char* expires_on) {
    Facts facts = taking();
    facts.intent = Intent::load_carton;
    ContentFacts content;
    content.gtin = "09506000134352";
    content.product_name = "Romaine";
    content.expires_on = day(expires_on);
    facts.contents = {content};
    facts.unit.reset();
    return facts;
}

}  // namespace

// From transitions.csv: each move that a step makes, with and without a hold on the unit.
TEST_CASE("a held unit makes only the moves that the life cycle marks for it", "[rules][R-18]") {
    int moves = 0;
    for (const Transition& move : transitions()) {
        for (int i = 0; i < 9; ++i) {
            const Step step = static_cast<Step>(i);
            if ((" " + move.steps + " ").find(" " + std::string(name_of(step)) + " ") ==
                std::string::npos)
                continue;
            ++moves;
            INFO(name_of(move.from) << " to " << name_of(move.to) << " at " << name_of(step));
            Facts facts = step == Step::ship ? leaving("2026-12-31") : taking();
            if (facts.unit) facts.unit->state = move.from;
            if (facts.unit && move.from == UnitState::picked) facts.unit->order = "SO-1";
            if (step == Step::receive) facts.document->kind = "asn";
            facts.carton = CartonFacts{};
            facts.carton->state = step == Step::ship ? "PACKED" : "OPEN";
            facts.carton->kind = "carton";
            const auto holds_it = [&](const Judgement& judgement) {
                for (const Verdict& finding : judgement.findings)
                    if (finding.code.starts_with("ON_HOLD_") || finding.code == "HELD_TO_PICKABLE")
                        return true;
                return false;
            };
            CHECK_FALSE(holds_it(judge(facts, attempt_at(step))));
            facts.holds = {{"H-1", "quarantine", "", "unit:x/y"}};
            const Judgement judgement = judge(facts, attempt_at(step));
            if (move.held_may) continue;
            CHECK(holds_it(judgement));
            CHECK((judgement.verdict.blocks() || judgement.verdict.decision == Decision::hold));
        }
    }
    CHECK(moves > 20);
}

TEST_CASE("delivery is planned from ship date, transit and what the order asks", "[rules][R-14]") {
    Facts facts = taking();
    Attempt attempt = attempt_at(Step::pack);
    CHECK(planned_delivery(facts, attempt) == day("2026-11-22"));
    attempt.ship_date = day("2026-11-23");
    CHECK(planned_delivery(facts, attempt) == day("2026-11-23"));
    facts.party->transit_days = 3;
    CHECK(planned_delivery(facts, attempt) == day("2026-11-26"));
    facts.document->ship_by = "2026-11-25";
    CHECK(planned_shipping(facts, attempt) == day("2026-11-25"));
    CHECK(planned_delivery(facts, attempt) == day("2026-11-28"));
    facts.document->deliver_by = "2026-11-27";
    CHECK(planned_delivery(facts, attempt) == day("2026-11-28"));
    facts.document->deliver_by = "2026-12-01";
    CHECK(planned_delivery(facts, attempt) == day("2026-12-01"));
    // A clock that ran back does not ship in the past.
    attempt.ship_date = day("2026-11-01");
    facts.document->ship_by.clear();
    CHECK(planned_shipping(facts, attempt) == day("2026-11-22"));
}

TEST_CASE("goods keep the customer's days of life at delivery", "[rules][R-14]") {
    Facts facts = taking();
    const Attempt attempt = attempt_at(Step::pick);
    facts.party->min_life_out_days = 39;  // 22 November to 31 December
    CHECK(life_is_enough(facts, attempt).accepted());
    facts.party->min_life_out_days = 40;
    CHECK(life_is_enough(facts, attempt).code == "SHELF_LIFE_SHORT_OUT");
    CHECK(life_is_enough(facts, attempt).decision == Decision::reject);
    CHECK(life_is_enough(facts, attempt).override_class == OverrideClass::two_people);
    facts.lines.front().min_life_days = 10;
    CHECK(life_is_enough(facts, attempt).accepted());
    facts = leaving("2026-12-31");
    facts.party->min_life_out_days = 40;
    CHECK(life_is_enough(facts, attempt_at(Step::ship)).decision == Decision::divert);
    facts = leaving("2026-11-20");
    CHECK(life_is_enough(facts, attempt_at(Step::ship)).accepted());  // R-41 speaks of it
}

TEST_CASE("what is expired on the day it leaves does not leave", "[rules][R-41]") {
    Attempt attempt = attempt_at(Step::ship);
    CHECK(not_expired_when_leaving(leaving("2026-11-22"), attempt).accepted());
    CHECK(not_expired_when_leaving(leaving("2026-11-21"), attempt).code == "EXPIRED_AT_SHIP");
    attempt.ship_date = day("2026-11-23");
    CHECK(not_expired_when_leaving(leaving("2026-11-22"), attempt).code == "EXPIRED_AT_SHIP");
    CHECK(not_expired_when_leaving(leaving("2026-11-23"), attempt).accepted());
    Facts medicine = leaving("2026-11-21");
    CHECK(not_expired_when_leaving(medicine, attempt).override_class == OverrideClass::two_people);
    medicine.contents.front().regimes = "rx";
    CHECK(not_expired_when_leaving(medicine, attempt).override_class == OverrideClass::never);
}

TEST_CASE("an earlier lot in reach goes first", "[rules][R-25]") {
    Facts facts = taking();
    const Attempt attempt = attempt_at(Step::pick);
    facts.product->rotation = "FEFO";
    CHECK(earlier_lot_goes_first(facts, attempt).accepted());
    facts.shelf = {lot_until("2026-12-20")};
    CHECK(earlier_lot_goes_first(facts, attempt).decision == Decision::warn);
    facts.product->fefo_policy = "reject";
    const Verdict refused = earlier_lot_goes_first(facts, attempt);
    CHECK(refused.decision == Decision::reject);
    CHECK(refused.override_class == OverrideClass::supervisor);
    CHECK(refused.told ==
          "Lot L-1 (good until 2026-12-20) goes first. Take it from A-01; put this one back.");
    facts.product->fefo_tolerance_days = 10;
    CHECK_FALSE(earlier_lot_goes_first(facts, attempt).accepted());
    facts.product->fefo_tolerance_days = 11;
    CHECK(earlier_lot_goes_first(facts, attempt).accepted());
    facts.product->fefo_tolerance_days = 0;
    facts.lines.front().lot_key = "l-2";
    CHECK(earlier_lot_goes_first(facts, attempt).accepted());
    facts.lines.front().lot_key.clear();
    facts.unit->state = UnitState::picked;
    CHECK(earlier_lot_goes_first(facts, attempt).accepted());
}

TEST_CASE("each rotation looks at its own date", "[rules][X10]") {
    Facts facts = taking();
    Attempt attempt = attempt_at(Step::pick);
    const auto policy = policy_of(attempt);
    facts.shelf = {lot_until("2027-12-20")};  // received earlier, expires later
    CHECK(earlier_lot_goes_first(facts, attempt).accepted());
    policy->rotation = "FIFO";
    CHECK(earlier_lot_goes_first(facts, attempt).code == "FEFO_VIOLATION");
    facts.product->zone = "COLD";
    policy->rotation_by_zone = {{"COLD", "LIFO"}};
    CHECK(earlier_lot_goes_first(facts, attempt).accepted());
    facts.product->rotation = "FIFO";
    CHECK_FALSE(earlier_lot_goes_first(facts, attempt).accepted());
    facts.party->rotation = "FEFO";
    CHECK(earlier_lot_goes_first(facts, attempt).accepted());
    facts.lines.front().rotation = "FIFO";
    CHECK_FALSE(earlier_lot_goes_first(facts, attempt).accepted());
}

TEST_CASE("what was promised is what is taken", "[rules][R-24]") {
    Facts facts = taking();
    const Attempt attempt = attempt_at(Step::pick);
    CHECK(promise_is_kept(facts, attempt).accepted());
    facts.unit->order = "SO-2";
    facts.unit->state = UnitState::allocated;
    CHECK(promise_is_kept(facts, attempt).code == "WRONG_SERIAL");
    facts.unit->order = "SO-1";
    CHECK(promise_is_kept(facts, attempt).accepted());
    facts.unit->order.clear();
    facts.unit->state = UnitState::in_inventory;
    PromiseFacts promise;
    promise.line = 1;
    promise.lot_key = "l-9";
    promise.lot_raw = "L-9";
    promise.quantity = 3;
    facts.promised = {promise};
    CHECK(promise_is_kept(facts, attempt).accepted());  // by quantity: anything that fits
    facts.lines.front().allocation = "lot";
    CHECK(promise_is_kept(facts, attempt).code == "WRONG_LOT");
    facts.promised.front().lot_key = "l-2";
    CHECK(promise_is_kept(facts, attempt).accepted());
    facts.lines.front().allocation = "serial";
    facts.promised.front().serial = "S-9";
    CHECK(promise_is_kept(facts, attempt).code == "WRONG_SERIAL");
    CHECK(promise_is_kept(facts, attempt).told.find("Take serial S-9") != std::string::npos);
    // What was shipped and came back is not promised to the order it left for.
    facts.promised.clear();
    facts.unit->order = "SO-OLD";
    facts.unit->state = UnitState::returned;
    CHECK(promise_is_kept(facts, attempt).accepted());
}

TEST_CASE("what cannot be served is said when the order is opened", "[rules][R-27]") {
    Facts facts;
    facts.intent = Intent::open_document;
    facts.scanned_document = DocumentFacts{};
    facts.scanned_document->id = "SO-1";
    AskFacts ask;
    ask.product_name = "Romaine";
    ask.need.quantity = 2;
    facts.asks = {ask};
    facts.asks.front().candidates = {lot_until("2026-12-31"), lot_until("2026-12-31")};
    CHECK(stock_is_eligible(facts, attempt_at(Step::pick)).accepted());
    facts.asks.front().candidates.pop_back();
    const Verdict said = stock_is_eligible(facts, attempt_at(Step::pick));
    CHECK(said.code == "INSUFFICIENT_ELIGIBLE");
    CHECK(said.decision == Decision::warn);
    CHECK(said.told.find("1 are eligible") != std::string::npos);
    CHECK(stock_is_eligible(facts, attempt_at(Step::receive)).accepted());
}

TEST_CASE("one lot an order, where it asks for that", "[rules][R-28]") {
    Facts facts = taking();
    const Attempt attempt = attempt_at(Step::pack);
    facts.lots_taken = {"l-9"};
    CHECK(one_lot_an_order(facts, attempt).accepted());
    facts.lines.front().single_lot = true;
    CHECK(one_lot_an_order(facts, attempt).code == "SINGLE_LOT_REQUIRED");
    facts.lots_taken = {"l-9", "l-2"};
    CHECK(one_lot_an_order(facts, attempt).accepted());
    facts.lines.front().single_lot = false;
    facts.product->single_lot = true;
    facts.lots_taken = {"l-9"};
    CHECK(one_lot_an_order(facts, attempt).code == "SINGLE_LOT_REQUIRED");
    facts.lots_taken.clear();
    CHECK(one_lot_an_order(facts, attempt).accepted());
}

TEST_CASE("an order is packed where it was released to", "[rules][R-33]") {
    Facts facts;
    facts.intent = Intent::open_document;
    facts.scanned_document = DocumentFacts{};
    Attempt attempt = attempt_at(Step::pack);
    CHECK(order_is_for_this_station(facts, attempt).accepted());
    facts.scanned_document->station = "ST-1";
    CHECK(order_is_for_this_station(facts, attempt).accepted());
    facts.scanned_document->station = "ST-2";
    CHECK(order_is_for_this_station(facts, attempt).code == "WRONG_PACK_STATION");
    attempt.step = Step::pick;
    CHECK(order_is_for_this_station(facts, attempt).accepted());
}

TEST_CASE("closing early is as the station allows", "[rules][R-34]") {
    Facts facts = taking();
    facts.intent = Intent::close_carton;
    Attempt attempt = attempt_at(Step::pack);
    const auto policy = policy_of(attempt);
    CHECK(carton_may_close(facts, attempt).accepted());
    policy->partial_carton = "confirm";
    CHECK(carton_may_close(facts, attempt).code == "PACK_INCOMPLETE");
    CHECK(carton_may_close(facts, attempt).override_class == OverrideClass::operator_confirms);
    policy->partial_carton = "supervisor";
    CHECK(carton_may_close(facts, attempt).override_class == OverrideClass::supervisor);
    facts.document->done = 5;
    CHECK(carton_may_close(facts, attempt).accepted());
}

TEST_CASE("a label that was replaced is void", "[rules][R-36]") {
    Attempt attempt = attempt_at(Step::ship);
    attempt.what.sscc = *Sscc::parse("095060000000001005");
    Facts facts;
    CHECK(label_is_the_live_one(facts, attempt).accepted());
    facts.replaced_by = "095060000000001012";
    CHECK(label_is_the_live_one(facts, attempt).code == "LABEL_DUP_LIVE");
}

TEST_CASE("a carton leaves through its door and with its carrier", "[rules][R-39]") {
    Facts facts = leaving("2026-12-31");
    Attempt attempt = attempt_at(Step::ship);
    attempt.what.sscc = *Sscc::parse("095060000000001005");
    const auto policy = policy_of(attempt);
    facts.document->door = "D4";
    facts.document->carrier = "ACME";
    CHECK(carton_is_at_its_door(facts, attempt).accepted());
    policy->door = "D3";
    CHECK(carton_is_at_its_door(facts, attempt).code == "WRONG_DOOR");
    policy->door = "D4";
    policy->carrier = "OTHER";
    CHECK(carton_is_at_its_door(facts, attempt).code == "WRONG_DOOR");
    facts.document->carrier.clear();
    CHECK(carton_is_at_its_door(facts, attempt).accepted());
}

TEST_CASE("a list of holds is too old by the kind of goods", "[rules][R-18]") {
    struct Row {
        const char* regimes;
        std::int64_t age_min;
        Freshness is;
    };

    const auto row = GENERATE(Row{"", 24 * 60, Freshness::fresh},
                              Row{"", 24 * 60 + 1, Freshness::warns},
                              Row{"fsma204", 4 * 60, Freshness::fresh},
                              Row{"fsma204", 4 * 60 + 1, Freshness::warns},
                              Row{"rx", 15, Freshness::fresh},
                              Row{"rx", 16, Freshness::blocks},
                              Row{"fsma204 dscsa", 16, Freshness::blocks});
    INFO(row.regimes << " " << row.age_min);
    ProductFacts product;
    product.regimes = row.regimes;
    CHECK(freshness_of_holds(&product, row.age_min * 60) == row.is);
    CHECK(freshness_of_holds(&product, std::nullopt) == Freshness::fresh);
    product.hold_max_age_min = 1;
    product.hold_stale_blocks = true;
    CHECK(freshness_of_holds(&product, 61) == Freshness::blocks);
    CHECK(freshness_of_holds(&product, 60) == Freshness::fresh);
}

TEST_CASE("medicines wait for the list of holds, other cartons go on amber", "[rules][R-18]") {
    const Attempt attempt = attempt_at(Step::ship);
    Facts facts = leaving("2026-12-31");
    CHECK(carton_leaves_by_fresh_holds(facts, attempt).accepted());
    facts.hold_age_s = 90'000;
    CHECK(carton_leaves_by_fresh_holds(facts, attempt).decision == Decision::warn);
    facts.hold_age_s = 1'000;
    CHECK(carton_leaves_by_fresh_holds(facts, attempt).accepted());
    facts.contents.front().regimes = "rx";
    CHECK(carton_leaves_by_fresh_holds(facts, attempt).decision == Decision::divert);
    facts.doc_age_s = 86'401;
    CHECK(carton_leaves_by_fresh_order(facts, attempt).code == "DOC_STALE");
    facts.doc_age_s = 86'400;
    CHECK(carton_leaves_by_fresh_order(facts, attempt).accepted());
}

TEST_CASE("where picking comes first, nothing is packed unpicked", "[rules][R-32]") {
    Facts facts = taking();
    Attempt attempt = attempt_at(Step::pack);
    CHECK(unit_is_picked_first(facts, attempt).accepted());
    policy_of(attempt)->packs_unpicked = false;
    CHECK(unit_is_picked_first(facts, attempt).code == "NOT_PICKED");
    facts.unit->state = UnitState::picked;
    CHECK(unit_is_picked_first(facts, attempt).accepted());
}

TEST_CASE("each decision of each case says what it does", "[rules][case]") {
    for (const CaseKind& kind : all_case_kinds()) {
        INFO(kind.code);
        CHECK(role_named(kind.who));
        std::string_view words = kind.decisions;
        while (!words.empty()) {
            const std::size_t end = words.find(' ');
            INFO(words.substr(0, end));
            const CaseEffect* effect = case_effect_of(words.substr(0, end));
            REQUIRE(effect != nullptr);
            CHECK(effect->told.ends_with("."));
            if (end == std::string_view::npos) break;
            words.remove_prefix(end + 1);
        }
    }
    CHECK(case_effect_of("burn") == nullptr);
}

TEST_CASE("nothing leaves without the record the law wants", "[rules][R-40]") {
    Facts facts = leaving("2026-12-31");
    CHECK(key_data_is_there(facts, attempt_at(Step::ship)).accepted());
    facts.data_missing = {"the lot of Romaine", "customer C-N"};
    CHECK(key_data_is_there(facts, attempt_at(Step::ship)).code == "KDE_MISSING");
    CHECK(key_data_is_there(facts, attempt_at(Step::ship)).told.find("the lot of Romaine") !=
          std::string::npos);
}
