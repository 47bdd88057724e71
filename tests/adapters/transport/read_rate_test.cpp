#include "adapters/transport/read_rate.hpp"

#include "adapters/transport/scanner_profile.hpp"
#include "tests/kit/settings_text.hpp"

#include <catch2/catch.hpp>

namespace lotgate::adapters {

namespace {

/// One no-read in every `nth` read.
void reads(ReadRate& rate, int count, int nth) {
    for (int i = 1; i <= count; ++i) rate.note(nth > 0 && i % nth == 0);
}

}  // namespace

TEST_CASE("a scanner that reads as it always did gives no warning", "[adapters][scan]") {
    ReadRate good;
    CHECK(good.warning().empty());
    reads(good, 5000, 50);
    CHECK(good.warning().empty());
    ReadRate mediocre;
    reads(mediocre, 5000, 5);
    CHECK(mediocre.recent_no_reads() == Approx(0.2));
    CHECK(mediocre.warning().empty());
}

TEST_CASE("a lens that gets dirty is told before it fails", "[adapters][scan]") {
    ReadRate rate;
    reads(rate, 5000, 50);
    reads(rate, 100, 7);
    CHECK_FALSE(rate.warning().empty());
    reads(rate, 100, 50);
    CHECK(rate.warning().empty());
}

TEST_CASE("a few reads prove nothing, and a scanner that reads half is bad from the first day",
          "[adapters][scan]") {
    ReadRate rate;
    reads(rate, 50, 2);
    CHECK(rate.warning().empty());
    reads(rate, 50, 2);
    CHECK_FALSE(rate.warning().empty());
}

namespace {

/// `windows` times ten minutes with `count` reads each, from `from` on; the end.
std::chrono::minutes works(ScanRate& rate, std::chrono::minutes from, int windows, int count) {
    for (int i = 0; i < windows; ++i, from += ScanRate::window)
        for (int read = 0; read < count; ++read) rate.note(from + std::chrono::seconds(read));
    return from;
}

}  // namespace

TEST_CASE("a scanner that reads far fewer codes than it used to is told of within the hour",
          "[adapters][scan]") {
    ScanRate rate;
    auto now = works(rate, std::chrono::minutes(0), 30, 60);
    CHECK(rate.warning().empty());
    now = works(rate, now, 3, 10);
    CHECK(rate.warning().empty());  // the third ten minutes are not over yet
    now = works(rate, now, 1, 10);
    CHECK(rate.warning().find("10 reads in ten minutes where") == 0);
    now = works(rate, now, 2, 60);
    CHECK(rate.warning().empty());
}

TEST_CASE("a night without a carton, a slow hour and a young scanner are no fault",
          "[adapters][scan]") {
    ScanRate rate;
    auto now = works(rate, std::chrono::minutes(0), 30, 60);
    now += std::chrono::hours(9);
    now = works(rate, now, 2, 60);
    CHECK(rate.warning().empty());
    works(rate, now, 12, 25);
    CHECK(rate.warning().empty());
    ScanRate young;
    now = works(young, std::chrono::minutes(0), 5, 60);
    works(young, now, 5, 3);
    CHECK(young.warning().empty());
    ScanRate rare;
    now = works(rare, std::chrono::minutes(0), 40, 9);
    works(rare, now, 6, 1);
    CHECK(rare.warning().empty());
}

TEST_CASE("a maker's profile is only a set of defaults", "[adapters][settings]") {
    kit::SettingsText sick("profile = \"sick\"\n");
    SettingsTable table = sick.table();
    CHECK(parse_profile(table).framing == "stx_etx");
    kit::SettingsText wrong("profile = \"sik\"\n");
    SettingsTable wrong_table = wrong.table();
    CHECK(parse_profile(wrong_table).name == "generic");
    REQUIRE(wrong.problems().size() == 1);
    CHECK(wrong.problems()[0].hint.find("sick") != std::string::npos);
}

}  // namespace lotgate::adapters
