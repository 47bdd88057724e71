#include "sync/downlink.hpp"

#include <algorithm>
#include <utility>

namespace lotgate::sync {

namespace {

bool continues(const wire::Feed& feed, std::uint64_t cursor) {
    std::uint64_t last = cursor;
    for (const wire::FeedEntry& item : feed.items) {
        if (item.dseq <= last) return false;
        last = item.dseq;
    }
    return feed.after == cursor;
}

}  // namespace

Downlink::LaneState& Downlink::lane(wire::Lane which) {
    return which == wire::Lane::urgent ? lanes_[1] : lanes_[0];
}

const Downlink::LaneState& Downlink::lane(wire::Lane which) const {
    return which == wire::Lane::urgent ? lanes_[1] : lanes_[0];
}

bool Downlink::is_behind(const LaneState& state) {
    return !state.is_asked || state.head > state.cursor;
}

FeedCursors Downlink::cursors() const {
    return {lanes_[0].cursor, lanes_[1].cursor};
}

FeedCursors Downlink::heads() const {
    return {lanes_[0].head, lanes_[1].head};
}

bool Downlink::holds_uplink_back(Ticks now) const {
    return is_up_ && is_behind(lane(wire::Lane::urgent)) &&
           now - up_at_ < config_.urgent_goes_first;
}

void Downlink::link_up(Ticks now, FeedCursors cursors, DownlinkActions& out) {
    is_up_ = true;
    up_at_ = now;
    lanes_[0].cursor = std::max(lanes_[0].cursor, cursors.main);
    lanes_[1].cursor = std::max(lanes_[1].cursor, cursors.urgent);
    for (LaneState& state : lanes_) {
        state.is_asked = false;
        state.is_pulling = false;
        state.again_at = now;
    }
    pull_what_is_due(now, out);
}

void Downlink::link_down() {
    is_up_ = false;
}

void Downlink::heard(Ticks now, const wire::Message& message, DownlinkActions& out) {
    if (const auto* feed = std::get_if<wire::Feed>(&message)) on_feed(now, *feed, out);
    if (const auto* welcome = std::get_if<wire::Welcome>(&message)) {
        lanes_[0].head = std::max(lanes_[0].head, welcome->feed_main);
        lanes_[1].head = std::max(lanes_[1].head, welcome->feed_urgent);
    }
    pull_what_is_due(now, out);
}

void Downlink::on_feed(Ticks now, const wire::Feed& feed, DownlinkActions& out) {
    const bool is_lane = feed.lane == static_cast<std::uint32_t>(wire::Lane::main) ||
                         feed.lane == static_cast<std::uint32_t>(wire::Lane::urgent);
    if (!is_up_ || !is_lane) return;
    const auto which = static_cast<wire::Lane>(feed.lane);
    LaneState& state = lane(which);
    state.head = std::max(state.head, feed.head);
    if (state.applying_through != 0 || state.is_confirming) return;
    if (!feed.items.empty()) return take_page(which, feed, out);
    if (feed.after != state.cursor || !state.is_pulling) return;
    // The answer to our pull: there is nothing more.
    state.is_pulling = false;
    state.is_asked = true;
    state.head = state.cursor;
    state.again_at = now;
    state.is_confirming = true;
    store::FeedPage page;
    page.lane = std::string(wire::name_of(which));
    page.after = state.cursor;
    out.emplace_back(ApplyPage{which, std::move(page)});
}

void Downlink::take_page(wire::Lane which, const wire::Feed& feed, DownlinkActions& out) {
    LaneState& state = lane(which);
    if (!continues(feed, state.cursor)) return;  // doubled or late; the pull is repeated if it must
    store::FeedPage page;
    page.lane = std::string(wire::name_of(which));
    page.after = feed.after;
    for (const wire::FeedEntry& item : feed.items)
        page.items.push_back(store::FeedItem{item.dseq, item.kind, item.body});
    state.applying_through = feed.items.back().dseq;
    state.applying_items = feed.items.size();
    state.is_pulling = false;
    out.emplace_back(ApplyPage{which, std::move(page)});
}

void Downlink::applied(Ticks now, wire::Lane which, DownlinkActions& out) {
    LaneState& state = lane(which);
    state.confirm_at = now + config_.confirm_every;
    if (state.is_confirming) {
        state.is_confirming = false;
        return pull_what_is_due(now, out);
    }
    state.cursor = std::max(state.cursor, state.applying_through);
    state.head = std::max(state.head, state.cursor);
    state.applying_through = 0;
    state.is_asked = true;
    state.again_at = now;
    items_applied_ += state.applying_items;
    because_.clear();
    pull_what_is_due(now, out);
}

void Downlink::apply_failed(Ticks now, wire::Lane which, FeedCursors cursors, std::string because) {
    LaneState& state = lane(which);
    state.applying_through = 0;
    state.is_confirming = false;
    state.cursor = which == wire::Lane::urgent ? cursors.urgent : cursors.main;
    state.is_asked = false;
    state.again_at = now + config_.apply_again;
    because_ = std::move(because);
}

void Downlink::pull(Ticks now, wire::Lane which, DownlinkActions& out) {
    LaneState& state = lane(which);
    if (state.applying_through != 0 || state.is_confirming || now < state.again_at) return;
    state.is_pulling = true;
    state.again_at = now + config_.pull_again;
    wire::FeedPull pull;
    pull.lane = static_cast<std::uint32_t>(which);
    pull.after = state.cursor;
    pull.items_max = config_.items_max;
    out.emplace_back(PullFeed{pull});
}

void Downlink::pull_what_is_due(Ticks now, DownlinkActions& out) {
    if (!is_up_) return;
    if (is_behind(lane(wire::Lane::urgent))) {
        pull(now, wire::Lane::urgent, out);
        if (holds_uplink_back(now)) return;
    }
    if (is_behind(lane(wire::Lane::main))) pull(now, wire::Lane::main, out);
    for (const wire::Lane which : {wire::Lane::urgent, wire::Lane::main})
        if (!is_behind(lane(which)) && now >= lane(which).confirm_at) pull(now, which, out);
}

void Downlink::tick(Ticks now, DownlinkActions& out) {
    pull_what_is_due(now, out);
}

}  // namespace lotgate::sync
