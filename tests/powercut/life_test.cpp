// Some hundred lives of a site, each with its faults; `./dev powercut` lives many thousands.

#include "tests/powercut/life.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>

using namespace lotgate::powercut;

namespace {

/// A folder of our own, for the lock file; gone at the end.
class Folder {
public:
    Folder() { REQUIRE(mkdtemp(path_.data()) != nullptr); }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    ~Folder() { std::filesystem::remove_all(path_); }

    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_ = (std::filesystem::temp_directory_path() / "powercut-XXXXXX").string();
};

/// What went wrong in so many lives; each line says its seed.
std::string wrongs(Mode mode, std::uint64_t lives, Tally& tally) {
    const Folder folder;
    Ground ground(folder.path());
    if (!ground.wrong().empty()) return ground.wrong();
    std::string told;
    for (std::uint64_t seed = 1; seed <= lives; ++seed) {
        const std::string wrong = live(ground, mode, seed, tally);
        if (!wrong.empty()) told += "seed " + std::to_string(seed) + ": " + wrong + "\n";
    }
    return told;
}

}  // namespace

TEST_CASE("no answered scan is lost in a power cut, wherever it falls", "[powercut]") {
    Tally tally;
    CHECK(wrongs(Mode::cut, 120, tally).empty());
    CHECK(tally.cuts > 100);
    CHECK(tally.answered > 2000);
    // The cut between commit and answer happens, and the answer is then found in the ledger.
    CHECK(tally.committed_unanswered > 0);
}

TEST_CASE("a full disk answers nothing as good, and the site goes on when there is room",
          "[powercut]") {
    Tally tally;
    CHECK(wrongs(Mode::full, 40, tally).empty());
    CHECK(tally.writes_refused > 20);
    CHECK(tally.unanswered > 20);
}

TEST_CASE("after a failed sync nothing is answered as good until the next start", "[powercut]") {
    Tally tally;
    CHECK(wrongs(Mode::sync, 40, tally).empty());
    CHECK(tally.syncs_failed > 0);
}

TEST_CASE("a disk that lies about its syncs is found out", "[powercut]") {
    Tally tally;
    CHECK_FALSE(wrongs(Mode::lies, 20, tally).empty());
}

TEST_CASE("the same seeds live the same lives", "[powercut]") {
    Tally one;
    Tally other;
    static_cast<void>(wrongs(Mode::cut, 15, one));
    static_cast<void>(wrongs(Mode::cut, 15, other));
    CHECK(one.digest == other.digest);
}

TEST_CASE("what a restarted program answers after a failed sync survives a power cut",
          "[powercut]") {
    Tally tally;
    CHECK(wrongs(Mode::sync_warm, 40, tally).empty());
    CHECK(tally.syncs_failed > 0);
}
