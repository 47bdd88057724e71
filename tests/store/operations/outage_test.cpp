// What a recall says of what it does not know: outages and cartons that nobody recognised, from the
// ledger alone (decision 0051).

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

constexpr const char* lot = "lot:09506000134352/L-88";

bool has(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

std::string recall(Warehouse& house, const std::string& what = lot) {
    const auto answer = house.queries()->recall(what);
    return answer ? *answer : answer.error().detail();
}

void receive(Warehouse& house) {
    house.furnish();
    house.clock().set("2026-11-22T09:00:00Z");
    house.scan(house.code(Step::receive, "DOCK-1", "ASN-1"));
    for (const char* serial : {"S-1", "S-2", "S-3", "S-4"})
        house.scan(house.unit(Step::receive, "DOCK-1", serial));
}

void outage(Warehouse& house, std::vector<std::pair<std::string, std::string>> arguments) {
    CHECK_FALSE(house.operate("note_outage", std::move(arguments)).verdict.blocks());
}

rules::Attempt no_read(Warehouse& house, const char* station) {
    rules::Attempt attempt = house.at(Step::divert, station);
    attempt.observation.is_no_read = true;
    return attempt;
}

bool is_rebuilt_equal(Warehouse& house) {
    const std::string answer = house.rebuild();
    INFO(answer);
    return answer.find(R"("ok":true)") != std::string::npos;
}

}  // namespace

TEST_CASE("a recall lists what could not be seen while the lot could move", "[store][recall]") {
    Warehouse house;
    receive(house);
    house.clock().set("2026-11-22T10:00:05Z");
    outage(house, {{"outage", "device"}, {"name", "D-7"}, {"since", "2026-11-22T10:00:00Z"}});
    house.clock().set("2026-11-22T11:00:00Z");
    const std::string open = recall(house);
    CHECK(has(open, R"("kind":"device","name":"D-7","station":"OFFICE")"));
    CHECK(has(open, R"("since":"2026-11-22T10:00:00.000000Z","is_open":true)"));
    outage(house, {{"outage", "device"}, {"name", "D-7"}, {"until", "2026-11-22T11:00:00Z"}});
    outage(house,
           {{"outage", "gateway"},
            {"name", "TEST-1"},
            {"since", "2026-11-22T12:00:00Z"},
            {"until", "2026-11-22T12:05:00Z"}});
    house.clock().set("2026-11-22T13:00:00Z");
    house.scan(house.unit(Step::receive, "DOCK-1", "S-1"));
    const std::string over = recall(house);
    CHECK(has(over,
              R"("since":"2026-11-22T10:00:00.000000Z","until":"2026-11-22T11:00:00.000000Z")"));
    CHECK(has(over, R"("kind":"gateway")"));
    CHECK(has(over, R"("certain_until":"2026-11-22T13:00:00)"));
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a recall is certain up to the outage that still lasts", "[store][recall]") {
    Warehouse house;
    receive(house);
    outage(house, {{"outage", "cloud"}, {"name", "cloud"}, {"since", "2026-11-22T10:00:00Z"}});
    house.clock().set("2026-11-22T13:00:00Z");
    house.scan(house.unit(Step::receive, "DOCK-1", "S-1"));
    CHECK(has(recall(house), R"("certain_until":"2026-11-22T10:00:00.000000Z")"));
}

TEST_CASE("an outage before the lot came is no matter of its recall (control)", "[store][recall]") {
    Warehouse house;
    house.furnish();
    outage(house,
           {{"outage", "device"},
            {"name", "D-7"},
            {"since", "2026-11-22T06:00:00Z"},
            {"until", "2026-11-22T07:00:00Z"}});
    house.scan(no_read(house, "SORT-0"));
    receive(house);
    const std::string answer = recall(house);
    CHECK(has(answer, R"("outages":[])"));
    CHECK_FALSE(has(answer, "D-7"));
}

TEST_CASE("cartons that nobody could read stand in the recall by station", "[store][recall]") {
    Warehouse house;
    receive(house);
    house.scan(no_read(house, "SORT-1"));
    house.clock().advance_ms(60'000);
    house.scan(no_read(house, "SORT-1"));
    store::CartonPassed passed;
    passed.conveyor = "PLC-1";
    passed.point = 2;
    passed.station = "SORT-2";
    passed.at = house.clock().now();
    REQUIRE(house.ask(passed).has_value());
    const std::string answer = recall(house);
    CHECK(has(answer, R"("station":"SORT-1","what":"no_read","cartons":2)"));
    CHECK(has(answer, R"("station":"SORT-2","what":"undecided","cartons":1)"));
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("the time in which no clock could be trusted stands in the recall", "[store][recall]") {
    Warehouse house;
    receive(house);
    auto blind = house.unit(Step::receive, "DOCK-1", "S-9");
    blind.clock_quality = "unset";
    house.scan(blind);
    CHECK(has(recall(house), R"("kind":"clock","name":"unset")"));
    house.clock().advance_ms(60'000);
    house.scan(house.unit(Step::receive, "DOCK-1", "S-8"));
    CHECK(has(recall(house), R"("until":"2026-11-22T09:01:00.000000Z","is_open":false)"));
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a recall decided earlier lists apart what left since, unit by unit",
          "[store][recall][R-50]") {
    Warehouse house;
    receive(house);
    house.scan(house.code(Step::pack, "PACK-1", "SO-1"));
    house.scan(house.unit(Step::pack, "PACK-1", "S-1"));
    house.scan(house.unit(Step::pack, "PACK-1", "S-2"));
    house.scan(house.code(Step::receive, "DOCK-1", "ASN-1"));
    house.scan(house.goods(Step::receive, "DOCK-1", "K-1", 10));
    const auto closed = house.scan(house.goods(Step::pack, "PACK-1", "K-1", 3));
    house.clock().set("2026-11-22T10:00:00Z");
    house.scan(house.carton(Step::ship, "DOOR-1", print_field(closed, "sscc")));
    house.clock().set("2026-11-22T11:00:00Z");
    const auto said = [&](const char* when) {
        return house.operate("recall",
                             {{"target", "lot:09506000134352/L-88"}, {"effective_at", when}});
    };
    CHECK(said("yesterday").verdict.code == "ARGUMENT_INVALID");
    CHECK(said("2026-11-22T09:30:00Z").did == "recalled");
    const std::string answer = recall(house);
    CHECK(has(answer, R"("code":"SHIPPED_AFTER_RECALL")"));
    CHECK(has(answer, R"("order":"SO-1","quantity":2,"was_known":false,"serials":["S-1","S-2"])"));
    CHECK(house.queries()->cases(true)->find("RECALL_APPLIED") != std::string::npos);
}

TEST_CASE("a recall names the purchase order and the maker's lot it came by", "[store][recall]") {
    Warehouse house;
    house.furnish();
    house.send({{"asn",
                 R"({"id":"ASN-7","supplier":"V-1","po":"PO-77","lines":[{"line":1,
                     "gtin":"09506000134352","lot":"L-77","quantity":1,"serials":["S-77"]}]})"},
                {"lot",
                 R"({"gtin":"09506000134352","lot":"L-77","mfr_lot":"M-1","supplier":"V-1",
                     "po":"PO-77"})"}});
    house.scan(house.code(Step::receive, "DOCK-1", "ASN-7"));
    house.scan(house.unit(Step::receive, "DOCK-1", "S-77"));
    const std::string answer = recall(house, "lot:09506000134352/L-77");
    CHECK(has(answer, R"("asn":"ASN-7","units":1,"supplier":"V-1")"));
    CHECK(has(answer, R"("po":"PO-77")"));
    CHECK(has(answer, R"("mfr_lot":"M-1")"));
    CHECK(has(*house.queries()->trace("S-77"), R"("po":"PO-77")"));
}
