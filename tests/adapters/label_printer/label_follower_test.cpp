#include "adapters/label_printer/label_follower.hpp"

#include <catch2/catch.hpp>

using namespace lotgate::adapters;
using namespace std::chrono_literals;

namespace {

HostStatus idle() {
    return {};
}

HostStatus busy() {
    HostStatus status;
    status.formats_waiting = 1;
    return status;
}

HostStatus out_of_labels() {
    HostStatus status;
    status.is_paper_out = true;
    return status;
}

LabelFollower with_counter() {
    return {FollowTimes{}, CounterProof{100, 1, true}, 10s};
}

LabelFollower without_counter() {
    return {FollowTimes{}, CounterProof{std::nullopt, 1, true}, 10s};
}

}  // namespace

TEST_CASE("a label is confirmed when the counter has moved by one", "[printer]") {
    auto label = with_counter();
    CHECK_FALSE(label.saw(busy(), true, 10s));
    CHECK_FALSE(label.wants_counter());
    CHECK_FALSE(label.saw(idle(), true, 11s));
    REQUIRE(label.wants_counter());
    CHECK_FALSE(label.counted(100, 11s));

    const auto verdict = label.counted(101, 11s);
    REQUIRE(verdict);
    CHECK(verdict->state == PrintState::confirmed);
    CHECK(verdict->because == "label counter went from 100 to 101");
}

TEST_CASE("without a counter an idle printer that never complained is believed, and says so",
          "[printer]") {
    auto label = without_counter();
    CHECK_FALSE(label.saw(busy(), true, 10s));
    const auto verdict = label.saw(idle(), true, 11s);
    REQUIRE(verdict);
    CHECK(verdict->state == PrintState::confirmed);
    CHECK(verdict->because == "by host status only: the printer has no label counter");
}

TEST_CASE("an answer that may be older than the label proves nothing", "[printer]") {
    auto label = without_counter();
    CHECK_FALSE(label.saw(idle(), false, 11s));
    CHECK(label.saw(idle(), true, 12s));
}

TEST_CASE("out of labels in the middle: what the counter says afterwards counts", "[printer]") {
    auto printed = with_counter();
    CHECK_FALSE(printed.saw(out_of_labels(), true, 11s));
    CHECK_FALSE(printed.saw(out_of_labels(), true, 3600s));  // the roll took an hour to come
    CHECK_FALSE(printed.saw(idle(), true, 3601s));
    CHECK(printed.counted(101, 3601s)->state == PrintState::confirmed);

    auto spoiled = with_counter();
    CHECK_FALSE(spoiled.saw(out_of_labels(), true, 11s));
    CHECK_FALSE(spoiled.saw(idle(), true, 20s));
    CHECK_FALSE(spoiled.counted(100, 20s));
    const auto verdict = spoiled.counted(100, 21s);
    REQUIRE(verdict);
    CHECK(verdict->state == PrintState::failed);

    auto unknown = without_counter();
    CHECK_FALSE(unknown.saw(out_of_labels(), true, 11s));
    CHECK(unknown.saw(idle(), true, 20s)->state == PrintState::in_doubt);
}

TEST_CASE("what cannot be proved is in doubt", "[printer]") {
    SECTION("two labels at once") {
        auto label = with_counter();
        CHECK_FALSE(label.saw(idle(), true, 11s));
        CHECK(label.counted(102, 11s)->state == PrintState::in_doubt);
    }
    SECTION("the counter went back") {
        auto label = with_counter();
        CHECK_FALSE(label.saw(idle(), true, 11s));
        CHECK(label.counted(7, 11s)->state == PrintState::in_doubt);
    }
    SECTION("idle, no fault, and the counter never moves") {
        auto label = with_counter();
        CHECK_FALSE(label.saw(idle(), true, 11s));
        CHECK_FALSE(label.counted(100, 15'999ms));
        CHECK(label.counted(100, 16s)->state == PrintState::in_doubt);
    }
    SECTION("the counter does not answer any more") {
        auto label = with_counter();
        CHECK_FALSE(label.saw(idle(), true, 11s));
        CHECK_FALSE(label.counted(std::nullopt, 15s));
        CHECK(label.counted(std::nullopt, 16s)->state == PrintState::in_doubt);
    }
    SECTION("busy for ever") {
        auto label = with_counter();
        CHECK_FALSE(label.saw(busy(), true, 69s));
        CHECK(label.saw(busy(), true, 70s)->state == PrintState::in_doubt);
    }
    SECTION("silent for ever") {
        auto label = with_counter();
        CHECK_FALSE(label.heard_nothing(609s));
        CHECK(label.heard_nothing(610s)->state == PrintState::in_doubt);
    }
    SECTION("the connection broke") {
        CHECK(with_counter().broke("reset").state == PrintState::in_doubt);
    }
}
