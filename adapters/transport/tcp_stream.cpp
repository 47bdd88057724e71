#include "adapters/transport/byte_stream.hpp"
#include "adapters/transport/stream_of.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace lotgate::adapters {

namespace ip = boost::asio::ip;

namespace detail {

Fault link_fault(const boost::system::error_code& error,
                 const std::string& name,
                 const std::string& cable) {
    using boost::asio::error::eof;
    if (error == boost::asio::error::operation_aborted) {
        return {FaultCode::closed, name + ": closed here"};
    }
    if (error == eof) return {FaultCode::closed, name + ": the other side ended it" + cable};
    if (error == boost::asio::error::timed_out) {
        return {FaultCode::closed, name + ": no sign of life" + cable};
    }
    return {FaultCode::closed, fmt::format("{}: {}{}", name, error.message(), cable)};
}

}  // namespace detail

namespace {

using Socket = ip::tcp::socket;
using TcpStream = detail::StreamOf<Socket>;

const std::string tcp_cable = " (power, network cable or switch?)";

void set_option(int descriptor, int level, int name, int value) {
    // A kernel without the option serves on; only the noticing of a dead peer takes longer.
    (void)setsockopt(descriptor, level, name, &value, sizeof value);
}

/// Devices page 1.4: keepalive idle 10 s, interval 5 s, 3 probes, and a limit on unacknowledged
/// bytes, so that a half-open connection never stays green.
void keep_alive(Socket& socket, std::chrono::milliseconds unacknowledged_max) {
    const int descriptor = socket.native_handle();
    set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, 10);
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 3);
    set_option(
        descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(unacknowledged_max.count()));
    set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
    (void)fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

Fault connect_fault(const boost::system::error_code& error, const std::string& name) {
    if (error == boost::asio::error::connection_refused) {
        return {FaultCode::unavailable,
                name + " refuses the connection: is the device started, and is the port right?"};
    }
    if (error == boost::asio::error::host_unreachable ||
        error == boost::asio::error::network_unreachable) {
        return {FaultCode::unavailable, name + " cannot be reached: network cable or switch?"};
    }
    if (error == boost::asio::error::host_not_found ||
        error == boost::asio::error::host_not_found_try_again) {
        return {FaultCode::unavailable, name + ": no such name in the network"};
    }
    return {FaultCode::unavailable, fmt::format("{}: {}", name, error.message())};
}

boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> connect_now(TcpConfig config,
                                                                        std::string name) {
    const auto loop = co_await boost::asio::this_coro::executor;
    ip::tcp::resolver resolver(loop);
    const auto [not_found, endpoints] =
        co_await resolver.async_resolve(config.host,
                                        std::to_string(config.port),
                                        boost::asio::as_tuple(boost::asio::use_awaitable));
    if (not_found) co_return fail(connect_fault(not_found, name));
    Socket socket(loop);
    const auto [error, endpoint] = co_await boost::asio::async_connect(
        socket, endpoints, boost::asio::as_tuple(boost::asio::use_awaitable));
    if (error) co_return fail(connect_fault(error, name));
    keep_alive(socket, config.unacknowledged_max);
    std::unique_ptr<ByteStream> stream =
        std::make_unique<TcpStream>(std::move(socket), std::move(name), tcp_cable);
    co_return Result<std::unique_ptr<ByteStream>>(std::move(stream));
}

// ---- the other way round

/// Addresses that may connect, all as IPv6 prefixes (IPv4 as mapped ones).
class AllowList {
public:
    [[nodiscard]] static Result<AllowList> parse(const std::vector<std::string>& texts) {
        AllowList list;
        for (const std::string& text : texts) {
            boost::system::error_code error;
            if (text.find(':') != std::string::npos) {
                const std::string whole =
                    text.find('/') == std::string::npos ? text + "/128" : text;
                list.v6_.push_back(ip::make_network_v6(whole, error));
            } else {
                const std::string whole = text.find('/') == std::string::npos ? text + "/32" : text;
                list.v4_.push_back(ip::make_network_v4(whole, error));
            }
            if (error) {
                return fail(FaultCode::invalid_input,
                            "\"" + text + "\" is not an address or prefix such as 10.1.2.0/24");
            }
        }
        return list;
    }

    [[nodiscard]] bool allows(ip::address address) const {
        if (address.is_v6() && address.to_v6().is_v4_mapped()) {
            address = ip::make_address_v4(ip::v4_mapped, address.to_v6());
        }
        if (v4_.empty() && v6_.empty()) return address.is_loopback();
        if (address.is_v4()) {
            for (const ip::network_v4& network : v4_) {
                const ip::network_v4 host(address.to_v4(), 32);
                if (host == network || host.is_subnet_of(network)) return true;
            }
            return false;
        }
        for (const ip::network_v6& network : v6_) {
            const ip::network_v6 host(address.to_v6(), 128);
            if (host == network || host.is_subnet_of(network)) return true;
        }
        return false;
    }

private:
    std::vector<ip::network_v4> v4_;
    std::vector<ip::network_v6> v6_;
};

class Listener final : public TcpListener {
public:
    Listener(ip::tcp::acceptor acceptor, AllowList allow, std::chrono::milliseconds patience)
        : acceptor_(std::move(acceptor)), allow_(std::move(allow)), patience_(patience) {}

    boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> accept() override {
        for (;;) {
            auto [error, socket] =
                co_await acceptor_.async_accept(boost::asio::as_tuple(boost::asio::use_awaitable));
            if (error) {
                co_return fail(FaultCode::closed, "not listening any more: " + error.message());
            }
            boost::system::error_code gone;
            const ip::tcp::endpoint peer = socket.remote_endpoint(gone);
            if (gone) continue;
            if (!allow_.allows(peer.address())) {
                ++refused_;
                continue;  // the socket closes here
            }
            keep_alive(socket, patience_);
            std::string name = fmt::format("{}:{}", peer.address().to_string(), peer.port());
            std::unique_ptr<ByteStream> stream =
                std::make_unique<TcpStream>(std::move(socket), std::move(name), tcp_cable);
            co_return Result<std::unique_ptr<ByteStream>>(std::move(stream));
        }
    }

    void close() override {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
    }

    [[nodiscard]] std::uint16_t port() const override {
        boost::system::error_code closed;
        return acceptor_.local_endpoint(closed).port();
    }

    [[nodiscard]] std::uint64_t refused() const override { return refused_; }

private:
    ip::tcp::acceptor acceptor_;
    const AllowList allow_;
    const std::chrono::milliseconds patience_;
    std::uint64_t refused_ = 0;
};

}  // namespace

boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> open_tcp(TcpConfig config) {
    const std::string name = fmt::format("{}:{}", config.host, config.port);
    const std::chrono::milliseconds within = config.connect_within;
    auto opened = co_await with_deadline(connect_now(std::move(config), name), within, name);
    if (!opened && opened.error().code() == FaultCode::timed_out) {
        co_return fail(FaultCode::unavailable,
                       name + " does not answer: power, network cable or address?");
    }
    co_return opened;
}

Result<> check_allow(const std::vector<std::string>& allow) {
    LG_CHECK(AllowList::parse(allow));
    return {};
}

Result<std::unique_ptr<TcpListener>> TcpListener::open(const boost::asio::any_io_executor& loop,
                                                       Config config) {
    boost::system::error_code error;
    const ip::address address = ip::make_address(config.listen, error);
    if (error) {
        return fail(FaultCode::invalid_input, "\"" + config.listen + "\" is not an address");
    }
    LG_TRY(AllowList allow, AllowList::parse(config.allow));
    const ip::tcp::endpoint endpoint(address, config.port);
    ip::tcp::acceptor acceptor(loop);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(ip::tcp::acceptor::reuse_address(true), error);
    if (!error) (void)fcntl(acceptor.native_handle(), F_SETFD, FD_CLOEXEC);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(8, error);
    const std::string name = fmt::format("{}:{}", config.listen, config.port);
    if (error == boost::asio::error::address_in_use) {
        return fail(FaultCode::conflict, name + " is in use: another program listens there");
    }
    if (error) {
        return fail(FaultCode::unavailable,
                    fmt::format("cannot listen on {}: {}", name, error.message()));
    }
    return std::make_unique<Listener>(
        std::move(acceptor), std::move(allow), config.unacknowledged_max);
}

}  // namespace lotgate::adapters
