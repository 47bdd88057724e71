// Receiving and putting away over the real store: places, pallets, holds, late data.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Decision;
using rules::Step;

namespace {

bool is_rebuilt_equal(Warehouse& house) {
    const std::string answer = house.rebuild();
    INFO(answer);
    return answer.find(R"("ok":true)") != std::string::npos;
}

bool has_case(Warehouse& house, const std::string& kind) {
    return house.queries()->cases(true)->find(kind) != std::string::npos;
}

void build_places(Warehouse& house) {
    house.send({{"location", R"({"id":"A-01","zone":"A","gln":"9506000000017"})"},
                {"location", R"({"id":"A-02","lot_mix":"forbid"})"},
                {"location", R"({"id":"Q-01","kind":"yard","quarantine":true})"},
                {"location", R"({"id":"CAGE","kind":"cage","quarantine":true})"}});
}

std::string where_is(Warehouse& house, const std::string& unit) {
    return *house.queries()->trace(unit);
}

}  // namespace

TEST_CASE("goods are put at the place that was scanned, until another is", "[ledger][putaway]") {
    Warehouse house;
    house.furnish();
    build_places(house);
    for (const char* serial : {"S-1", "S-2"}) house.scan(house.unit(Step::receive, "D1", serial));
    const auto chosen = house.scan(house.code(Step::putaway, "FORK-1", "A-01"));
    CHECK(chosen.did == "location_chosen");
    CHECK(house.scan(house.unit(Step::putaway, "FORK-1", "S-1")).did == "put_away");
    house.scan(house.code(Step::putaway, "FORK-1", "A-02"));
    CHECK(house.scan(house.unit(Step::putaway, "FORK-1", "S-2")).did == "put_away");
    CHECK(where_is(house, "S-1").find("A-01") != std::string::npos);
    CHECK(where_is(house, "S-2").find("A-02") != std::string::npos);
    CHECK(house.scan(house.code(Step::putaway, "FORK-1", "NOWHERE")).verdict.code ==
          "UNKNOWN_CODE");
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a place is found by its GLN too", "[ledger][putaway]") {
    Warehouse house;
    build_places(house);
    auto attempt = house.at(Step::putaway, "FORK-1");
    attempt.what.gln = "9506000000017";
    CHECK(house.scan(attempt).did == "location_chosen");
}

TEST_CASE("counted goods are put away from the dock, not out of other bins", "[ledger][putaway]") {
    Warehouse house;
    house.furnish();
    build_places(house);
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    house.scan(house.goods(Step::receive, "D1", "K-1", 7));
    house.scan(house.code(Step::putaway, "FORK-1", "A-01"));
    CHECK(house.scan(house.goods(Step::putaway, "FORK-1", "K-1", 7)).did == "put_away");
    house.scan(house.goods(Step::receive, "D1", "K-1", 3));
    house.scan(house.code(Step::putaway, "FORK-1", "A-02"));
    CHECK(house.scan(house.goods(Step::putaway, "FORK-1", "K-1", 3)).did == "put_away");
    const std::string trace = *house.queries()->trace("K-1");
    CHECK(trace.find(R"("place":"A-01","state":"counted","quantity":7)") != std::string::npos);
    CHECK(trace.find(R"("place":"A-02","state":"counted","quantity":3)") != std::string::npos);
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a place that forbids it takes no second lot of a product", "[ledger][putaway][R-21]") {
    Warehouse house;
    house.furnish();
    build_places(house);
    house.send({{"asn", R"({"id":"ASN-2","supplier":"V-1","lines":[
        {"line":1,"gtin":"09506000134369","lot":"K-2","quantity":5}]})"}});
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    house.scan(house.goods(Step::receive, "D1", "K-1", 5));
    house.scan(house.code(Step::receive, "D1", "ASN-2"));
    house.scan(house.goods(Step::receive, "D1", "K-2", 5));
    house.scan(house.code(Step::putaway, "FORK-1", "A-02"));
    CHECK(house.scan(house.goods(Step::putaway, "FORK-1", "K-1", 5)).did == "put_away");
    const auto second = house.scan(house.goods(Step::putaway, "FORK-1", "K-2", 5));
    CHECK(second.verdict.code == "LOT_MIX_LOCATION");
    CHECK(second.verdict.decision == Decision::reject);
}

TEST_CASE("held goods reach quarantine and no other place", "[ledger][putaway][R-22]") {
    Warehouse house;
    house.furnish();
    build_places(house);
    house.scan(house.unit(Step::receive, "D1", "S-1"));
    house.send({{"hold",
                 R"({"id":"H-1","reason":"recall","class":"I",
                     "target":{"kind":"lot","gtin":"09506000134352","lot":"L-88"}})"}},
               "urgent");
    house.scan(house.code(Step::putaway, "FORK-1", "A-01"));
    CHECK(house.scan(house.unit(Step::putaway, "FORK-1", "S-1")).verdict.code ==
          "HELD_TO_PICKABLE");
    house.scan(house.code(Step::putaway, "FORK-1", "Q-01"));
    CHECK(house.scan(house.unit(Step::putaway, "FORK-1", "S-1")).did == "put_away");
    CHECK(where_is(house, "S-1").find("Q-01") != std::string::npos);
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("expired goods are held at the dock and go to quarantine", "[ledger][putaway][R-12]") {
    Warehouse house;
    house.furnish();
    build_places(house);
    auto expired = house.unit(Step::receive, "D1", "S-1");
    expired.what.expires_on = *parse_date("2026-11-21");
    CHECK(house.scan(expired).verdict.decision == Decision::hold);
    house.scan(house.code(Step::putaway, "FORK-1", "Q-01"));
    CHECK(house.scan(house.unit(Step::putaway, "FORK-1", "S-1")).did == "put_away");
}

TEST_CASE("a pallet is put away with all that was received on it", "[ledger][putaway]") {
    Warehouse house;
    house.furnish();
    build_places(house);
    house.scan(house.code(Step::putaway, "FORK-1", "A-01"));
    CHECK(house.scan(house.carton(Step::putaway, "FORK-1", "095060000000000015")).verdict.code ==
          "PALLET_NOT_RECEIVED");
    for (const char* serial : {"S-1", "S-2"}) house.scan(house.unit(Step::receive, "D1", serial));
    const auto moved = house.scan(house.carton(Step::putaway, "FORK-1", "095060000000000015"));
    CHECK(moved.did == "put_away");
    CHECK(moved.progress == "2");
    CHECK(where_is(house, "S-1").find("A-01") != std::string::npos);
    CHECK(where_is(house, "S-2").find("IN_INVENTORY") != std::string::npos);
    CHECK(where_is(house, "S-3").find("EXPECTED") != std::string::npos);
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("counted goods and pallets are quarantined by scanning a place of quarantine",
          "[ledger][quarantine]") {
    Warehouse house;
    house.furnish();
    build_places(house);
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    house.scan(house.goods(Step::receive, "D1", "K-1", 7));
    house.scan(house.code(Step::quarantine, "QA", "Q-01"));
    CHECK(house.scan(house.goods(Step::quarantine, "QA", "K-1", 2)).did == "quarantined");
    const std::string trace = *house.queries()->trace("K-1");
    CHECK(trace.find(R"("place":"Q-01","state":"counted","quantity":2)") != std::string::npos);
    CHECK(house.scan(house.goods(Step::quarantine, "QA", "K-1", 6)).verdict.code == "LOT_NEGATIVE");
    house.scan(house.unit(Step::receive, "D1", "S-1"));
    CHECK(house.scan(house.carton(Step::quarantine, "QA", "095060000000000015")).did ==
          "quarantined");
    CHECK(where_is(house, "S-1").find("Q-01") != std::string::npos);
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a late announcement clears the serial that came before it", "[ledger][receive][R-08]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    auto early = house.unit(Step::receive, "D1", "S-5");
    early.what.lot = *Lot::parse("L-88");
    early.what.expires_on = *parse_date("2027-01-31");
    CHECK(house.scan(early).verdict.code == "SERIAL_NOT_ON_ASN");
    CHECK(has_case(house, "SERIAL_NOT_ON_ASN"));
    house.send({{"asn", R"({"id":"ASN-1","supplier":"V-1","lines":[
        {"line":1,"gtin":"09506000134352","lot":"L-88","expires_on":"2027-01-31",
         "sscc":"095060000000000015","serials":["S-1","S-2","S-3","S-4","S-5"]},
        {"line":2,"gtin":"09506000134369","lot":"K-1","expires_on":"2027-02-28","quantity":10}]})"}});
    CHECK_FALSE(has_case(house, "SERIAL_NOT_ON_ASN"));
    CHECK_FALSE(has_case(house, "ASN_SERIAL_KNOWN"));
    CHECK(house.scan(house.unit(Step::receive, "D1", "S-1")).progress == "2 / 15");
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("when a product's data arrives its goods can be received", "[ledger][receive][R-01]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    CHECK(house.scan(house.unit(Step::receive, "D1", "X-1", stranger)).verdict.code ==
          "PRODUCT_UNKNOWN");
    CHECK(has_case(house, "PRODUCT_UNKNOWN"));
    house.send({{"product", R"({"gtin":"09506000134383","name":"New","serial_tracked":true})"}});
    CHECK_FALSE(has_case(house, "PRODUCT_UNKNOWN"));
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a typing error shows the announced serial that was meant", "[ledger][receive][N-09]") {
    Warehouse house;
    house.furnish();
    house.send({{"asn", R"({"id":"ASN-3","supplier":"V-1","lines":[
        {"line":1,"gtin":"09506000134376","serials":["AB10","XY99"]}]})"}});
    house.scan(house.code(Step::receive, "D1", "ASN-3"));
    const auto outcome = house.scan(house.unit(Step::receive, "D1", "AB1O", widget));
    bool is_hinted = false;
    for (const auto& finding : outcome.findings)
        is_hinted = is_hinted || (finding.code == "NEAR_MATCH_HINT" &&
                                  finding.told.find("AB10") != std::string::npos);
    CHECK(is_hinted);
}

TEST_CASE("every spelling of a lot is kept", "[ledger][receive][N-06]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, "D1", "ASN-1"));
    house.scan(house.goods(Step::receive, "D1", "k-1", 1));
    house.scan(house.goods(Step::receive, "D1", "K-1", 1));
    CHECK(house.rebuild().find(R"("lot_variant":3)") != std::string::npos);
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("where a product folds its serials, two spellings are one unit",
          "[ledger][receive][N-07]") {
    Warehouse house;
    house.send({{"product", R"({"gtin":"09506000134376","name":"W","serial_tracked":true,
                               "serial_fold":true})"},
                {"product", R"({"gtin":"09506000134390","name":"X","serial_tracked":true})"},
                {"asn", R"({"id":"ASN-1","supplier":"V","lines":[
                    {"line":1,"gtin":"09506000134376","serials":["Ab-1"]},
                    {"line":2,"gtin":"09506000134390","serials":["Cd-1"]}]})"}});
    CHECK(house.scan(house.unit(Step::receive, "D1", "aB-1", widget)).progress == "1 / 2");
    CHECK(house.scan(house.unit(Step::putaway, "A-01", "AB-1", widget)).did == "put_away");
    CHECK(house.scan(house.unit(Step::receive, "D1", "CD-1", "09506000134390")).verdict.blocks());
    CHECK(is_rebuilt_equal(house));
}
