#pragma once

// What the server and its sessions share; lives as long as the last of them. Loop thread only.

#include "daemon/api/config.hpp"
#include "daemon/api/live.hpp"
#include "daemon/api/metrics.hpp"
#include "daemon/api/routes.hpp"
#include "daemon/api/site_view.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace lotgate::api {

/// Errors of the network are values.
inline constexpr auto as_values = boost::asio::as_tuple(boost::asio::use_awaitable);

struct Core {
    Core(const boost::asio::any_io_executor& executor_, SiteView& site_, Config config_)
        : executor(executor_),
          site(site_),
          config(std::move(config_)),
          routes(site_, metrics),
          live(executor_, config.limits.live_max, config.limits.live_bytes_max),
          changed(executor_, boost::asio::steady_timer::time_point::max()),
          ended(executor_, boost::asio::steady_timer::time_point::max()) {}

    boost::asio::any_io_executor executor;
    SiteView& site;
    Config config;
    Metrics metrics;
    Routes routes;
    Live live;
    boost::asio::steady_timer changed;  ///< cancelled when the site's state changed
    boost::asio::steady_timer ended;    ///< cancelled when a coroutine of the server has ended
    bool is_stopping = false;
    std::size_t running = 0;  ///< coroutines of the server that have not ended
    std::size_t sessions = 0;
    std::size_t local_sessions = 0;
    std::uint64_t closer_next = 0;
    std::map<std::uint64_t, std::function<void()>> closers;  ///< one per open connection
};

/// The state a live stream begins with, and each beat: `event` and JSON text.
[[nodiscard]] std::string beat_json(const SiteView& site);

}  // namespace lotgate::api
