// What the cloud sends down, holds, effects and cases.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Decision;
using rules::Step;

namespace {

constexpr const char* dock = "DOCK-1";
constexpr const char* bench = "PACK-1";

bool summary_has(Warehouse& house, const std::string& words) {
    return house.summary().find(words) != std::string::npos;
}

bool is_same_after_rebuild(Warehouse& house) {
    return house.rebuild().find("\"ok\":true") != std::string::npos;
}

std::string hold(const char* id, const char* reason, const std::string& target) {
    return std::string(R"({"id":")") + id + R"(","reason":")" + reason + R"(","target":)" + target +
           "}";
}

store::EffectReport report_of(Warehouse& house, std::int64_t id, const char* state) {
    store::EffectReport report;
    report.effect_id = id;
    report.state = state;
    report.at = house.clock().now();
    return report;
}

std::int64_t first_case(Warehouse& house) {
    const std::string cases = *house.queries()->cases(true);
    const auto at = cases.find("\"id\":");
    REQUIRE(at != std::string::npos);
    return std::stoll(cases.substr(at + 5));
}

}  // namespace

TEST_CASE("holds are a set: lifting one frees none of the others", "[store][hold]") {
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, dock, "S-1"));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    const auto pack = [&] { return house.scan(house.unit(Step::pack, bench, "S-1")).verdict.code; };
    const std::string unit = R"({"kind":"unit","gtin":"09506000134352","serial":"S-1"})";
    const std::string lot = R"({"kind":"lot","gtin":"09506000134352","lot":"L-88"})";
    const std::string product = R"({"kind":"product","gtin":"09506000134352"})";
    const std::string document = R"({"kind":"document","id":"ASN-1"})";
    house.send({{"hold", hold("H-1", "damaged", unit)},
                {"hold", hold("H-2", "quarantine", lot)},
                {"hold", hold("H-3", "suspect", product)},
                {"hold", hold("H-4", "conflict", document)}},
               "urgent");
    CHECK(pack() == "ON_HOLD_DAMAGED");
    house.send({{"hold_lift", R"({"id":"H-1"})"}}, "urgent");
    CHECK(pack() == "ON_HOLD_QUARANTINE");
    house.send({{"hold_lift", R"({"id":"H-2"})"}}, "urgent");
    CHECK(pack() == "ON_HOLD_SUSPECT");
    house.send({{"hold_lift", R"({"id":"H-3"})"}}, "urgent");
    CHECK(pack() == "ON_HOLD_CONFLICT");
    house.send({{"hold_lift", R"({"id":"H-4"})"}}, "urgent");
    CHECK(pack().empty());
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("goods that arrive under a recall are taken into custody", "[store][hold]") {
    Warehouse house;
    house.furnish();
    house.send(
        {{"hold", hold("H-1", "recall", R"({"kind":"lot","gtin":"09506000134352","lot":"L-88"})")}},
        "urgent");
    const auto taken = house.scan(house.unit(Step::receive, dock, "S-1"));
    CHECK(taken.verdict.decision == Decision::hold);
    CHECK(taken.verdict.code == "RECALLED_LOT");
    CHECK(taken.did == "received");
}

TEST_CASE("an urgent message of a kind nobody knows holds what it names", "[store][feed]") {
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, dock, "S-1"));
    house.send({{"embargo", R"({"target":{"kind":"product","gtin":"09506000134352"}})"}}, "urgent");
    house.scan(house.code(Step::pack, bench, "SO-1"));
    CHECK(house.scan(house.unit(Step::pack, bench, "S-1")).verdict.code == "ON_HOLD_SUSPECT");
    CHECK(summary_has(house, "FEED_UNKNOWN_KIND"));
}

TEST_CASE("a page that was applied before changes nothing, a page with a gap is refused",
          "[store][feed]") {
    Warehouse house;
    house.furnish();
    const auto head = house.store().progress().head;
    store::FeedPage again;
    again.lane = "main";
    again.items = {{1, "party", R"({"id":"C-N","name":"Other"})"}};
    CHECK(house.ask(again));
    CHECK(house.store().progress().head == head);
    store::FeedPage gap;
    gap.lane = "main";
    gap.after = 99;
    gap.items = {{100, "party", R"({"id":"C-X","name":"X"})"}};
    const auto refused = house.ask(gap);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code() == FaultCode::conflict);
    house.send({{"asn", "{broken"}, {"party", R"({"id":"C-Y","name":"Y"})"}});
    CHECK(summary_has(house, "FEED_UNREADABLE"));
    CHECK(summary_has(house, "\"cursor\":9"));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a delivery that changes after work began keeps what was done", "[store][feed]") {
    Warehouse house;
    house.furnish();
    house.scan(house.goods(Step::receive, dock, "K-1", 1));
    house.scan(house.carton(Step::receive, dock, "095060000000000015"));
    house.scan(house.goods(Step::receive, dock, "K-1", 8));
    house.send(
        {{"asn",
          R"({"id":"ASN-1","supplier":"V-1","lines":[{"line":2,"gtin":"09506000134369","lot":"K-1","quantity":5}]})"}});
    CHECK(summary_has(house, "DOCUMENT_CHANGED"));
    CHECK(house.scan(house.goods(Step::receive, dock, "K-1", 1)).verdict.code == "OVER_RECEIPT");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a cancelled delivery expects nothing more, and its serials may be announced anew",
          "[store][feed]") {
    Warehouse house;
    house.furnish();
    house.send({{"asn_cancel", R"({"id":"ASN-1"})"}});
    CHECK(house.scan(house.carton(Step::receive, dock, "095060000000000015")).verdict.code ==
          "ASN_CANCELLED");
    house.send(
        {{"asn",
          R"({"id":"ASN-2","supplier":"V-1","lines":[{"line":1,"gtin":"09506000134352","lot":"L-88","expires_on":"2027-01-31","serials":["S-1"]}]})"}});
    CHECK(house.scan(house.unit(Step::receive, dock, "S-1")).document == "ASN-2");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a cancelled order goes no further", "[store][feed]") {
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, dock, "S-1"));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    house.scan(house.unit(Step::pack, bench, "S-1"));
    const auto closed = house.scan(house.code(Step::pack, bench, "LG:CLOSE"));
    CHECK(closed.did == "carton_closed");
    const std::string sscc = print_field(closed, "sscc");
    CHECK(print_field(closed, "lot") == "L-88");
    CHECK(print_field(closed, "expires_on") == "270131");
    house.send({{"order_cancel", R"({"id":"SO-1"})"}});
    const auto stopped = house.scan(house.carton(Step::divert, "SORT-1", sscc));
    CHECK(stopped.verdict.code == "ORDER_CANCELLED");
    CHECK(summary_has(house, "CANCELLED_AFTER_WORK"));
    CHECK(house.scan(house.code(Step::pack, bench, "SO-1")).verdict.code == "ORDER_CANCELLED");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("no carton closes without a number", "[store][pack]") {
    Warehouse house;
    house.furnish();
    for (const char* serial : {"S-1", "S-2"}) house.scan(house.unit(Step::receive, dock, serial));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    CHECK(house.scan(house.code(Step::pack, bench, "LG:CLOSE")).verdict.code == "PACK_INCOMPLETE");
    house.scan(house.unit(Step::pack, bench, "S-1"));
    const auto first = house.scan(house.code(Step::pack, bench, "LG:CLOSE"));
    const auto second = house.scan(house.unit(Step::pack, bench, "S-2"));
    CHECK(second.did == "packed");
    const auto third = house.scan(house.code(Step::pack, bench, "LG:CLOSE"));
    CHECK(print_field(first, "sscc") != print_field(third, "sscc"));
    CHECK(third.progress == "2 / 5");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("what became of a label is written once, and doubt is a case", "[store][effect]") {
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, dock, "S-1"));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    house.scan(house.unit(Step::pack, bench, "S-1"));
    const auto closed = house.scan(house.code(Step::pack, bench, "LG:CLOSE"));
    const std::int64_t id = closed.effects.at(0).id;
    CHECK(house.ask(report_of(house, id, "sent")));
    CHECK(house.queries()->open_effects()->at(0).state == "sent");
    CHECK(house.ask(report_of(house, id, "in_doubt")));
    CHECK(summary_has(house, "LABEL_IN_DOUBT"));
    const auto head = house.store().progress().head;
    CHECK(house.ask(report_of(house, id, "in_doubt"))->is_replay);
    CHECK(house.store().progress().head == head);
    CHECK(house.ask(report_of(house, id, "confirmed")));
    CHECK_FALSE(summary_has(house, "LABEL_IN_DOUBT"));
    CHECK(house.queries()->open_effects()->empty());
    CHECK(house.ask(report_of(house, id, "failed"))->is_replay);
    CHECK_FALSE(house.ask(report_of(house, 12345, "sent")));
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a label that may exist already is printed again under a new number", "[store][effect]") {
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, dock, "S-1"));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    house.scan(house.unit(Step::pack, bench, "S-1"));
    const auto closed = house.scan(house.code(Step::pack, bench, "LG:CLOSE"));
    const std::string first = print_field(closed, "sscc");
    const bool is_in_doubt = GENERATE(true, false);
    CHECK(
        house.ask(report_of(house, closed.effects.at(0).id, is_in_doubt ? "in_doubt" : "failed")));
    store::CaseDecision decision;
    decision.request_id = "d1";
    decision.case_id = first_case(house);
    decision.decision = "reprint";
    decision.actor = "badge:7";
    decision.at = house.clock().now();
    const auto again = *house.ask(decision);
    REQUIRE(again.effects.size() == 1);
    const std::string second = print_field(again, "sscc");
    CHECK((second != first) == is_in_doubt);
    CHECK(house.queries()->open_effects()->size() == 1);
    CHECK(house.ask(decision)->effects.size() == 1);
    CHECK(house.scan(house.carton(Step::pack, bench, second)).did == "label_verified");
    if (is_in_doubt)
        CHECK(house.scan(house.carton(Step::divert, "SORT-1", first)).verdict.code ==
              "LABEL_DUP_LIVE");
    CHECK(house.scan(house.carton(Step::divert, "SORT-1", second)).did == "routed");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a label in doubt is settled by scanning it", "[store][effect]") {
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, dock, "S-1"));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    house.scan(house.unit(Step::pack, bench, "S-1"));
    const auto closed = house.scan(house.code(Step::pack, bench, "LG:CLOSE"));
    CHECK(house.ask(report_of(house, closed.effects.at(0).id, "in_doubt")));
    CHECK(summary_has(house, "LABEL_IN_DOUBT"));
    house.scan(house.carton(Step::pack, bench, print_field(closed, "sscc")));
    CHECK_FALSE(summary_has(house, "LABEL_IN_DOUBT"));
    CHECK(house.queries()->open_effects()->empty());
}

TEST_CASE("a recall says how much is here and how much has left", "[store][hold]") {
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, dock, "S-1"));
    house.scan(house.unit(Step::receive, dock, "S-2"));
    house.send(
        {{"hold", hold("H-1", "recall", R"({"kind":"lot","gtin":"09506000134352","lot":"L-88"})")}},
        "urgent");
    const std::string cases = *house.queries()->cases(true);
    CHECK(cases.find("2 are in the building, 0 have left") != std::string::npos);
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("counted goods are put away and counts move what stands elsewhere", "[store][stations]") {
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, dock, "S-1"));
    house.scan(house.goods(Step::receive, dock, "K-1", 10));
    CHECK(house.scan(house.goods(Step::putaway, "RACK-7", "K-1", 4)).did == "put_away");
    CHECK(house.scan(house.goods(Step::putaway, "RACK-7", "K-1", 7)).verdict.code ==
          "LOT_NEGATIVE");
    CHECK(house.queries()->trace("K-1")->find(
              R"({"place":"RACK-7","state":"counted","quantity":4})") != std::string::npos);
    const auto counted = house.scan(house.unit(Step::count, "RACK-7", "S-1"));
    CHECK(counted.did == "counted");
    CHECK(counted.verdict.code == "COUNT_ELSEWHERE");
    CHECK(house.scan(house.unit(Step::count, "RACK-7", "S-1")).verdict.code.empty());
    CHECK(house.scan(house.unit(Step::count, "RACK-7", "S-2")).verdict.code == "COUNT_UNEXPECTED");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a carton that took another lane than asked is a case", "[store][effect]") {
    Warehouse house;
    house.furnish();
    rules::Attempt no_read = house.at(Step::divert, "SORT-1");
    no_read.observation.is_no_read = true;
    const auto sent = house.scan(no_read);
    auto report = report_of(house, sent.effects.at(0).id, "confirmed");
    report.lane = 3;
    CHECK(house.ask(report));
    CHECK(summary_has(house, "DIVERT_WRONG_LANE"));
}

TEST_CASE("cartons that pass a decision point undecided are recorded, and one case counts them",
          "[store][divert]") {
    Warehouse house;
    house.furnish();
    const std::uint64_t head = house.store().progress().head;
    store::CartonPassed carton;
    carton.conveyor = "PLC1";
    carton.point = 2;
    carton.lane = 9;
    carton.station = "SORT-1";
    for (const std::uint16_t sequence : {std::uint16_t{7}, std::uint16_t{8}}) {
        carton.sequence = sequence;
        REQUIRE(house.ask(carton));
    }
    CHECK(house.store().progress().head == head + 2);
    const std::string cases = *house.queries()->cases(true);
    CHECK(cases.find("\"kind\":\"DIVERT_UNDECIDED\"") != std::string::npos);
    CHECK(cases.find("\"subject\":\"conveyor:PLC1/2\"") != std::string::npos);
    CHECK(cases.find("\"count\":2") != std::string::npos);
    CHECK(cases.find("went to lane 9") != std::string::npos);
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("a stale read at the sorter is recorded and sends nothing", "[store][divert]") {
    Warehouse house;
    house.furnish();
    auto stale = house.carton(Step::divert, "SORT-1", "095060000000001005");
    stale.observation.age_ms = 60'000;
    const auto outcome = house.scan(stale);
    CHECK(outcome.verdict.code == "STALE_SCAN");
    CHECK(outcome.effects.empty());
}

TEST_CASE("a decision closes its case once and lifts the hold that came with it", "[store][case]") {
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, dock, "S-1"));
    house.scan(house.unit(Step::receive, "DOCK-2", "S-1"));
    house.scan(house.unit(Step::receive, "DOCK-2", "S-1"));
    CHECK(summary_has(house, "\"open\":1,\"closed\":0"));
    store::CaseDecision decision;
    decision.request_id = "d1";
    decision.case_id = first_case(house);
    decision.decision = "nonsense";
    decision.actor = "badge:7";
    decision.at = house.clock().now();
    CHECK_FALSE(house.ask(decision));
    decision.decision = "release";
    CHECK(house.ask(decision));
    CHECK(house.ask(decision)->is_replay);
    decision.request_id = "d2";
    CHECK_FALSE(house.ask(decision));
    house.scan(house.code(Step::pack, bench, "SO-1"));
    CHECK(house.scan(house.unit(Step::pack, bench, "S-1")).did == "packed");
    CHECK(is_same_after_rebuild(house));
}

TEST_CASE("bytes that are no text are kept as they came", "[store][raw]") {
    Warehouse house;
    auto attempt = house.code(Step::receive, dock, std::string("\xff\xfe\x1d", 3));
    const auto outcome = house.scan(attempt);
    CHECK(outcome.verdict.code == "PARSE_NOT_UTF8");
    const auto why = house.queries()->why("#" + std::to_string(number_of(outcome.seq)));
    REQUIRE(why);
    CHECK(why->find("\"raw_hex\":\"fffe1d\"") != std::string::npos);
}

TEST_CASE("a unit is put away, quarantined and taken back by its own stations",
          "[store][stations]") {
    Warehouse house;
    house.furnish();
    house.scan(house.unit(Step::receive, dock, "S-1"));
    CHECK(house.scan(house.unit(Step::putaway, "RACK-7", "S-1")).did == "put_away");
    CHECK(house.scan(house.unit(Step::putaway, "RACK-7", "S-2")).verdict.code ==
          "BAD_STATE_EXPECTED_IN_INVENTORY");
    CHECK(house.scan(house.unit(Step::take_back, "RETURNS", "S-77")).verdict.code ==
          "RETURN_NO_OUTBOUND");
    CHECK(house.scan(house.unit(Step::quarantine, "CAGE", "S-1")).did == "quarantined");
    house.scan(house.code(Step::pack, bench, "SO-1"));
    CHECK(house.scan(house.unit(Step::pack, bench, "S-1")).verdict.code == "ON_HOLD_QUARANTINE");
    CHECK(house.scan(house.unit(Step::take_back, "RETURNS", "S-1")).verdict.code == "NEVER_SOLD");
    CHECK(is_same_after_rebuild(house));
}
