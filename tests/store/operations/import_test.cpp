// Rows of a file taken in over the real store: what they change, once, and what a rebuild makes.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

using namespace lotgate;
using namespace lotgate::testkit;

namespace {

store::Operation rows(Warehouse& house,
                      const std::string& kind,
                      const std::string& items,
                      const std::string& count,
                      const std::string& request) {
    store::Operation operation;
    operation.request_id = request;
    operation.kind = "import_rows";
    operation.authority.badge = "B-1";
    operation.authority.role = "supervisor";
    operation.authority.reason = "opening";
    operation.arguments = {{"import", request}, {"kind", kind}, {"rows", count}, {"items", items}};
    operation.at = house.clock().now();
    operation.site_date = site_date(house.clock().now(), "UTC");
    operation.clock_quality = "synced";
    return operation;
}

std::string stock_row(const std::string& lot, const char* quantity) {
    return R"({"gtin":"09506000134369","location":"A-01","lot":")" + lot + R"(","quantity":")" +
           quantity + R"("})";
}

bool is_rebuilt_equal(Warehouse& house) {
    const std::string answer = house.rebuild();
    INFO(answer);
    return answer.find(R"("ok":true)") != std::string::npos;
}

}  // namespace

TEST_CASE("opening stock stands where the file says, as often as it is imported", "[import]") {
    Warehouse house;
    house.furnish();
    const std::string items = "[" + stock_row("K-9", "7") +
                              R"(,{"gtin":"09506000134376","location":"A-02","serial":"W-1"}])";
    const auto first = house.ask(rows(house, "stock", items, "2", "i1"));
    REQUIRE(first.has_value());
    CHECK(first->did == "imported");
    CHECK(house.ask(rows(house, "stock", items, "2", "i1"))->is_replay);
    CHECK(house.ask(rows(house, "stock", items, "2", "i2"))->did == "imported");
    const std::string lot = *house.queries()->trace("K-9");
    CHECK(lot.find(R"("place":"A-01","state":"counted","quantity":7)") != std::string::npos);
    CHECK(lot.find(R"("difference":0)") != std::string::npos);
    CHECK(house.queries()->trace("W-1")->find("IN_INVENTORY") != std::string::npos);
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a file brings no shipped or retired unit back", "[import]") {
    Warehouse house;
    house.furnish();
    house.send({{"product",
                 R"({"gtin":"09506000134376","name":"W","serial_tracked":true,
                     "uniqueness":"global"})"},
                {"product",
                 R"({"gtin":"09506000134383","name":"X","serial_tracked":true,
                     "uniqueness":"global"})"}});
    const char* w1 = R"([{"gtin":"09506000134376","location":"A","serial":"W-1"}])";
    const char* x1 = R"([{"gtin":"09506000134383","location":"A","serial":"W-1"}])";
    CHECK(house.ask(rows(house, "stock", w1, "1", "i1"))->did == "imported");
    CHECK(house.ask(rows(house, "stock", x1, "1", "i2"))->did == "imported");
    CHECK(house.queries()->trace("W-1")->find("09506000134383") == std::string::npos);
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("a file that would change much of the stock needs two people", "[import][R-58]") {
    Warehouse house;
    house.furnish();
    std::string items;
    for (int i = 0; i < 120; ++i)
        items += (items.empty() ? "[" : ",") + stock_row("N-" + std::to_string(i), "1");
    items += "]";
    CHECK(house.ask(rows(house, "stock", items, "120", "i1"))->did == "imported");
    // What the books say already changes nothing, however many rows it has.
    CHECK(house.ask(rows(house, "stock", items, "120", "i2"))->did == "imported");
    const std::string lost = "[" + stock_row("N-1", "0") + "," + stock_row("N-2", "24.5") + "]";
    auto some = rows(house, "stock", lost, "120", "i3");
    CHECK(house.ask(some)->did == "imported");
    std::string halved;
    for (int i = 0; i < 60; ++i)
        halved += (halved.empty() ? "[" : ",") + stock_row("N-" + std::to_string(3 + i), "0");
    halved += "]";
    const auto refused = house.ask(rows(house, "stock", halved, "120", "i4"));
    CHECK(refused->verdict.code == "IMPORT_SUSPICIOUS");
    INFO(refused->verdict.told);
    CHECK(refused->verdict.told.find("60 of") != std::string::npos);
    // A slice that changes little is judged by what the whole file changes.
    auto slice = rows(house, "stock", "[" + stock_row("N-3", "0") + "]", "120", "i5");
    slice.arguments.emplace_back("changed", "60000");
    CHECK(house.ask(slice)->verdict.code == "IMPORT_SUSPICIOUS");
    auto signed_twice = rows(house, "stock", halved, "120", "i6");
    signed_twice.authority.second_badge = "B-2";
    signed_twice.authority.second_role = "supervisor";
    CHECK(house.ask(signed_twice)->did == "imported");
    CHECK(is_rebuilt_equal(house));
}

TEST_CASE("products, places, parties, lots and documents of files rebuild from the ledger",
          "[import]") {
    Warehouse house;
    const std::pair<const char*, const char*> files[] = {
        {"products",
         R"([{"gtin":"09506000134369","name":"Kale","lot_tracked":true,"scale":3,"unit":"KG"}])"},
        {"lots", R"([{"gtin":"09506000134369","lot":"K-1","expires_on":"2027-01-31"}])"},
        {"locations", R"([{"id":"A-01"}])"},
        {"parties", R"([{"id":"V-1","name":"V","kind":"vendor"}])"},
        {"asn", R"([{"id":"ASN-9","supplier":"V-1","lines":[{"gtin":"09506000134369",
                  "lot":"K-1","quantity":"2.5"}]}])"},
        {"orders", R"([{"id":"SO-9","customer":"C","lines":[{"gtin":"09506000134369",
                  "quantity":"1.25"}]}])"}};
    for (const auto& [kind, items] : files)
        CHECK(house.ask(rows(house, kind, items, "1", kind))->did == "imported");
    CHECK(house.queries()->trace("ASN-9")->find("2500") != std::string::npos);
    CHECK(house.queries()->cases(true)->find("FEED_UNREADABLE") == std::string::npos);
    CHECK(is_rebuilt_equal(house));
}
