// Which way SQLite takes to a row (0016_planner.sql): a site with ten million units of one product
// must not walk through them for a scan.

#include "store/sqlite/database.hpp"
#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace lotgate;
using namespace lotgate::testkit;

namespace {

std::string way_of(const std::string& path, const std::string& question) {
    auto database = store::sqlite::Database::open(path, store::sqlite::OpenMode::reader);
    REQUIRE(database);
    store::sqlite::Statement plan(**database, "EXPLAIN QUERY PLAN " + question);
    std::string way;
    for (auto rows = plan(); rows.next();) way += std::string(rows.view(3)) + "\n";
    return way;
}

}  // namespace

TEST_CASE("a unit is found by its index, however many its product has", "[store][planner]") {
    struct Row {
        const char* question;
        const char* index;
    };

    const auto row = GENERATE(
        Row{"SELECT serial FROM unit WHERE gtin=? AND near_key=? AND state<>'VOIDED' "
            "ORDER BY serial LIMIT 1",
            "unit_near (gtin=? AND near_key=?)"},
        Row{"SELECT serial FROM unit WHERE gtin=? AND lot_key=? AND lot_key<>''",
            "unit_lot (gtin=? AND lot_key=?)"},
        Row{"SELECT serial FROM unit WHERE order_id=? AND gtin=? AND order_id<>'' AND "
            "state IN ('ALLOCATED','RECEIVED') ORDER BY serial",
            "unit_of_order (order_id=? AND state=?"},
        Row{"SELECT DISTINCT gtin,lot_key FROM unit WHERE location=? AND location<>'' AND gtin=?",
            "unit_location (location=? AND gtin=?)"},
        Row{"SELECT serial FROM unit WHERE scope=? AND serial_key=?",
            "unit_scope (scope=? AND serial_key=?)"},
        Row{"SELECT line FROM document_line WHERE document=? AND gtin=? ORDER BY line",
            "document_line_gtin (document=? AND gtin=?)"},
        // Each product of a file of a million looks for cards that wait for it.
        Row{"UPDATE \"case\" SET status='closed' WHERE kind='PRODUCT_UNKNOWN' AND status='open' "
            "AND subject BETWEEN ? AND ?",
            "case_open (kind=? AND subject>? AND subject<?)"},
        Row{"SELECT document FROM document_line WHERE pallet=?1",
            "document_line_pallet (pallet=?)"});
    Warehouse house;
    house.furnish();
    const std::string way = way_of(house.path(), row.question);
    INFO(way);
    CHECK(way.find(row.index) != std::string::npos);
}

TEST_CASE("without what the planner is told it reads a whole product (control)",
          "[store][planner]") {
    Warehouse house;
    house.furnish();
    house.stop();
    {
        auto database =
            store::sqlite::Database::open(house.path(), store::sqlite::OpenMode::writer);
        REQUIRE(database);
        (*database)->execute("DROP TABLE sqlite_stat1");
    }
    CHECK(way_of(house.path(),
                 "SELECT serial FROM unit WHERE gtin=? AND near_key=? AND state<>'VOIDED' "
                 "ORDER BY serial LIMIT 1")
              .find("unit_near") == std::string::npos);
}
