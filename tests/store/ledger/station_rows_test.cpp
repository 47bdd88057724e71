// What a station has in hand, and whose badge was shown there, as scans ask for it.

#include "store/projections/station_rows.hpp"

#include "store/sqlite/migrations.hpp"
#include "tests/store/kit/warehouse.hpp"

#include <catch2/catch.hpp>

namespace lotgate::store {

namespace {

struct Tables {
    Tables() {
        auto opened = sqlite::Database::open(folder.file("site.db"), sqlite::OpenMode::writer);
        REQUIRE(opened);
        database = std::move(*opened);
        REQUIRE(sqlite::migrate(*database));
        rows.emplace(*database);
    }

    testkit::TempDir folder;
    std::unique_ptr<sqlite::Database> database;
    std::optional<StationRows> rows;
};

BadgeShown shown_at(const std::string& station, const std::string& badge) {
    BadgeShown shown;
    shown.station = station;
    shown.badge = badge;
    shown.at = Instant{7};
    return shown;
}

}  // namespace

TEST_CASE("a station has in hand what was opened there last", "[store][stations]") {
    Tables tables;
    StationRows& rows = *tables.rows;
    CHECK(rows.in_hand("DOCK-1").document.empty());
    rows.apply(1, StationSet{"DOCK-1", "ASN-1", "", "BIN-7"});
    CHECK(rows.in_hand("DOCK-1").document == "ASN-1");
    CHECK(rows.in_hand("DOCK-1").place == "BIN-7");
    CHECK(rows.in_hand("DOCK-2").document.empty());
    rows.apply(2, StationSet{"DOCK-1", "ASN-2", "C-1", ""});
    CHECK(rows.in_hand("DOCK-1").carton == "C-1");
    rows.forget();
    CHECK(rows.in_hand("DOCK-1").document == "ASN-2");
}

TEST_CASE("a badge shown at a station is there until it is taken back", "[store][stations]") {
    Tables tables;
    StationRows& rows = *tables.rows;
    CHECK_FALSE(rows.badge_at("PACK-1"));
    rows.apply(1, shown_at("PACK-1", "B7"));
    REQUIRE(rows.badge_at("PACK-1"));
    CHECK(rows.badge_at("PACK-1")->badge == "B7");
    CHECK(rows.badge_at("PACK-1")->at_us == 7);
    rows.apply(2, shown_at("PACK-1", ""));
    CHECK_FALSE(rows.badge_at("PACK-1"));
}

TEST_CASE("after a rollback a station has in hand what it had before", "[store][stations]") {
    Tables tables;
    StationRows& rows = *tables.rows;
    rows.apply(1, StationSet{"DOCK-1", "ASN-1", "", ""});
    rows.apply(1, shown_at("DOCK-1", "B7"));
    tables.database->execute("BEGIN");
    rows.apply(2, StationSet{"DOCK-1", "ASN-2", "", ""});
    rows.apply(2, shown_at("DOCK-1", ""));
    CHECK(rows.in_hand("DOCK-1").document == "ASN-2");
    CHECK_FALSE(rows.badge_at("DOCK-1"));
    tables.database->execute("ROLLBACK");
    rows.forget();
    CHECK(rows.in_hand("DOCK-1").document == "ASN-1");
    REQUIRE(rows.badge_at("DOCK-1"));
    CHECK(rows.badge_at("DOCK-1")->badge == "B7");
}

TEST_CASE("more stations than are kept in memory are each answered rightly", "[store][stations]") {
    Tables tables;
    StationRows& rows = *tables.rows;
    const auto name = [](int i) { return "CART-" + std::to_string(i); };
    for (int i = 0; i < 5000; ++i) rows.apply(i, StationSet{name(i), name(i) + "-order", "", ""});
    for (int turn = 0; turn < 2; ++turn)
        for (int i = 0; i < 5000; i += 7)
            REQUIRE(rows.in_hand(name(i)).document == name(i) + "-order");
}

}  // namespace lotgate::store
