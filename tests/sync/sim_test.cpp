#include "tests/sync/sim_world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdlib>

// One world is replayed with: LOTGATE_SIM_SEED=<seed> test_sync_sim "<name of the test>"
// More worlds: LOTGATE_SIM_SEEDS=100000 test_sync_sim

namespace lotgate::sync::test {
namespace {

std::uint64_t number_from_environment(const char* name, std::uint64_t fallback) {
    const char* text = std::getenv(name);
    return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

/// The first seed whose world went wrong, and what did.
std::string first_wrong(const SimOptions& options, std::uint64_t seeds, SimResult& sum) {
    const std::uint64_t only = number_from_environment("LOTGATE_SIM_SEED", 0);
    seeds = number_from_environment("LOTGATE_SIM_SEEDS", seeds);
    for (std::uint64_t seed = only == 0 ? 1 : only; seed <= (only == 0 ? seeds : only); ++seed) {
        const SimResult result = simulate(seed, options);
        if (!result.wrong.empty()) return fmt::format("seed {}: {}", seed, result.wrong);
        sum.rows += result.rows;
        sum.frames_lost += result.frames_lost;
        sum.duplicates += result.duplicates;
        sum.gaps += result.gaps;
        sum.forks += result.forks;
        sum.restores += result.restores;
    }
    return {};
}

TEST_CASE("whatever the network and the processes do, the cloud ends with exactly the rows",
          "[sync][sim]") {
    SimResult sum;
    CHECK(first_wrong(SimOptions{}, 200, sum) == "");
    // The worlds were as bad as they were meant to be.
    CHECK(sum.rows > 10'000);
    CHECK(sum.frames_lost > 1'000);
    CHECK(sum.duplicates > 100);
    CHECK(sum.gaps > 100);
    CHECK(sum.forks == 0);
}

TEST_CASE("a link that loses every second frame only makes it slower", "[sync][sim]") {
    SimOptions options;
    options.drop = 0.5;
    options.twice = 0.3;
    options.delay_max = std::chrono::seconds(3);
    SimResult sum;
    CHECK(first_wrong(options, 60, sum) == "");
}

TEST_CASE("an old image of a gateway's disk never mixes two histories in the cloud",
          "[sync][sim]") {
    SimOptions options;
    options.restore = 1.0;
    SimResult sum;
    CHECK(first_wrong(options, 150, sum) == "");
    CHECK(sum.restores > 100);
    CHECK(sum.forks > 20);
}

TEST_CASE("a copy of a gateway at work beside it never mixes two histories in the cloud",
          "[sync][sim]") {
    SimOptions options;
    options.clone = 1.0;
    SimResult sum;
    CHECK(first_wrong(options, 150, sum) == "");
    CHECK(sum.forks > 20);
}

TEST_CASE("the same seed is the same world", "[sync][sim]") {
    for (std::uint64_t seed = 1; seed <= 5; ++seed)
        CHECK(simulate(seed, SimOptions{}).digest == simulate(seed, SimOptions{}).digest);
}

// Negative controls: a check that cannot fail proves nothing.

TEST_CASE("without the compare-and-set the simulation finds doubled or missing rows",
          "[sync][sim]") {
    SimOptions options;
    options.compare_and_set = false;
    SimResult sum;
    CHECK_THAT(first_wrong(options, 100, sum), Catch::Contains("I-4"));
}

TEST_CASE("without the check for duplicates the simulation finds doubled rows", "[sync][sim]") {
    SimOptions options;
    options.dedupe = false;
    SimResult sum;
    CHECK_THAT(first_wrong(options, 100, sum), Catch::Contains("I-"));
}

}  // namespace
}  // namespace lotgate::sync::test
