// powercut: lives of a site with power cuts, full disks and failing syncs, by seeds.
//
//   powercut [--cuts N] [--seed S] [--mode cut|full|sync|sync-warm|lies] [--lives N]
//
// Starts at seed S and goes on until N cuts (or lives) are done. Each failure is one line that
// replays it. Exit 0: nothing lost, nothing broken; 1: something was; 2: usage. With --mode lies
// (a disk that lies about its syncs) loss must be found: exit 0 then means that it was.

#include "tests/powercut/life.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace lotgate::powercut;

struct Options {
    std::uint64_t cuts = 1000;
    std::uint64_t lives = 0;  ///< 0: until the cuts are done
    std::uint64_t seed = 1;
    std::string mode = "cut";
};

bool parse(const std::vector<std::string>& words, Options& options) {
    for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
        const std::string& key = words[i];
        const std::string& value = words[i + 1];
        if (key == "--mode")
            options.mode = value;
        else if (key == "--cuts")
            options.cuts = std::stoull(value);
        else if (key == "--lives")
            options.lives = std::stoull(value);
        else if (key == "--seed")
            options.seed = std::stoull(value);
        else
            return false;
    }
    return words.size() % 2 == 0;
}

bool is_done(const Options& options, const Tally& tally) {
    if (options.lives > 0) return tally.lives >= options.lives;
    // Modes without cuts count their restarts.
    return std::max(tally.cuts, tally.restarts / 2) >= options.cuts;
}

int run(const Options& options, Mode mode, const std::string& folder) {
    Ground ground(folder);
    if (!ground.wrong().empty()) {
        std::cerr << "powercut: " << ground.wrong() << "\n";
        return 1;
    }
    Tally tally;
    std::uint64_t failures = 0;
    const std::clock_t started = std::clock();
    for (std::uint64_t seed = options.seed; !is_done(options, tally); ++seed) {
        const std::string wrong = live(ground, mode, seed, tally);
        if (wrong.empty()) continue;
        ++failures;
        std::cout << fmt::format(
            "powercut --mode {} --seed {} --lives 1   # {}\n", options.mode, seed, wrong);
    }
    const double minutes =
        static_cast<double>(std::clock() - started) / static_cast<double>(CLOCKS_PER_SEC) / 60.0;
    std::cout << fmt::format(
        "{} lives, {} cuts, {} restarts checked, {} answered, {} met the fault ({} of them were "
        "committed), {} failed syncs, {} refused writes\n",
        tally.lives,
        tally.cuts,
        tally.restarts,
        tally.answered,
        tally.unanswered,
        tally.committed_unanswered,
        tally.syncs_failed,
        tally.writes_refused);
    std::cout << fmt::format(
        "{:.0f} cuts and {:.0f} checked restarts per CPU-minute, digest {:016x}\n",
        static_cast<double>(tally.cuts) / minutes,
        static_cast<double>(tally.restarts) / minutes,
        tally.digest);
    std::cout << fmt::format("{} passed, {} failed\n", tally.lives - failures, failures);
    const bool must_fail = mode == Mode::lies;
    return (failures > 0) == must_fail ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    std::optional<Mode> mode;
    try {
        if (parse({argv + 1, argv + argc}, options)) mode = mode_named(options.mode);
    } catch (const std::exception&) {
        mode.reset();
    }
    if (!mode) {
        std::cerr << "powercut [--cuts N] [--seed S] [--mode cut|full|sync|sync-warm|lies] "
                     "[--lives N]\n";
        return 2;
    }
    std::string folder = (std::filesystem::temp_directory_path() / "powercut-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return 1;
    const int status = run(options, *mode, folder);
    std::filesystem::remove_all(folder);
    return status;
}
