#pragma once
// What tests of the ledger look at, beside what a scan is told.

#include "store/sqlite/database.hpp"
#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace lotgate::testkit {

inline bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// The first column of the first row, or "".
inline std::string question(const std::string& path, const std::string& sql) {
    auto database = store::sqlite::Database::open(path, store::sqlite::OpenMode::reader);
    REQUIRE(database);
    store::sqlite::Statement statement(**database, sql);
    auto rows = statement();
    return rows.next() ? rows.text(0) : std::string();
}

/// Projections folded anew are the same rows.
inline void check_rebuilt_equal(Warehouse& house) {
    const std::string answer = house.rebuild();
    INFO(answer);
    CHECK(holds(answer, R"("ok":true)"));
}

/// Four romaine and ten kale are received at DOCK-1.
inline void receive_romaine_and_kale(Warehouse& house) {
    house.scan(house.code(rules::Step::receive, "DOCK-1", "ASN-1"));
    for (const char* serial : {"S-1", "S-2", "S-3", "S-4"})
        REQUIRE(house.scan(house.unit(rules::Step::receive, "DOCK-1", serial)).did == "received");
    REQUIRE(house.scan(house.goods(rules::Step::receive, "DOCK-1", "K-1", 10)).did == "received");
}

}  // namespace lotgate::testkit
