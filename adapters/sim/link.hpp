#pragma once

// The cloud link as a TCP proxy that can be cut, black-holed, frozen and slowed down.

#include "adapters/sim/device.hpp"
#include "adapters/sim/loop.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace lotgate::sim {

class Fields;

struct LinkConfig {
    std::uint16_t listen = 0;
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
};

class LinkProxy final : public Device {
public:
    LinkProxy(Loop& loop, std::string id, LinkConfig config);

    [[nodiscard]] std::string_view kind() const override { return "link"; }

    Result<> open() override;
    void unplug() override;
    [[nodiscard]] json::object report() const override;

    [[nodiscard]] std::uint16_t listens_on() const override { return config_.listen; }

    /// "state": up, cut (RST, then refused), blackhole (taken and swallowed, no RST) or freeze
    /// (nothing moves, nothing is lost); "latency_ms" each way.
    Result<> set_state(Fields& request);

private:
    enum class State { up, cut, blackhole, freeze };

    struct Pair;
    using PairPtr = std::shared_ptr<Pair>;
    enum class Direction { to_target, to_client };

    void accepted(StreamPtr client);
    void dialled(const PairPtr& pair, StreamPtr target);
    void carry(const PairPtr& pair, Direction direction, std::string bytes);
    void deliver(const PairPtr& pair, Direction direction, const std::string& bytes);
    void end(const PairPtr& pair, bool by_reset);
    void apply();
    Result<> listen();

    Loop& loop_;
    LinkConfig config_;
    State state_ = State::up;
    Duration latency_{0};
    ListenerPtr listener_;
    std::vector<PairPtr> pairs_;
    std::uint64_t connects_ = 0;
    std::uint64_t resets_ = 0;
    std::uint64_t up_bytes_ = 0;
    std::uint64_t down_bytes_ = 0;
    std::uint64_t swallowed_bytes_ = 0;
    bool is_open_ = false;
};

}  // namespace lotgate::sim
