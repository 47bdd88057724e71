// Every dialled device whose link ends after any number of bytes of a real conversation.

#include "adapters/registry/registry.hpp"
#include "tests/adapters/registry/device_bench.hpp"
#include "tests/adapters/registry/living_peers.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <memory>

namespace lotgate::test {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

/// Hands bytes on between the device and its peer; the first connection is reset after so many
/// bytes of the peer, the later ones live.
class Cutter {
public:
    Cutter(asio::io_context& loop, std::uint16_t to, std::size_t after)
        : acceptor_(loop, {asio::ip::address_v4::loopback(), 0}), to_(to), left_(after) {
        asio::co_spawn(loop, accept(), [](const std::exception_ptr&) {});
    }

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    [[nodiscard]] unsigned connections() const { return connections_; }

    void close() {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
    }

private:
    asio::awaitable<void> accept() {
        for (;;) {
            auto [error, device] = co_await acceptor_.async_accept(no_throw);
            if (error) co_return;
            ++connections_;
            auto link = std::make_shared<tcp::socket>(std::move(device));
            asio::co_spawn(acceptor_.get_executor(),
                           serve(std::move(link), connections_ == 1),
                           [](const std::exception_ptr&) {});
        }
    }

    asio::awaitable<void> serve(std::shared_ptr<tcp::socket> device, bool is_first) {
        using namespace asio::experimental::awaitable_operators;
        tcp::socket peer(device->get_executor());
        const tcp::endpoint there(asio::ip::address_v4::loopback(), to_);
        const auto [error] = co_await peer.async_connect(there, no_throw);
        if (!error) {
            co_await (carry(*device, peer, nullptr) ||
                      carry(peer, *device, is_first ? &left_ : nullptr));
        }
        boost::system::error_code ignored;
        device->set_option(asio::socket_base::linger(true, 0), ignored);
        device->close(ignored);
    }

    static asio::awaitable<void> carry(tcp::socket& from, tcp::socket& to, std::size_t* left) {
        std::array<char, 512> bytes{};
        while (left == nullptr || *left > 0) {
            const std::size_t most = left == nullptr ? bytes.size() : std::min(bytes.size(), *left);
            const auto room = asio::buffer(bytes.data(), most);
            const auto [error, got] = co_await from.async_read_some(room, no_throw);
            if (error) co_return;
            const auto read = asio::buffer(bytes.data(), got);
            const auto [failed, sent] = co_await asio::async_write(to, read, no_throw);
            if (failed) co_return;
            if (left != nullptr) *left -= sent;
        }
    }

    tcp::acceptor acceptor_;
    const std::uint16_t to_;
    std::size_t left_;
    unsigned connections_ = 0;
};

}  // namespace

TEST_CASE("every dialled device comes back from a link that ends after any byte of its peer",
          "[registry][conformance][cut]") {
    const LivingPeers peers;
    for (const std::string& kind : adapters::device_kinds()) {
        if (!is_dialled(kind)) continue;
        INFO(kind);
        // A TSPL printer says eight bytes a second; the others say all that at once.
        const std::size_t most = kind == "tspl_printer" ? 16 : 90;
        for (std::size_t bytes = 0; bytes <= most; bytes += bytes < 30 ? 1 : 9) {
            INFO("cut after " << bytes << " bytes");
            std::unique_ptr<Cutter> cutter;
            const MakeDevice make = [&](const adapters::DeviceServices& services) {
                auto& loop = static_cast<asio::io_context&>(services.loop.context());
                cutter = std::make_unique<Cutter>(loop, peers.port_of(kind), bytes);
                return peers.device(kind, cutter->port())(services);
            };
            DeviceBench bench(make);
            const auto is_back = [&] {
                return cutter->connections() >= 2 &&
                       bench.device().health().state == adapters::HealthState::ready;
            };
            CHECK(bench.waits_until(is_back, 20s));
            CHECK(bench.is_well());
            CHECK(bench.stops());
            cutter->close();
            bench.goes_on_for(1ms);
        }
    }
}

}  // namespace lotgate::test
