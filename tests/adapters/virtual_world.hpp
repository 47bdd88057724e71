#pragma once

// A world without real time: a clock that moves when the test says so, and waits that end when it
// has moved far enough. Everything runs on one io_context in the test's own thread.

#include "adapters/transport/loop_event.hpp"
#include "adapters/transport/supervision.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lotgate::test {

class VirtualWorld final : public Clock {
public:
    boost::asio::io_context io;
    std::vector<std::string> log;

    [[nodiscard]] Instant now() const override {
        return Instant{1'700'000'000'000'000 + at_.count() * 1000};
    }

    [[nodiscard]] std::chrono::nanoseconds monotonic() const override { return at_; }

    [[nodiscard]] adapters::World world() {
        adapters::World world;
        world.clock = this;
        world.wait = [this](std::chrono::milliseconds time) { return sleep(time); };
        world.random = [] { return 0.5; };
        world.log = [this](adapters::LogLevel, const std::string& line) { log.push_back(line); };
        return world;
    }

    /// Everything that can happen now, happens.
    void settle() {
        io.restart();
        while (io.poll() > 0) io.restart();
    }

    /// Lets the time pass, waking who waits in the order of their times.
    void pass(std::chrono::milliseconds time) {
        const auto until = at_ + time;
        settle();
        for (;;) {
            const auto next = std::min_element(
                sleepers_.begin(), sleepers_.end(), [](const Sleeper* a, const Sleeper* b) {
                    return a->until < b->until;
                });
            if (next == sleepers_.end() || (*next)->until > until) break;
            Sleeper* const sleeper = *next;
            sleepers_.erase(next);
            at_ = std::max(at_, sleeper->until);
            sleeper->event.notify();
            settle();
        }
        at_ = until;
    }

    /// Runs to its end, letting time pass in small steps; the value, or nothing within `limit`.
    template <class T>
    std::optional<T> finish(boost::asio::awaitable<T> work,
                            std::chrono::milliseconds limit = std::chrono::seconds(60)) {
        std::optional<T> result;
        boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr error, T value) {
            if (error) std::rethrow_exception(error);
            result = std::move(value);
        });
        settle();
        for (std::chrono::milliseconds spent{0}; !result && spent < limit; ++spent)
            pass(std::chrono::milliseconds(1));
        return result;
    }

private:
    struct Sleeper {
        Sleeper(const boost::asio::any_io_executor& loop, std::chrono::milliseconds until_)
            : until(until_), event(loop) {}

        std::chrono::milliseconds until;
        adapters::LoopEvent event;
    };

    /// Forgets the sleeper also when its coroutine is cancelled or destroyed.
    struct Registered {
        Registered(std::list<Sleeper*>& all_, Sleeper* mine_) : all(all_), mine(mine_) {
            all.push_back(mine);
        }

        Registered(const Registered&) = delete;
        Registered& operator=(const Registered&) = delete;

        ~Registered() { all.remove(mine); }

        std::list<Sleeper*>& all;
        Sleeper* mine;
    };

    boost::asio::awaitable<void> sleep(std::chrono::milliseconds time) {
        Sleeper sleeper(io.get_executor(), at_ + time);
        const Registered registered(sleepers_, &sleeper);
        co_await sleeper.event.wait();
    }

    std::list<Sleeper*> sleepers_;
    std::chrono::milliseconds at_{1000};
};

}  // namespace lotgate::test
