#pragma once

// Time that passes only when a test says so. Coroutines that wait on it run in the order of their
// deadlines, and a whole shift takes milliseconds.

#include "adapters/transport/supervision.hpp"
#include "store/model/time.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <utility>

namespace lotgate::kit {

class VirtualTime final : public Clock {
public:
    explicit VirtualTime(boost::asio::io_context& loop) : loop_(loop) {}

    [[nodiscard]] Instant now() const override;

    [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return elapsed_; }

    [[nodiscard]] std::chrono::milliseconds elapsed() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(elapsed_);
    }

    /// The wall clock jumps; time that has passed does not.
    void jump_wall_clock(std::chrono::milliseconds by) { wall_offset_ += by; }

    boost::asio::awaitable<void> wait(std::chrono::milliseconds time);
    /// Until `signal` is cancelled, or the time has passed.
    boost::asio::awaitable<void> wait_on(boost::asio::steady_timer& signal,
                                         std::chrono::milliseconds within);

    /// Runs all that is due up to `when` (since the start), and what follows from it.
    void run_until(std::chrono::milliseconds when);

    /// Called whenever nothing more can happen without time passing.
    void on_quiet(std::function<void()> function) { on_quiet_ = std::move(function); }

    /// This clock, waits on it, the middle of every jitter, and no log.
    [[nodiscard]] adapters::World world();

private:
    using Deadlines = std::multimap<std::chrono::nanoseconds, boost::asio::steady_timer*>;

    void settle();

    boost::asio::io_context& loop_;
    std::chrono::nanoseconds elapsed_{0};
    std::chrono::milliseconds wall_offset_{0};
    Deadlines deadlines_;
    std::function<void()> on_quiet_;
};

}  // namespace lotgate::kit
