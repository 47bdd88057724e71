#include "adapters/sim/belt.hpp"

#include <catch2/catch.hpp>

using namespace lotgate::sim;
using namespace std::chrono_literals;

namespace {

// Eye to decision 1 s; decision to lane 500 ms, to lane 2 200 ms.
BeltConfig three_lanes() {
    BeltConfig config;
    config.lanes = 3;
    config.default_lane = 3;
    config.to_decision = 1000ms;
    config.to_lane = {500ms, 200ms, 500ms};
    config.confirmation_kept = 2000ms;
    return config;
}

struct Watched {
    std::vector<std::uint16_t> decided;
    std::vector<std::uint16_t> confirmed;
    Belt belt{three_lanes(),
              [this](const Carton& carton) { decided.push_back(carton.sequence); },
              [this](const Carton& carton) { confirmed.push_back(carton.sequence); }};

    DecisionFate decide(const Carton& carton, std::uint16_t lane) {
        const DecisionBlock block{1,
                                  static_cast<std::uint16_t>(carton.tracking_id >> 16U),
                                  static_cast<std::uint16_t>(carton.tracking_id & 0xffffU),
                                  lane,
                                  0,
                                  carton.sequence};
        return belt.decide(block, true);
    }
};

}  // namespace

TEST_CASE("a carton that is decided goes to its lane after the way there", "[sim][belt]") {
    Watched watched;
    const Carton carton = watched.belt.induct(0ms);
    CHECK(watched.decide(carton, 2) == DecisionFate::accepted);
    CHECK(watched.belt.status()[8] == carton.sequence);

    watched.belt.advance(1199ms);
    CHECK(watched.confirmed.empty());
    watched.belt.advance(1200ms);
    CHECK(watched.confirmed == std::vector<std::uint16_t>{1});
    CHECK(watched.belt.status()[9] == 2);
    CHECK(watched.belt.status()[10] == 1);
    CHECK(watched.belt.status()[11] == 1);
}

TEST_CASE("the deadline is the decision point and not a moment later", "[sim][belt]") {
    Watched watched;
    const Carton in_time = watched.belt.induct(0ms);
    const Carton too_late = watched.belt.induct(10ms);
    watched.belt.advance(999ms);
    CHECK(watched.decide(in_time, 1) == DecisionFate::accepted);
    watched.belt.advance(1010ms);
    CHECK(watched.decide(too_late, 1) == DecisionFate::late);
    CHECK(watched.belt.status()[8] == in_time.sequence);
    watched.belt.advance(2000ms);
    CHECK(watched.belt.counts().results[1] == 1);
    CHECK(watched.belt.counts().results[4] == 1);
    CHECK(watched.belt.counts().confirmed_by_lane == std::vector<std::uint64_t>{1, 0, 1});
}

TEST_CASE("a shorter lane overtakes and is confirmed first", "[sim][belt]") {
    Watched watched;
    const Carton first = watched.belt.induct(0ms);
    const Carton second = watched.belt.induct(100ms);
    CHECK(watched.decide(first, 1) == DecisionFate::accepted);
    CHECK(watched.decide(second, 2) == DecisionFate::accepted);
    watched.belt.advance(2000ms);
    CHECK(watched.confirmed == std::vector<std::uint16_t>{2, 1});
}

TEST_CASE("a confirmation is shown until it was read or its time is over", "[sim][belt]") {
    Watched watched;
    watched.belt.induct(0ms);
    watched.belt.induct(1ms);
    watched.belt.induct(2ms);
    watched.belt.advance(1600ms);
    CHECK(watched.belt.status()[11] == 1);
    watched.belt.confirmation_read();
    CHECK(watched.belt.status()[11] == 2);
    CHECK(watched.belt.next() == BeltTime(3600ms));
    watched.belt.advance(3600ms);
    CHECK(watched.belt.status()[11] == 3);
    CHECK(watched.belt.counts().confirmations_unread == 1);
    CHECK_FALSE(watched.belt.next());
}

TEST_CASE("sequences go from 65535 to 1 and are late on the other side too", "[sim][belt]") {
    Watched watched;
    watched.belt.set_next_sequence(65535);
    const Carton last = watched.belt.induct(0ms);
    const Carton first = watched.belt.induct(1ms);
    CHECK(last.sequence == 65535);
    CHECK(first.sequence == 1);
    watched.belt.advance(5000ms);
    CHECK(watched.decide(last, 1) == DecisionFate::late);
    Carton never = first;
    never.sequence = 500;
    CHECK(watched.decide(never, 1) == DecisionFate::unknown);
}

TEST_CASE("after a restart nothing of before is on the belt or in the registers", "[sim][belt]") {
    Watched watched;
    const Carton carton = watched.belt.induct(0ms);
    watched.belt.restart();
    CHECK(watched.decide(carton, 1) == DecisionFate::unknown);
    watched.belt.advance(5000ms);
    CHECK(watched.confirmed.empty());
    CHECK(watched.belt.counts().cartons_lost == 1);
    CHECK(watched.belt.induct(5000ms).sequence == 1);
}
