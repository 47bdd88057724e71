// What came in of a counted lot is here, shipped or gone.

#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

using namespace lotgate;
using namespace lotgate::testkit;
using rules::Step;

namespace {

bool has(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a lot whose books do not add up is stopped, and no other", "[store][balance]") {
    Warehouse house;
    house.furnish();
    house.scan(house.code(Step::receive, "DOCK-1", "ASN-1"));
    house.scan(house.goods(Step::receive, "DOCK-1", "K-1", 10));
    house.operate("split_lot",
                  {{"gtin", kale}, {"lot", "K-1"}, {"quantity", "4"}, {"new_lot", "K-2"}});
    house.operate("scrap", {{"gtin", kale}, {"lot", "K-2"}, {"quantity", "1"}});
    CHECK(house.operate("check_balances", {}).verdict.told == "0 lots do not add up and are held.");
    house.stop();
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(house.path().c_str(), &db) == SQLITE_OK);
    CHECK(sqlite3_exec(db,
                       "UPDATE balance SET quantity=quantity+5 WHERE lot_key='k-2' "
                       "AND place='DOCK-1'",
                       nullptr,
                       nullptr,
                       nullptr) == SQLITE_OK);
    sqlite3_close(db);
    house.restart();
    CHECK(house.operate("check_balances", {}).verdict.told == "1 lots do not add up and are held.");
    CHECK(has(house.summary(), "BALANCE_BROKEN"));
    CHECK(house.scan(house.goods(Step::putaway, "BIN-1", "K-2", 1)).verdict.code ==
          "HELD_TO_PICKABLE");
    CHECK(house.scan(house.goods(Step::putaway, "BIN-1", "K-1", 1)).did == "put_away");
}
