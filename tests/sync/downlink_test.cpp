#include "sync/downlink.hpp"

#include <catch2/catch.hpp>

namespace lotgate::sync {
namespace {

using namespace std::chrono_literals;
using wire::Lane;

wire::Feed page(Lane lane, std::uint64_t after, std::uint64_t count, std::uint64_t head) {
    wire::Feed feed;
    feed.lane = static_cast<std::uint32_t>(lane);
    feed.after = after;
    feed.head = head;
    for (std::uint64_t item = 1; item <= count; ++item)
        feed.items.push_back({after + item, "product", "{}"});
    return feed;
}

std::vector<Lane> pulled(const DownlinkActions& out) {
    std::vector<Lane> lanes;
    for (const auto& action : out)
        if (const auto* pull = std::get_if<PullFeed>(&action))
            lanes.push_back(static_cast<Lane>(pull->pull.lane));
    return lanes;
}

const store::FeedPage* applied(const DownlinkActions& out) {
    for (const auto& action : out)
        if (const auto* apply = std::get_if<ApplyPage>(&action)) return &apply->page;
    return nullptr;
}

TEST_CASE("holds and recalls are asked for before anything else", "[sync][downlink]") {
    Downlink downlink{DownlinkConfig{}};
    DownlinkActions out;
    downlink.link_up(0s, {5, 2}, out);
    CHECK(pulled(out) == std::vector{Lane::urgent});
    CHECK(downlink.holds_uplink_back(0s));

    out.clear();
    downlink.heard(1s, page(Lane::urgent, 2, 1, 3), out);
    REQUIRE(applied(out) != nullptr);
    CHECK(applied(out)->lane == "urgent");
    CHECK(downlink.holds_uplink_back(1s));

    out.clear();
    downlink.applied(1s, Lane::urgent, out);
    CHECK_FALSE(downlink.holds_uplink_back(1s));
    CHECK(pulled(out) == std::vector{Lane::main});
    CHECK(downlink.cursors().urgent == 3);
}

TEST_CASE("an urgent lane that cannot be had does not hold the rest up for ever",
          "[sync][downlink]") {
    Downlink downlink{DownlinkConfig{}};
    DownlinkActions out;
    downlink.link_up(0s, {0, 0}, out);
    CHECK(downlink.holds_uplink_back(4s));
    CHECK_FALSE(downlink.holds_uplink_back(5s));
    out.clear();
    downlink.tick(5s, out);
    CHECK(pulled(out) == std::vector{Lane::urgent, Lane::main});
}

TEST_CASE("a page that comes twice, or late, is applied once", "[sync][downlink]") {
    Downlink downlink{DownlinkConfig{}};
    DownlinkActions out;
    downlink.link_up(0s, {0, 0}, out);
    downlink.heard(0s, page(Lane::urgent, 0, 0, 0), out);
    out.clear();
    const auto feed = page(Lane::main, 0, 3, 3);
    downlink.heard(0s, feed, out);
    REQUIRE(applied(out) != nullptr);
    out.clear();
    downlink.heard(0s, feed, out);  // while it is being applied
    CHECK(applied(out) == nullptr);
    downlink.applied(0s, Lane::main, out);
    downlink.heard(0s, feed, out);  // and after
    CHECK(applied(out) == nullptr);
    CHECK(downlink.items_applied() == 3);
}

TEST_CASE("news of a higher head makes the site pull", "[sync][downlink]") {
    Downlink downlink{DownlinkConfig{}};
    DownlinkActions out;
    downlink.link_up(0s, {0, 0}, out);
    downlink.heard(0s, page(Lane::urgent, 0, 0, 0), out);
    downlink.heard(0s, page(Lane::main, 0, 0, 0), out);
    downlink.applied(0s, Lane::urgent, out);
    downlink.applied(0s, Lane::main, out);
    out.clear();
    downlink.heard(1s, page(Lane::urgent, 7, 0, 7), out);
    CHECK(pulled(out) == std::vector{Lane::urgent});
    CHECK(downlink.heads().urgent == 7);
}

TEST_CASE("a quiet lane is asked again, and the store told that its copy is as new as the cloud's",
          "[sync][downlink]") {
    Downlink downlink{DownlinkConfig{}};
    DownlinkActions out;
    downlink.link_up(0s, {4, 7}, out);
    downlink.heard(0s, page(Lane::urgent, 7, 0, 7), out);
    REQUIRE(applied(out) != nullptr);
    CHECK(applied(out)->items.empty());
    CHECK(applied(out)->after == 7);
    downlink.applied(0s, Lane::urgent, out);
    downlink.heard(0s, page(Lane::main, 4, 0, 4), out);
    downlink.applied(0s, Lane::main, out);
    out.clear();
    downlink.tick(59s, out);
    CHECK(out.empty());
    downlink.tick(60s, out);
    CHECK(pulled(out) == std::vector{Lane::urgent, Lane::main});
    out.clear();
    downlink.heard(61s, page(Lane::urgent, 7, 0, 7), out);
    REQUIRE(applied(out) != nullptr);
    // News that comes meanwhile waits until the store has answered.
    out.clear();
    downlink.heard(61s, page(Lane::urgent, 7, 1, 8), out);
    CHECK(applied(out) == nullptr);
    downlink.applied(61s, Lane::urgent, out);
    CHECK(pulled(out) == std::vector{Lane::urgent});
    CHECK(downlink.cursors().urgent == 7);
}

TEST_CASE("a pull that stays without an answer is repeated", "[sync][downlink]") {
    Downlink downlink{DownlinkConfig{}};
    DownlinkActions out;
    downlink.link_up(0s, {0, 0}, out);
    out.clear();
    downlink.tick(1s, out);
    CHECK(out.empty());
    downlink.tick(2s, out);
    CHECK(pulled(out) == std::vector{Lane::urgent});
}

TEST_CASE("a page the ledger does not take is asked for again from where the ledger is",
          "[sync][downlink]") {
    Downlink downlink{DownlinkConfig{}};
    DownlinkActions out;
    downlink.link_up(0s, {0, 0}, out);
    downlink.heard(0s, page(Lane::urgent, 0, 2, 2), out);
    downlink.apply_failed(0s, Lane::urgent, {0, 1}, "the disk is full");
    CHECK(downlink.because() == "the disk is full");
    out.clear();
    downlink.tick(1s, out);
    REQUIRE(pulled(out) == std::vector{Lane::urgent});
    CHECK(std::get<PullFeed>(out.front()).pull.after == 1);
}

TEST_CASE("a page whose numbers do not rise is not applied", "[sync][downlink]") {
    Downlink downlink{DownlinkConfig{}};
    DownlinkActions out;
    downlink.link_up(0s, {0, 0}, out);
    auto feed = page(Lane::urgent, 0, 3, 3);
    std::swap(feed.items[0], feed.items[2]);
    downlink.heard(0s, feed, out);
    CHECK(applied(out) == nullptr);
}

}  // namespace
}  // namespace lotgate::sync
