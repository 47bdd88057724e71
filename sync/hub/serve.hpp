#pragma once

// `lotgate-hub serve`: takes frames from the broker, hands them to ingest, publishes the answers;
// tells sites of news in their feeds; lets the projector follow. Stateless: any number of these
// processes share the work through the broker's shared subscription.
//
// Threads: the loop (MQTT and timers), one for ingest and one for the rest, each of the two with a
// database connection of its own.

#include "store/model/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace lotgate::hub {

struct ServeConfig {
    std::string conninfo;
    std::string broker_host = "127.0.0.1";
    std::uint16_t broker_port = 1883;
    std::string broker_user;
    std::string broker_password_file;
    std::string broker_ca_file;
    std::string tenant;            ///< empty: all tenants of the broker
    std::size_t queue_max = 2000;  ///< frames waiting for ingest; more are dropped and counted
};

/// Returns after SIGINT or SIGTERM. A fault only where it cannot begin.
[[nodiscard]] Result<> serve(const ServeConfig& config);

}  // namespace lotgate::hub
