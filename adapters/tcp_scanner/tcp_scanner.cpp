#include "adapters/tcp_scanner/tcp_scanner.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <utility>

namespace lotgate::adapters {

TcpScannerConfig TcpScanner::parse(SettingsTable& table) {
    TcpScannerConfig config;
    const ScannerProfile& profile = parse_profile(table);
    config.is_server = table.one_of("role", {"client", "server"}) == "server";
    if (config.is_server) {
        config.listen.listen = table.text("listen", config.listen.listen);
        config.listen.port = static_cast<std::uint16_t>(table.integer("port", 0, {1, 65'535}));
        config.listen.allow = table.texts("allow");
        if (!table.has("port")) {
            table.problem(
                "port", "the port on which the scanner dials in is needed", "port = 2112");
        }
        if (const Result<> checked = check_allow(config.listen.allow); !checked) {
            table.problem("allow", checked.error().detail());
        }
    } else {
        config.peer = parse_tcp(table, profile.tcp_port);
    }
    config.scanner = parse_scanner(table, profile);
    return config;
}

ScannerLine::Parts TcpScanner::parts_of(DeviceId id, OnScan on_scan, World world) {
    OpenStream open;
    if (config_.is_server) {
        open = [this] { return wait_for_dial(); };
    } else {
        open = [peer = config_.peer] { return open_tcp(peer); };
    }
    return {std::move(id), config_.scanner, std::move(open), std::move(on_scan), std::move(world)};
}

TcpScanner::TcpScanner(DeviceId id, TcpScannerConfig config, OnScan on_scan, World world)
    : config_(std::move(config)),
      line_(parts_of(std::move(id), std::move(on_scan), std::move(world))) {}

TcpScanner::~TcpScanner() = default;

boost::asio::awaitable<void> TcpScanner::run() {
    using namespace boost::asio::experimental::awaitable_operators;
    if (!config_.is_server) {
        co_await line_.run();
        co_return;
    }
    const auto loop = co_await boost::asio::this_coro::executor;
    listening_ = std::make_unique<LoopEvent>(loop);
    has_dialled_ = std::make_unique<LoopEvent>(loop);
    try {
        co_await (line_.run() || accepting());
    } catch (const boost::system::system_error&) {
        // Cancelled.
    }
    dialled_.reset();
    listener_.reset();
}

boost::asio::awaitable<void> TcpScanner::accepting() {
    for (;;) {
        while (!listener_) {
            co_await listening_->wait();
        }
        Result<std::unique_ptr<ByteStream>> accepted = co_await listener_->accept();
        if (!accepted) {
            listener_.reset();
            has_dialled_->notify();
            continue;
        }
        if (dialled_) ++replaced_;
        dialled_ = std::move(*accepted);
        line_.drop_link();
        has_dialled_->notify();
    }
}

boost::asio::awaitable<Result<std::unique_ptr<ByteStream>>> TcpScanner::wait_for_dial() {
    const auto loop = co_await boost::asio::this_coro::executor;
    if (!listener_) {
        LG_CO_TRY(listener_, TcpListener::open(loop, config_.listen));
        listening_->notify();
    }
    line_.not_there_yet(fmt::format(
        "the scanner has not dialled {}:{} yet", config_.listen.listen, listener_->port()));
    while (!dialled_) {
        if (!listener_) co_return fail(FaultCode::unavailable, "the listening socket was closed");
        co_await has_dialled_->wait();
    }
    co_return Result<std::unique_ptr<ByteStream>>(std::move(dialled_));
}

void TcpScanner::stop() {
    line_.stop();
}

std::uint16_t TcpScanner::listening_port() const {
    return listener_ ? listener_->port() : std::uint16_t{0};
}

std::vector<Counter> TcpScanner::counters() const {
    std::vector<Counter> all = line_.counters();
    if (config_.is_server) {
        all.push_back({"dials_refused", listener_ ? listener_->refused() : 0});
        all.push_back({"dials_replaced", replaced_});
    }
    return all;
}

std::string TcpScanner::describe() const {
    const std::string scanner = lotgate::adapters::describe(config_.scanner);
    if (!config_.is_server) {
        return fmt::format(
            "TCP scanner dialled at {}:{}, {}", config_.peer.host, config_.peer.port, scanner);
    }
    return fmt::format("TCP scanner that dials {}:{} from {}, {}",
                       config_.listen.listen,
                       config_.listen.port,
                       config_.listen.allow.empty()
                           ? "this machine"
                           : fmt::format("{}", fmt::join(config_.listen.allow, ", ")),
                       scanner);
}

}  // namespace lotgate::adapters
