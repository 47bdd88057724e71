#pragma once

// Sites and a cloud in one thread and in virtual time: the real uplink and downlink machines and
// the hub's real rules, over a network and processes that fail as they please. One seed is one
// world; the same seed is the same world. After a time of faults comes a calm time, and then
// everything must be in its place.

#include "sync/downlink.hpp"
#include "sync/hub/decide.hpp"
#include "sync/uplink.hpp"
#include "tests/sync/kit/ledger_of.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace lotgate::sync::test {

/// Chances are per frame or per step; switches off are the faults of a wrong hub.
struct SimOptions {
    double drop = 0.15;
    double twice = 0.10;
    Ticks delay_max = std::chrono::milliseconds(800);  ///< frames overtake each other
    double link_loss = 0.02;                           ///< per site and second
    double black_hole = 0.3;   ///< of link losses: the link says it is up, nothing arrives
    double site_crash = 0.01;  ///< per site and second
    double hub_crash = 0.05;   ///< per commit: before it, or between it and the answer
    double restore = 0.0;      ///< per world: a site goes back to an old image of its disk
    double clone = 0.0;        ///< per world: a copy of a site's disk goes to work beside it
    bool compare_and_set = true;
    bool dedupe = true;
    int sites = 2;
    Ticks faults_for = std::chrono::seconds(40);
    Ticks calm_for = std::chrono::seconds(60);
};

/// What came out. `wrong` is empty, or says what was found first and where.
struct SimResult {
    std::string wrong;
    std::uint64_t digest = 0;  ///< of everything the cloud holds
    std::size_t rows = 0;
    std::size_t frames_lost = 0;
    std::size_t duplicates = 0;
    std::size_t gaps = 0;
    std::size_t forks = 0;
    std::size_t restores = 0;
};

[[nodiscard]] SimResult simulate(std::uint64_t seed, const SimOptions& options);

}  // namespace lotgate::sync::test
