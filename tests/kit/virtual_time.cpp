#include "tests/kit/virtual_time.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace lotgate::kit {

namespace {

constexpr std::int64_t start_us = 1'767'225'600'000'000;  // 2026-01-01T00:00:00Z

}  // namespace

Instant VirtualTime::now() const {
    const auto since = elapsed_ + wall_offset_;
    return Instant{start_us + std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

boost::asio::awaitable<void> VirtualTime::wait(std::chrono::milliseconds time) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    co_await wait_on(timer, time);
}

boost::asio::awaitable<void> VirtualTime::wait_on(boost::asio::steady_timer& signal,
                                                  std::chrono::milliseconds within) {
    struct Registered {
        Deadlines& all;
        Deadlines::iterator mine;

        ~Registered() {
            if (mine != all.end()) all.erase(mine);
        }
    };

    Registered registered{deadlines_, deadlines_.end()};
    if (within != adapters::no_limit) {
        registered.mine = deadlines_.emplace(elapsed_ + within, &signal);
    }
    signal.expires_at(boost::asio::steady_timer::time_point::max());
    co_await signal.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

void VirtualTime::settle() {
    loop_.restart();
    while (loop_.poll() > 0) loop_.restart();
    if (on_quiet_) on_quiet_();
}

void VirtualTime::run_until(std::chrono::milliseconds when) {
    settle();
    while (!deadlines_.empty() && deadlines_.begin()->first <= when) {
        elapsed_ = std::max(elapsed_, deadlines_.begin()->first);
        deadlines_.begin()->second->cancel();
        settle();
    }
    elapsed_ = std::max<std::chrono::nanoseconds>(elapsed_, when);
}

adapters::World VirtualTime::world() {
    adapters::World world;
    world.clock = this;
    world.wait = [this](std::chrono::milliseconds time) { return wait(time); };
    world.random = [] { return 0.5; };
    return world;
}

}  // namespace lotgate::kit
