#include "adapters/transport/health_keeper.hpp"

#include "tests/kit/virtual_time.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace lotgate::adapters {

using namespace std::chrono_literals;

TEST_CASE("health is logged when it changes, and a lasting fault every ten minutes",
          "[adapters][health]") {
    boost::asio::io_context loop;
    kit::VirtualTime time(loop);
    std::vector<LogLevel> logged;
    HealthKeeper keeper(time, [&](LogLevel level, const std::string&) { logged.push_back(level); });
    keeper.set(HealthState::ready);
    keeper.set(HealthState::ready);
    CHECK(logged.size() == 1);
    time.run_until(1min);
    for (int minute = 1; minute <= 25; ++minute) {
        time.run_until(std::chrono::minutes(minute));
        keeper.set(HealthState::retrying, "no such port");
    }
    // The loss itself, and twice more in 25 minutes.
    CHECK(logged.size() == 4);
    keeper.set(HealthState::ready);
    CHECK(logged.size() == 5);
    CHECK(logged.back() == LogLevel::info);
}

TEST_CASE("a device knows since when it is as it is, and when it was last useful",
          "[adapters][health]") {
    boost::asio::io_context loop;
    kit::VirtualTime time(loop);
    HealthKeeper keeper(time, {});
    time.run_until(5s);
    keeper.set(HealthState::retrying, "no such port");
    const Instant since = time.now();
    time.run_until(9s);
    keeper.set(HealthState::retrying, "another cause");
    CHECK(keeper.health().since == since);
    CHECK_FALSE(keeper.health().last_useful);
    keeper.useful();
    CHECK(keeper.health().last_useful == time.now());
}

}  // namespace lotgate::adapters
