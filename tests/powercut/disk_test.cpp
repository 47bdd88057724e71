// The disk that loses power, and SQLite on it: the tool is tested before it tests the store.

#include "tests/powercut/disk.hpp"

#include "tests/powercut/vfs.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

#include <set>
#include <string_view>

using namespace lotgate::powercut;

namespace {

constexpr std::size_t four_sectors = 2048;

Bytes letters(char letter, std::size_t count = four_sectors) {
    return Bytes(count, static_cast<std::uint8_t>(letter));
}

std::string after_cut(Disk& disk, std::uint64_t seed, const std::string& name = "a") {
    disk.cut_and_restart(seed);
    const auto image = disk.image();
    const auto it = image.find(name);
    if (it == image.end()) return "none";
    return {it->second.begin(), it->second.end()};
}

/// A file of A's on the platter, over which B's were written and not synced.
void write_unsynced(Disk& disk) {
    disk.load({{"a", letters('A')}});
    const auto file = disk.open("a", false);
    REQUIRE(disk.write(*file, 0, letters('B')) == Io::ok);
}

int run(sqlite3* database, const char* sql) {
    return sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
}

int count_rows(const char* name) {
    sqlite3* database = nullptr;
    int count = 0;
    REQUIRE(sqlite3_open(name, &database) == SQLITE_OK);
    const auto keep = [](void* into, int, char** values, char**) {
        *static_cast<int*>(into) = std::stoi(values[0]);
        return 0;
    };
    sqlite3_exec(database, "SELECT count(*) FROM t", keep, &count, nullptr);
    sqlite3_close(database);
    return count;
}

/// Commits rows one by one until power goes; says how many commits were answered.
int commit_rows_until_the_cut(const char* name) {
    sqlite3* database = nullptr;
    int answered = 0;
    if (sqlite3_open(name, &database) == SQLITE_OK &&
        run(database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL") == SQLITE_OK &&
        run(database, "CREATE TABLE IF NOT EXISTS t(a)") == SQLITE_OK)
        while (run(database, "INSERT INTO t VALUES(randomblob(900))") == SQLITE_OK) ++answered;
    sqlite3_close(database);
    return answered;
}

}  // namespace

TEST_CASE("what was synced survives a power cut", "[powercut]") {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Disk disk;
        write_unsynced(disk);
        REQUIRE(disk.sync(*disk.open("a", false)) == Io::ok);
        CHECK(after_cut(disk, seed) == std::string(four_sectors, 'B'));
    }
}

TEST_CASE("what was not synced is kept, dropped or torn between sectors", "[powercut]") {
    std::set<std::string> outcomes;
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        Disk disk;
        write_unsynced(disk);
        const std::string found = after_cut(disk, seed);
        for (std::size_t sector = 0; sector < four_sectors; sector += 512)
            CHECK(found.substr(sector, 512) == std::string(512, found[sector]));
        outcomes.insert(found);
    }
    // Four sectors, each A or B: 16 images, of which all are to be met.
    CHECK(outcomes.size() == 16);
}

TEST_CASE("the same seed leaves the same disk", "[powercut]") {
    Disk one;
    Disk other;
    write_unsynced(one);
    write_unsynced(other);
    CHECK(after_cut(one, 7) == after_cut(other, 7));
}

TEST_CASE("a new file has its name for certain only after its first sync", "[powercut]") {
    std::set<std::string> outcomes;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Disk disk;
        static_cast<void>(disk.open("a", true));
        outcomes.insert(after_cut(disk, seed));
    }
    CHECK(outcomes == std::set<std::string>{"none", ""});
}

TEST_CASE("a removed file may come back, unless the folder was synced", "[powercut]") {
    std::set<std::string> outcomes;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Disk disk;
        disk.load({{"a", letters('A', 3)}});
        REQUIRE(disk.remove("a", false) == Io::ok);
        outcomes.insert(after_cut(disk, seed));
        disk.load({{"a", letters('A', 3)}});
        REQUIRE(disk.remove("a", true) == Io::ok);
        CHECK(after_cut(disk, seed) == "none");
    }
    CHECK(outcomes == std::set<std::string>{"none", "AAA"});
}

TEST_CASE("the first sync of a new file settles its folder", "[powercut]") {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Disk disk;
        disk.load({{"a", letters('A', 3)}});
        REQUIRE(disk.remove("a", false) == Io::ok);
        REQUIRE(disk.sync(*disk.open("b", true)) == Io::ok);
        CHECK(after_cut(disk, seed) == "none");
    }
}

TEST_CASE("a sync after a failed one does not save what the failed one lost", "[powercut]") {
    std::set<std::string> outcomes;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Disk disk;
        write_unsynced(disk);
        Faults faults;
        faults.sync_fails_at = 0;
        faults.seed = seed;
        disk.set_faults(faults);
        const auto file = disk.open("a", false);
        REQUIRE(disk.sync(*file) == Io::sync_failed);
        REQUIRE(disk.sync(*file) == Io::ok);
        outcomes.insert(after_cut(disk, seed));
    }
    CHECK(outcomes.contains(std::string(four_sectors, 'A')));
}

TEST_CASE("nothing changes after the cut", "[powercut]") {
    Disk disk;
    disk.load({{"a", letters('A')}});
    Faults faults;
    faults.power_goes_at = 1;
    disk.set_faults(faults);
    const auto file = disk.open("a", false);
    CHECK(disk.write(*file, 0, letters('B')) == Io::ok);
    CHECK(disk.sync(*file) == Io::no_power);
    CHECK(disk.write(*file, 0, letters('C')) == Io::no_power);
    CHECK(disk.sync(*file) == Io::no_power);
    CHECK_FALSE(disk.has_power());
    CHECK(after_cut(disk, 1).find('C') == std::string::npos);
}

TEST_CASE("SQLite with synchronous=FULL keeps every answered commit", "[powercut]") {
    Disk disk;
    use_disk(disk);
    int lost = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        disk.load({});
        Faults faults;
        faults.power_goes_at = 20 + seed % 60;
        disk.set_faults(faults);
        const int answered = commit_rows_until_the_cut("/t.db");
        REQUIRE(open_files() == 0);
        disk.cut_and_restart(seed);
        const int found = count_rows("/t.db");
        CHECK(found <= answered + 1);  // one may be committed and not answered
        if (found < answered) ++lost;
    }
    CHECK(lost == 0);
}

TEST_CASE("on a disk that lies about its syncs answered commits are lost", "[powercut]") {
    Disk disk;
    use_disk(disk);
    int lost = 0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        disk.load({});
        Faults faults;
        faults.power_goes_at = 20 + seed % 60;
        faults.syncs_are_lies = true;
        disk.set_faults(faults);
        const int answered = commit_rows_until_the_cut("/t.db");
        disk.cut_and_restart(seed);
        if (count_rows("/t.db") < answered) ++lost;
    }
    CHECK(lost > 50);
}
