#include "adapters/transport/supervision.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace lotgate::adapters {

namespace {

boost::asio::awaitable<void> wait_on_timer(std::chrono::milliseconds time) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    timer.expires_after(time);
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

/// What only a person can mend, as far as the code tells.
HealthState state_after(const Fault& fault) {
    const bool needs_a_person =
        fault.code() == FaultCode::invalid_input || fault.code() == FaultCode::conflict;
    return needs_a_person ? HealthState::failed : HealthState::retrying;
}

boost::asio::awaitable<Fault> serve_once(const Supervised& device) {
    Result<std::unique_ptr<ByteStream>> link = co_await device.open();
    if (!link) co_return std::move(link).error();
    const std::shared_ptr<ByteStream> stream = std::move(*link);
    Fault fault = co_await device.serve(stream);
    stream->close();
    co_return fault;
}

}  // namespace

World machine_world(LogLine log) {
    World world;
    world.clock = &system_clock();
    world.wait = wait_on_timer;
    world.random = machine_random();
    world.log = std::move(log);
    return world;
}

boost::asio::awaitable<void> supervise(const Supervised& device) {
    for (;;) {
        const Fault fault = co_await serve_once(device);
        device.health.set(state_after(fault), fault.detail());
        co_await device.wait(device.backoff.next());
    }
}

}  // namespace lotgate::adapters
