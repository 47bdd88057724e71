// One dead PLC must not slow the others: 24 PLCs polled every 20 ms, alone and beside 8 that
// swallow every connection attempt. Prints the round trips of the 24 in both cases, their ratio,
// and the round trip of a lane written on an idle bus. `bench_modbus TURNS`: 2 s of each per turn.

#include "adapters/transport/modbus_bus.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace lotgate;
using namespace lotgate::adapters;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

constexpr std::size_t good_plcs = 24;
constexpr std::size_t dead_plcs = 8;
constexpr auto turn_length = 2s;
constexpr auto period = 20ms;
constexpr auto asked_again_when_lost = 100ms;  // as the conveyor does

int listening(int backlog, std::uint16_t& port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(fd, backlog) != 0 ||
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        std::abort();
    port = ntohs(address.sin_port);
    return fd;
}

/// Answers FC 3 and FC 16 of any number of masters, on a thread of its own.
class GoodPlcs {
public:
    explicit GoodPlcs(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            ports.push_back(0);
            watched_.push_back({listening(16, ports.back()), POLLIN, 0});
        }
        listeners_ = count;
        thread_ = std::thread([this] { serve(); });
    }

    GoodPlcs(const GoodPlcs&) = delete;
    GoodPlcs& operator=(const GoodPlcs&) = delete;

    ~GoodPlcs() {
        is_stopping_ = true;
        thread_.join();
        for (const auto& entry : watched_) ::close(entry.fd);
    }

    std::vector<std::uint16_t> ports;

private:
    void serve() {
        while (!is_stopping_) {
            if (::poll(watched_.data(), watched_.size(), 50) <= 0) continue;
            for (std::size_t i = 0; i < watched_.size(); ++i) {
                if (watched_[i].revents == 0) continue;
                if (i < listeners_)
                    accept_one(watched_[i].fd);
                else if (!answer(watched_[i].fd))
                    watched_[i].fd = -1;
            }
        }
    }

    void accept_one(int listener) {
        const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;
        const int yes = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        watched_.push_back({fd, POLLIN, 0});
    }

    static bool answer(int fd) {
        std::uint8_t request[300];
        if (::recv(fd, request, sizeof request, 0) < 12) return ::close(fd) != 0;
        std::uint8_t reply[300] = {request[0], request[1], 0, 0, 0, 6, request[6], request[7]};
        std::size_t size = 12;
        if (request[7] == 3) {
            const std::size_t bytes = std::size_t{request[11]} * 2;
            reply[5] = static_cast<std::uint8_t>(bytes + 3);
            reply[8] = static_cast<std::uint8_t>(bytes);
            size = 9 + bytes;
        } else {
            std::copy(request + 8, request + 12, reply + 8);
        }
        return ::send(fd, reply, size, MSG_NOSIGNAL) > 0;
    }

    std::vector<pollfd> watched_;
    std::size_t listeners_ = 0;
    std::atomic<bool> is_stopping_ = false;
    std::thread thread_;
};

/// Its queue of connections is full: further attempts are swallowed without an answer.
class DeadPlc {
public:
    DeadPlc() : listener_(listening(0, port)) {
        for (int i = 0; i < 4; ++i) {
            const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
            sockaddr_in address{};
            address.sin_family = AF_INET;
            address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            address.sin_port = htons(port);
            static_cast<void>(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address));
            fillers_.push_back(fd);
        }
    }

    DeadPlc(const DeadPlc&) = delete;
    DeadPlc& operator=(const DeadPlc&) = delete;

    ~DeadPlc() {
        for (const int fd : fillers_) ::close(fd);
        ::close(listener_);
    }

    std::uint16_t port = 0;

private:
    int listener_;
    std::vector<int> fillers_;
};

std::unique_ptr<ModbusBus> bus_to(std::uint16_t port, asio::io_context& loop) {
    ModbusBusConfig config;
    config.line = ModbusTcpLine{"127.0.0.1", port};
    auto bus = ModbusBus::start(config, loop.get_executor());
    if (!bus) std::abort();
    return std::move(*bus);
}

double ms_since(Steady::time_point start) {
    return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

/// The first request after `wait`: a site's PLCs are not asked in step, and those that are would
/// measure how they queue for two cores.
asio::awaitable<void> poll(ModbusBus& bus,
                           std::vector<double>* ms,
                           Steady::duration wait,
                           Steady::time_point until) {
    asio::steady_timer timer(co_await asio::this_coro::executor, wait);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    while (Steady::now() < until) {
        const auto start = Steady::now();
        auto request = ModbusRequest::read(1, ModbusTable::holding, {0, 12});
        const auto answer = co_await bus.perform(std::move(request));
        if (answer && ms != nullptr) ms->push_back(ms_since(start));
        timer.expires_at(start + (answer ? period : asked_again_when_lost));
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

asio::awaitable<void> write(ModbusBus& bus, std::vector<double>* ms) {
    for (int i = 0; i < 2000; ++i) {
        const auto start = Steady::now();
        auto request = ModbusRequest::write_registers(1, 100, {1, 2, 3, 4, 5, 6}).urgent();
        const auto answer = co_await bus.perform(std::move(request));
        if (answer && i > 10) ms->push_back(ms_since(start));
    }
}

double at(std::vector<double>& ms, double share) {
    std::sort(ms.begin(), ms.end());
    if (ms.empty()) return 0;
    return ms[std::min(ms.size() - 1, static_cast<std::size_t>(share * double(ms.size())))];
}

/// Adds the good ones' round trips of one run to `ms`.
void run(const std::vector<std::uint16_t>& ports,
         std::size_t dead,
         Steady::duration length,
         std::vector<double>& ms) {
    asio::io_context loop;
    std::vector<std::unique_ptr<DeadPlc>> swallowing;
    std::vector<std::unique_ptr<ModbusBus>> buses;
    const auto until = Steady::now() + length;
    for (const auto port : ports) {
        buses.push_back(bus_to(port, loop));
        const auto wait = period * buses.size() / good_plcs;
        asio::co_spawn(loop, poll(*buses.back(), &ms, wait, until), asio::detached);
    }
    for (std::size_t i = 0; i < dead; ++i) {
        swallowing.push_back(std::make_unique<DeadPlc>());
        buses.push_back(bus_to(swallowing.back()->port, loop));
        asio::co_spawn(loop, poll(*buses.back(), nullptr, {}, until), asio::detached);
    }
    loop.run();
    for (std::size_t i = ports.size(); i < buses.size(); ++i)
        if (buses[i]->counters().answered > 0) fmt::print("a dead PLC answered: no black hole\n");
}

double tell(const char* name, std::vector<double>& ms) {
    const double p50 = at(ms, 0.5);
    const double p99 = at(ms, 0.99);
    fmt::print("{:<36} {:>7} polls  p50 {:.3f} ms  p99 {:.3f} ms\n", name, ms.size(), p50, p99);
    return p99;
}

}  // namespace

int main(int count, char** arguments) {
    const int turns = count > 1 ? std::atoi(arguments[1]) : 20;
    GoodPlcs plcs(good_plcs);
    {
        asio::io_context loop;
        auto bus = bus_to(plcs.ports.front(), loop);
        std::vector<double> ms;
        asio::co_spawn(loop, write(*bus, &ms), asio::detached);
        loop.run();
        const double p50 = at(ms, 0.5);
        fmt::print("{:<36} {:>7} writes p50 {:.3f} ms  p99 {:.3f} ms\n",
                   "a lane, on an idle bus",
                   ms.size(),
                   p50,
                   at(ms, 0.99));
    }
    // In short turns, so that whatever else the machine does meets both alike.
    std::vector<double> alone;
    std::vector<double> beside;
    for (int turn = 0; turn < turns; ++turn) {
        run(plcs.ports, 0, turn_length, alone);
        run(plcs.ports, dead_plcs, turn_length, beside);
    }
    const double p99_alone = tell("24 PLCs", alone);
    const double p99_beside = tell("24 PLCs beside 8 that are dead", beside);
    fmt::print("p99 beside 8 dead PLCs: {:.2f} times (<= 1.10)\n", p99_beside / p99_alone);
    return 0;
}
