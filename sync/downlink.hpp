#pragma once

// The downlink as a pure state machine: events in, actions out. The site pulls; what the cloud
// pushes is only the news that there is more. The urgent lane goes first: until it is drained the
// main lane is not pulled, and after a connect the session holds the uplink's backlog back.

#include "store/store.hpp"
#include "sync/wire/frames.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace lotgate::sync {

using Ticks = std::chrono::nanoseconds;

struct DownlinkConfig {
    std::uint32_t items_max = 200;
    Ticks pull_again = std::chrono::seconds(2);         ///< a pull or its page was lost
    Ticks apply_again = std::chrono::seconds(1);        ///< the store could not take the page
    Ticks urgent_goes_first = std::chrono::seconds(5);  ///< the longest the rest waits for it
    /// A quiet lane is asked again after this, so that the site knows how old its copy is.
    Ticks confirm_every = std::chrono::seconds(60);
};

struct PullFeed {
    wire::FeedPull pull;
};

/// Answer with applied() or apply_failed(). A page without items says that there is nothing new.
struct ApplyPage {
    wire::Lane lane = wire::Lane::main;
    store::FeedPage page;
};

using DownlinkAction = std::variant<PullFeed, ApplyPage>;
using DownlinkActions = std::vector<DownlinkAction>;

struct FeedCursors {
    std::uint64_t main = 0;
    std::uint64_t urgent = 0;
};

class Downlink {
public:
    explicit Downlink(DownlinkConfig config) : config_(config) {}

    /// `cursors` as the ledger has them.
    void link_up(Ticks now, FeedCursors cursors, DownlinkActions& out);
    void link_down();
    void heard(Ticks now, const wire::Message& message, DownlinkActions& out);
    void applied(Ticks now, wire::Lane lane, DownlinkActions& out);
    /// `cursors` as the ledger has them now: the page may not have continued them.
    void apply_failed(Ticks now, wire::Lane lane, FeedCursors cursors, std::string because);
    void tick(Ticks now, DownlinkActions& out);

    /// The urgent lane goes first, but not for ever.
    [[nodiscard]] bool holds_uplink_back(Ticks now) const;
    [[nodiscard]] FeedCursors cursors() const;
    [[nodiscard]] FeedCursors heads() const;

    [[nodiscard]] std::uint64_t items_applied() const { return items_applied_; }

    /// Why the last page could not be applied; empty when all is well.
    [[nodiscard]] const std::string& because() const { return because_; }

private:
    struct LaneState {
        std::uint64_t cursor = 0;
        std::uint64_t head = 0;
        std::uint64_t applying_through = 0;  ///< 0 = nothing is being applied
        std::size_t applying_items = 0;
        bool is_asked = false;       ///< the cloud has answered a pull since the link came up
        bool is_pulling = false;     ///< a pull is on its way
        bool is_confirming = false;  ///< a page without items is on its way to the store
        Ticks again_at{};            ///< of the next pull
        Ticks confirm_at{};
    };

    [[nodiscard]] LaneState& lane(wire::Lane which);
    [[nodiscard]] const LaneState& lane(wire::Lane which) const;
    void on_feed(Ticks now, const wire::Feed& feed, DownlinkActions& out);
    void take_page(wire::Lane which, const wire::Feed& feed, DownlinkActions& out);
    void pull(Ticks now, wire::Lane which, DownlinkActions& out);
    void pull_what_is_due(Ticks now, DownlinkActions& out);
    [[nodiscard]] static bool is_behind(const LaneState& state);

    const DownlinkConfig config_;
    std::array<LaneState, 2> lanes_{};  ///< main, urgent
    bool is_up_ = false;
    Ticks up_at_{};
    std::uint64_t items_applied_ = 0;
    std::string because_;
};

}  // namespace lotgate::sync
