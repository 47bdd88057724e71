#pragma once

// Looks for devices, only when a person asks: the serial ports of this machine by their lasting
// names, and who takes a connection on a port of the addresses that were named. Connects and hangs
// up; sends nothing.

#include "store/model/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address_v4.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lotgate::site {

struct FoundPort {
    std::string port;      ///< "/dev/serial/by-id/usb-..."
    std::string tty;       ///< "/dev/ttyUSB0"
    std::string identity;  ///< "0403:6001:AB12CD", or empty
};

[[nodiscard]] std::vector<FoundPort> serial_ports(const std::string& by_id = "/dev/serial/by-id",
                                                  const std::string& sysfs = "/sys");

inline constexpr std::size_t addresses_max = 256;

/// "10.1.2.7" or "10.1.2.0/24", at most addresses_max of them; only addresses of private networks
/// and this machine, so that nobody else's network is looked at by a slip.
[[nodiscard]] Result<std::vector<boost::asio::ip::address_v4>> addresses_of(
    const std::string& range);

/// Those that take a connection within 400 ms, in order; 32 at a time.
[[nodiscard]] boost::asio::awaitable<std::vector<std::string>> answering_on(
    std::vector<boost::asio::ip::address_v4> addresses, std::uint16_t port);

}  // namespace lotgate::site
