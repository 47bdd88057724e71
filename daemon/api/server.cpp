#include "daemon/api/server.hpp"

#include "daemon/api/core.hpp"
#include "daemon/api/guard.hpp"
#include "daemon/api/session.hpp"
#include "daemon/api/to_json.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace lotgate::api {

namespace asio = boost::asio;
using asio::ip::tcp;
using Local = asio::local::stream_protocol;

namespace {

constexpr std::chrono::milliseconds breath{100};  // between two states, and after a failed accept
constexpr mode_t socket_mode = 0660;              // the group may read and ask

std::string where(const Config& config) {
    return config.address + ":" + std::to_string(config.port);
}

Result<tcp::acceptor> bind_tcp(const asio::any_io_executor& executor, const Config& config) {
    if (!is_loopback(config.address)) {
        return fail(FaultCode::invalid_input,
                    where(config) +
                        " can be reached by other machines, and the page has neither "
                        "TLS nor sign-in for them; listen on 127.0.0.1.");
    }
    boost::system::error_code error;
    const std::string number = config.address == "localhost" ? "127.0.0.1" : config.address;
    const auto address = asio::ip::make_address(number, error);
    if (error) return fail(FaultCode::invalid_input, number + " is not an IP address.");
    const tcp::endpoint endpoint(address, config.port);
    tcp::acceptor acceptor(executor);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use) {
        return fail(FaultCode::conflict,
                    where(config) +
                        " is in use by another program; `ss -ltnp` shows which one: "
                        "stop it, or change `listen` in [api].");
    }
    if (error == asio::error::access_denied) {
        return fail(FaultCode::unavailable,
                    where(config) +
                        " is not for this user; choose a port above 1023 for `listen` "
                        "in [api].");
    }
    if (error) return fail(FaultCode::unavailable, where(config) + ": " + error.message() + ".");
    return acceptor;
}

bool somebody_answers(const asio::any_io_executor& executor, const std::string& path) {
    Local::socket probe(executor);
    boost::system::error_code error;
    probe.connect(Local::endpoint(path), error);
    return !error;
}

/// A socket left by a daemon that was killed is removed; anything else at that path is not.
Result<> make_room(const asio::any_io_executor& executor, const std::string& path) {
    struct stat found {};

    if (::lstat(path.c_str(), &found) != 0) return {};
    if (!S_ISSOCK(found.st_mode)) {
        return fail(
            FaultCode::conflict,
            path + " exists and is not a socket; move it away, or change `socket` in [api].");
    }
    if (somebody_answers(executor, path)) {
        return fail(
            FaultCode::conflict,
            "another lotgated answers at " + path + "; stop it, or change `socket` in [api].");
    }
    ::unlink(path.c_str());
    return {};
}

Result<Local::acceptor> bind_local(const asio::any_io_executor& executor, const std::string& path) {
    LG_CHECK(make_room(executor, path));
    boost::system::error_code error;
    Local::acceptor acceptor(executor);
    acceptor.open(Local(), error);
    // Linux gives the file the mode of the socket: there is no moment when others could connect.
    if (!error) ::fchmod(acceptor.native_handle(), socket_mode);
    if (!error) acceptor.bind(Local::endpoint(path), error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
        return fail(
            FaultCode::unavailable,
            path + ": " + error.message() +
                "; make its directory writable for this user, or change `socket` in [api].");
    }
    ::chmod(path.c_str(), socket_mode);
    return acceptor;
}

/// Counts a coroutine of the server while its frame lives.
class Running {
public:
    explicit Running(std::shared_ptr<Core> core) : core_(std::move(core)) { ++core_->running; }

    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    ~Running() {
        --core_->running;
        core_->ended.cancel();
    }

private:
    std::shared_ptr<Core> core_;
};

void rethrow_bug(const std::exception_ptr& bug) {
    if (bug) std::rethrow_exception(bug);
}

asio::awaitable<void> serve_counted(std::shared_ptr<Core> core, Socket socket, bool is_local) {
    const Running running(core);
    std::size_t& sessions = is_local ? core->local_sessions : core->sessions;
    ++sessions;
    co_await serve(core, std::move(socket), is_local);
    --sessions;
}

/// Room for one more, or told so and closed.
bool has_room(const Core& core, Socket& socket, bool is_local) {
    const Limits& limits = core.config.limits;
    const bool has = is_local ? core.local_sessions < limits.local_connections_max
                              : core.sessions < limits.connections_max;
    if (has) return true;
    static constexpr std::string_view told =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n";
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(told), ignored);
    return false;
}

template <class Acceptor>
asio::awaitable<void> accept_all(std::shared_ptr<Core> core, Acceptor& acceptor, bool is_local) {
    const Running running(core);
    asio::steady_timer pause(core->executor);
    while (!core->is_stopping) {
        auto [error, accepted] = co_await acceptor.async_accept(as_values);
        if (core->is_stopping) break;
        if (error) {
            // Out of file descriptors: the connection stays in the backlog until there is one.
            pause.expires_after(breath);
            (void)co_await pause.async_wait(as_values);
            continue;
        }
        boost::system::error_code ignored;
        if constexpr (std::is_same_v<Acceptor, tcp::acceptor>) {
            accepted.set_option(tcp::no_delay(true), ignored);
        }
        Socket socket(std::move(accepted));
        if (!has_room(*core, socket, is_local)) continue;
        asio::co_spawn(
            core->executor, serve_counted(core, std::move(socket), is_local), rethrow_bug);
    }
}

/// Tells the live streams the state: each beat, and soon after a change.
asio::awaitable<void> beat(std::shared_ptr<Core> core) {
    const Running running(core);
    asio::steady_timer pause(core->executor);
    std::string devices_told;
    std::string stations_told;
    while (!core->is_stopping) {
        core->changed.expires_after(core->config.limits.beat);
        (void)co_await core->changed.async_wait(as_values);
        pause.expires_after(core->is_stopping ? std::chrono::milliseconds(0) : breath);
        (void)co_await pause.async_wait(as_values);
        if (core->is_stopping || core->live.clients() == 0) continue;
        core->live.publish("beat", beat_json(core->site));
        std::string devices = to_json(core->site.devices());
        if (devices != devices_told) core->live.publish("devices", devices);
        devices_told = std::move(devices);
        std::string stations = to_json(core->site.stations());
        if (stations != stations_told) core->live.publish("stations", stations);
        stations_told = std::move(stations);
    }
}

void take_change(Core& core, const Change& change) {
    if (const auto* const decision = std::get_if<DecisionView>(&change)) {
        core.metrics.count(*decision);
        if (core.live.clients() > 0) core.live.publish("decision", to_json(*decision));
        return;
    }
    core.changed.cancel();
}

}  // namespace

std::string beat_json(const SiteView& site) {
    return to_json(site.status());
}

struct Server::Parts {
    std::shared_ptr<Core> core;
    std::optional<tcp::acceptor> over_tcp;
    std::optional<Local::acceptor> over_local;
};

Result<std::unique_ptr<Server>> Server::listen(const asio::any_io_executor& executor,
                                               SiteView& site,
                                               Config config) {
    auto parts = std::make_unique<Parts>();
    if (!config.address.empty()) {
        LG_TRY(parts->over_tcp, bind_tcp(executor, config));
    }
    if (!config.socket.empty()) {
        LG_TRY(parts->over_local, bind_local(executor, config.socket));
    }
    parts->core = std::make_shared<Core>(executor, site, std::move(config));
    return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Server::~Server() {
    stop();
}

asio::awaitable<void> Server::run() {
    const std::shared_ptr<Core> core = parts_->core;
    std::weak_ptr<Core> weak = core;
    core->site.on_change([weak](const Change& change) {
        if (const auto alive = weak.lock()) take_change(*alive, change);
    });
    if (parts_->over_tcp) {
        asio::co_spawn(core->executor, accept_all(core, *parts_->over_tcp, false), rethrow_bug);
    }
    if (parts_->over_local) {
        asio::co_spawn(core->executor, accept_all(core, *parts_->over_local, true), rethrow_bug);
    }
    asio::co_spawn(core->executor, beat(core), rethrow_bug);
    while (!core->is_stopping || core->running > 0) {
        (void)co_await core->ended.async_wait(as_values);
    }
    core->site.on_change({});
}

void Server::stop() {
    Core& core = *parts_->core;
    if (core.is_stopping) return;
    core.is_stopping = true;
    boost::system::error_code ignored;
    if (parts_->over_tcp) parts_->over_tcp->close(ignored);
    if (parts_->over_local) {
        parts_->over_local->close(ignored);
        ::unlink(core.config.socket.c_str());
    }
    core.live.end();
    const auto closers = core.closers;
    for (const auto& [id, close] : closers) close();
    core.changed.cancel();
    core.ended.cancel();
}

std::uint16_t Server::port() const {
    boost::system::error_code error;
    if (!parts_->over_tcp) return 0;
    const auto endpoint = parts_->over_tcp->local_endpoint(error);
    return error ? std::uint16_t{0} : endpoint.port();
}

}  // namespace lotgate::api
