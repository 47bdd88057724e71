#include "daemon/discover.hpp"

#include "adapters/transport/usb_identity.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

namespace lotgate::site {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;

namespace {

constexpr std::size_t at_a_time = 32;
constexpr std::chrono::milliseconds answers_within{400};

Fault no_range(const std::string& range) {
    return {FaultCode::invalid_input,
            "a range is an address or a network of at most 256 addresses in a private network, as "
            "in 10.1.2.0/24",
            range};
}

bool is_private(const asio::ip::address_v4& address) {
    const std::uint32_t bits = address.to_uint();
    return bits >> 24U == 10 || bits >> 24U == 127 || bits >> 20U == 0xAC1 ||
           bits >> 16U == 0xC0A8 || bits >> 16U == 0xA9FE;
}

/// Connections that are being tried; each that is made is ended at once.
struct Batch {
    std::vector<std::unique_ptr<tcp::socket>> sockets;
    std::vector<bool> has_answered;
};

asio::awaitable<void> try_all(std::shared_ptr<Batch> batch,
                              std::vector<asio::ip::address_v4> addresses,
                              std::uint16_t port) {
    const auto loop = co_await asio::this_coro::executor;
    batch->has_answered.assign(addresses.size(), false);
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        batch->sockets.push_back(std::make_unique<tcp::socket>(loop));
        const tcp::endpoint endpoint(addresses[i], port);
        batch->sockets[i]->async_connect(endpoint,
                                         [batch, i](const boost::system::error_code& error) {
                                             batch->has_answered[i] = !error;
                                         });
    }
    asio::steady_timer timer(loop);
    timer.expires_after(answers_within);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    boost::system::error_code ignored;
    for (const auto& socket : batch->sockets) socket->close(ignored);
}

}  // namespace

std::vector<FoundPort> serial_ports(const std::string& by_id, const std::string& sysfs) {
    std::vector<FoundPort> found;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(by_id, failed)) {
        FoundPort port;
        port.port = entry.path().string();
        port.tty = fs::canonical(entry.path(), failed).string();
        if (const auto identity = adapters::usb_identity_of(port.port, sysfs)) {
            port.identity = identity->text();
        }
        found.push_back(std::move(port));
    }
    std::sort(found.begin(), found.end(), [](const FoundPort& one, const FoundPort& other) {
        return one.port < other.port;
    });
    return found;
}

Result<std::vector<asio::ip::address_v4>> addresses_of(const std::string& range) {
    boost::system::error_code error;
    std::vector<asio::ip::address_v4> addresses;
    if (range.find('/') == std::string::npos) {
        const auto address = asio::ip::make_address_v4(range, error);
        if (error || !is_private(address)) return fail(no_range(range));
        addresses.push_back(address);
        return addresses;
    }
    const auto network = asio::ip::make_network_v4(range, error);
    if (error || network.prefix_length() < 24 || !is_private(network.network())) {
        return fail(no_range(range));
    }
    const std::uint32_t first = network.network().to_uint();
    const std::uint32_t last = network.broadcast().to_uint();
    const bool has_edges = network.prefix_length() < 31;  // network and broadcast address
    for (std::uint32_t bits = first + has_edges; bits <= last - has_edges; ++bits) {
        addresses.emplace_back(bits);
    }
    return addresses;
}

asio::awaitable<std::vector<std::string>> answering_on(std::vector<asio::ip::address_v4> addresses,
                                                       std::uint16_t port) {
    std::vector<std::string> found;
    for (std::size_t from = 0; from < addresses.size(); from += at_a_time) {
        const std::size_t count = std::min(at_a_time, addresses.size() - from);
        const auto begin = addresses.begin() + static_cast<std::ptrdiff_t>(from);
        std::vector<asio::ip::address_v4> some(begin, begin + static_cast<std::ptrdiff_t>(count));
        auto batch = std::make_shared<Batch>();
        co_await try_all(batch, some, port);
        for (std::size_t i = 0; i < count; ++i) {
            if (batch->has_answered[i]) found.push_back(some[i].to_string());
        }
    }
    co_return found;
}

}  // namespace lotgate::site
