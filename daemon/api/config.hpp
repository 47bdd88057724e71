#pragma once

// Where the page and the command reach the daemon, and what one client may use up.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lotgate::api {

/// What one client may use up. Not configurable: no site has needed other values.
struct Limits {
    std::size_t header_bytes_max = 8 * 1024;
    std::size_t body_bytes_max = 64 * 1024;
    std::size_t local_body_bytes_max = 5UL * 1024 * 1024;  ///< over the Unix socket: imports
    std::size_t connections_max = 64;         ///< over TCP; further ones are told 503 and closed
    std::size_t local_connections_max = 16;   ///< over the Unix socket
    std::size_t live_max = 32;                ///< streams of live data, of those connections
    std::size_t live_bytes_max = 256 * 1024;  ///< waiting for one slow stream; then it is dropped
    std::chrono::milliseconds request_deadline{10'000};  ///< first byte to last of one request
    std::chrono::milliseconds idle_max{60'000};          ///< between requests of one connection
    std::chrono::milliseconds write_deadline{10'000};
    std::chrono::milliseconds beat{1'000};  ///< between two states on a live stream
};

struct Config {
    std::string address = "127.0.0.1";                 ///< empty: not over TCP
    std::uint16_t port = 8080;                         ///< 0: any free one (tests, demonstrations)
    std::string socket = "/run/lotgate/control.sock";  ///< empty: none
    std::vector<std::string> names;  ///< host names the page is served under, beside localhost
    Limits limits;
};

}  // namespace lotgate::api
