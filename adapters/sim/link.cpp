#include "adapters/sim/link.hpp"

#include "adapters/sim/fields.hpp"

#include <boost/json/value.hpp>

namespace lotgate::sim {

struct LinkProxy::Pair {
    StreamPtr client;
    StreamPtr target;
    std::unique_ptr<Dial> dial;
    std::string early;         ///< from the client, before the target was reached
    bool is_poisoned = false;  ///< bytes were swallowed: it can only be reset
};

LinkProxy::LinkProxy(Loop& loop, std::string id, LinkConfig config)
    : Device(std::move(id)), loop_(loop), config_(std::move(config)) {}

Result<> LinkProxy::open() {
    is_open_ = true;
    return state_ == State::cut ? Result<>{} : listen();
}

Result<> LinkProxy::listen() {
    if (listener_) return {};
    LG_TRY(listener_, Listener::tcp(loop_, config_.listen));
    config_.listen = listener_->port();
    listener_->start([this](StreamPtr stream) { accepted(std::move(stream)); });
    return {};
}

void LinkProxy::unplug() {
    is_open_ = false;
    if (listener_) listener_->close();
    listener_.reset();
    while (!pairs_.empty()) end(PairPtr(pairs_.back()), true);
}

void LinkProxy::accepted(StreamPtr client) {
    ++connects_;
    const auto pair = std::make_shared<Pair>();
    pair->client = std::move(client);
    pairs_.push_back(pair);
    const std::weak_ptr<Pair> weak = pair;
    pair->client->start(
        [this, weak](std::string_view bytes) {
            if (const PairPtr known = weak.lock())
                carry(known, Direction::to_target, std::string(bytes));
        },
        [this, weak] {
            if (const PairPtr known = weak.lock()) end(known, false);
        });
    pair->client->hold_reading(state_ == State::freeze);
    if (state_ == State::blackhole) return;
    pair->dial =
        std::make_unique<Dial>(loop_, config_.host, config_.port, [this, weak](StreamPtr target) {
            const PairPtr known = weak.lock();
            if (known) dialled(known, std::move(target));
        });
}

void LinkProxy::dialled(const PairPtr& pair, StreamPtr target) {
    const std::unique_ptr<Dial> done = std::move(pair->dial);
    if (!target) {
        end(pair, true);
        return;
    }
    pair->target = std::move(target);
    const std::weak_ptr<Pair> weak = pair;
    pair->target->start(
        [this, weak](std::string_view bytes) {
            if (const PairPtr known = weak.lock())
                carry(known, Direction::to_client, std::string(bytes));
        },
        [this, weak] {
            if (const PairPtr known = weak.lock()) end(known, false);
        });
    pair->target->hold_reading(state_ == State::freeze);
    pair->target->write(pair->early);
    pair->early.clear();
}

void LinkProxy::carry(const PairPtr& pair, Direction direction, std::string bytes) {
    if (state_ == State::blackhole || pair->is_poisoned) {
        pair->is_poisoned = true;
        swallowed_bytes_ += bytes.size();
        return;
    }
    if (latency_ == Duration{0}) {
        deliver(pair, direction, bytes);
        return;
    }
    loop_.after(latency_, [this, pair, direction, bytes = std::move(bytes)] {
        deliver(pair, direction, bytes);
    });
}

void LinkProxy::deliver(const PairPtr& pair, Direction direction, const std::string& bytes) {
    if (state_ == State::blackhole || pair->is_poisoned) {
        pair->is_poisoned = true;
        swallowed_bytes_ += bytes.size();
        return;
    }
    if (direction == Direction::to_client) {
        down_bytes_ += bytes.size();
        pair->client->write(bytes);
    } else {
        up_bytes_ += bytes.size();
        if (pair->target) {
            pair->target->write(bytes);
        } else {
            pair->early += bytes;
        }
    }
}

// What one side has said before it went is still carried to the other: an orderly end of one is
// an orderly end of both, after the latency. In a black hole nobody hears that the other is gone.
void LinkProxy::end(const PairPtr& pair, bool by_reset) {
    if (!by_reset && state_ == State::blackhole) {
        pair->is_poisoned = true;
        return;
    }
    if (!by_reset && latency_ > Duration{0}) {
        loop_.after(latency_, [this, pair] {
            pair->client->close();
            if (pair->target) pair->target->close();
            std::erase(pairs_, pair);
        });
        return;
    }
    if (by_reset) ++resets_;
    pair->dial.reset();
    for (const StreamPtr& side : {pair->client, pair->target}) {
        if (!side) continue;
        if (by_reset) {
            side->reset();
        } else {
            side->close();
        }
    }
    std::erase(pairs_, pair);
}

Result<> LinkProxy::set_state(Fields& request) {
    const std::string word = request.word("state", {"up", "cut", "blackhole", "freeze"});
    const bool has_state = request.has("state");
    const auto latency =
        request.number("latency_ms", {0, 60'000}, std::chrono::milliseconds(0).count());
    const bool has_latency = request.has("latency_ms");
    if (!has_state && !has_latency) request.problem("state", "a state, or latency_ms");
    LG_CHECK(request.finish());
    if (has_latency) latency_ = std::chrono::milliseconds(latency);
    if (!has_state) return {};
    state_ = word == "up"          ? State::up
             : word == "cut"       ? State::cut
             : word == "blackhole" ? State::blackhole
                                   : State::freeze;
    apply();
    return is_open_ && state_ != State::cut ? listen() : Result<>{};
}

void LinkProxy::apply() {
    if (state_ == State::cut) {
        if (listener_) listener_->close();
        listener_.reset();
    }
    const std::vector<PairPtr> pairs = pairs_;
    for (const PairPtr& pair : pairs) {
        // What was swallowed cannot be said again: such a connection never works any more.
        const bool is_over =
            state_ == State::cut ||
            (state_ != State::blackhole && (pair->is_poisoned || (!pair->target && !pair->dial)));
        if (is_over) {
            end(pair, true);
            continue;
        }
        pair->client->hold_reading(state_ == State::freeze);
        if (pair->target) pair->target->hold_reading(state_ == State::freeze);
    }
}

json::object LinkProxy::report() const {
    static constexpr std::array names = {"up", "cut", "blackhole", "freeze"};
    json::object report;
    report["kind"] = kind();
    report["port"] = config_.listen;
    report["state"] = names[static_cast<std::size_t>(state_)];
    report["latency_ms"] = std::chrono::duration_cast<std::chrono::milliseconds>(latency_).count();
    report["connected"] = pairs_.size();
    report["connects"] = connects_;
    report["resets"] = resets_;
    report["bytes_up"] = up_bytes_;
    report["bytes_down"] = down_bytes_;
    report["bytes_swallowed"] = swallowed_bytes_;
    return report;
}

}  // namespace lotgate::sim
