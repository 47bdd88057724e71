#include "adapters/transport/backoff.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

namespace lotgate::adapters {

using namespace std::chrono_literals;

TEST_CASE("the first pause is short and the ceiling doubles up to half a minute",
          "[adapters][backoff]") {
    Backoff at_the_ceiling([] { return 0.999999; });
    CHECK(at_the_ceiling.next() >= 240ms);
    CHECK(at_the_ceiling.next() >= 490ms);
    CHECK(at_the_ceiling.next() >= 990ms);
    for (int i = 0; i < 10; ++i) (void)at_the_ceiling.next();
    CHECK(at_the_ceiling.next() > 29s);
    CHECK(at_the_ceiling.next() <= 30s);
    CHECK(at_the_ceiling.attempts() == 15);
}

TEST_CASE("no pause is shorter than a tenth of a second", "[adapters][backoff]") {
    Backoff at_the_floor([] { return 0.0; });
    for (int i = 0; i < 20; ++i) CHECK(at_the_floor.next() == 100ms);
}

TEST_CASE("useful work makes the next pause short again", "[adapters][backoff]") {
    Backoff backoff([] { return 0.999999; });
    for (int i = 0; i < 10; ++i) (void)backoff.next();
    backoff.reset();
    CHECK(backoff.next() <= 250ms);
}

TEST_CASE("fifty devices behind one switch do not come back at once", "[adapters][backoff]") {
    const Random random = machine_random();
    std::vector<std::chrono::milliseconds> pauses;
    for (int device = 0; device < 50; ++device) {
        Backoff backoff(random);
        for (int i = 0; i < 7; ++i) (void)backoff.next();
        pauses.push_back(backoff.next());
    }
    const auto [least, most] = std::minmax_element(pauses.begin(), pauses.end());
    CHECK(*most - *least > 5s);
}

}  // namespace lotgate::adapters
