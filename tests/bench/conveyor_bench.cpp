// What two divert PLCs with five decision points each cost the daemon: CPU at rest and with cartons
// moving, and the time from a scan's question (which carton stands there?) to the lane in its
// register. The PLCs are another process, so that only the daemon's side is counted.

#include "adapters/modbus_conveyor/modbus_conveyor.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace lotgate;
using namespace lotgate::adapters;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

constexpr std::size_t plcs = 2;
constexpr std::uint16_t points = 5;

double ms_since(Steady::time_point start) {
    return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

// ---- the PLCs, in a process of their own

struct Plc {
    std::array<std::uint16_t, 300> registers{};
    int listener = -1;
};

std::uint16_t word(const std::uint8_t* at) {
    return static_cast<std::uint16_t>((at[0] << 8U) | at[1]);
}

std::size_t put(const Plc& plc, std::uint8_t* reply, std::size_t from, std::size_t count) {
    reply[8] = static_cast<std::uint8_t>(count * 2);
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = plc.registers.at(from + i);
        reply[9 + 2 * i] = static_cast<std::uint8_t>(value >> 8U);
        reply[10 + 2 * i] = static_cast<std::uint8_t>(value & 0xFFU);
    }
    return 9 + count * 2;
}

void take(Plc& plc, std::size_t at, std::size_t count, const std::uint8_t* data) {
    for (std::size_t i = 0; i < count; ++i) plc.registers.at(at + i) = word(data + 2 * i);
    for (std::size_t point = 0; point < points; ++point)  // acts at once: its scan is over
        plc.registers.at(16 * point + 8) = plc.registers.at(100 + 16 * point + 5);
}

bool answer(Plc& plc, int fd) {
    std::uint8_t request[300];
    const auto got = ::recv(fd, request, sizeof request, 0);
    if (got < 12) return false;
    std::uint8_t reply[300] = {request[0], request[1], 0, 0, 0, 0, request[6], request[7]};
    std::size_t size = 12;
    if (request[7] == 3) {
        size = put(plc, reply, word(request + 8), word(request + 10));
    } else if (request[7] == 23) {
        take(plc, word(request + 12), word(request + 14), request + 17);
        size = put(plc, reply, word(request + 8), word(request + 10));
    } else {
        take(plc, word(request + 8), word(request + 10), request + 13);
        std::copy(request + 8, request + 12, reply + 8);
    }
    reply[4] = static_cast<std::uint8_t>((size - 6) >> 8U);
    reply[5] = static_cast<std::uint8_t>((size - 6) & 0xFFU);
    return ::send(fd, reply, size, MSG_NOSIGNAL) > 0;
}

/// Each PLC's next carton, at every point, `carton_ms` after the one before; 0: the belt stands.
[[noreturn]] void run_plcs(std::array<Plc, plcs>& all, const int& pipe_of_orders) {
    std::vector<std::pair<pollfd, std::size_t>> links;
    for (std::size_t i = 0; i < plcs; ++i) links.push_back({{all.at(i).listener, POLLIN, 0}, i});
    auto next_beat = Steady::now();
    for (;;) {
        std::vector<pollfd> watched;
        watched.reserve(links.size() + 1);
        for (const auto& [link, plc] : links) watched.push_back(link);
        watched.push_back({pipe_of_orders, POLLIN, 0});
        ::poll(watched.data(), watched.size(), 50);
        for (; Steady::now() >= next_beat; next_beat += 500ms)
            for (auto& plc : all)
                for (std::size_t point = 0; point < points; ++point) ++plc.registers.at(16 * point);
        if (watched.back().revents != 0) {
            std::uint8_t order[2];  // which PLC, which point: a carton passes its eye
            if (::read(pipe_of_orders, order, 2) != 2) ::_exit(0);
            auto& registers = all.at(order[0]).registers;
            auto& sequence = registers.at(std::size_t{16} * order[1] + 1);
            registers.at(std::size_t{16} * order[1] + 7) = 2;
            // the carton before has arrived where it should go
            registers.at(std::size_t{16} * order[1] + 9) =
                registers.at(std::size_t{100} + std::size_t{16} * order[1] + 3);
            registers.at(std::size_t{16} * order[1] + 10) = 1;
            registers.at(std::size_t{16} * order[1] + 11) = sequence;
            ++sequence;
        }
        for (std::size_t i = links.size(); i-- > 0;) {
            if (watched[i].revents == 0) continue;
            if (i >= plcs) {
                if (answer(all.at(links[i].second), links[i].first.fd)) continue;
                ::close(links[i].first.fd);
                links.erase(links.begin() + static_cast<std::ptrdiff_t>(i));
                continue;
            }
            const int fd = ::accept(watched[i].fd, nullptr, nullptr);
            const int yes = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            links.push_back({{fd, POLLIN, 0}, i});
        }
    }
}

std::uint16_t listen_on_loopback(int& listener) {
    listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener, 4) != 0 ||
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        std::abort();
    return ntohs(address.sin_port);
}

// ---- the daemon's side

double cpu_ms() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1000 + static_cast<double>(time.tv_usec) / 1000;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

asio::awaitable<void> nothing(DivertReport report) {
    static_cast<void>(report);
    co_return;
}

struct Line {
    asio::io_context loop;
    ModbusBuses buses;
    std::vector<std::unique_ptr<ModbusConveyor>> conveyors;
    int orders = -1;
    std::vector<double> ms;
    std::size_t failed = 0;
};

asio::awaitable<void> rest(Line& line, std::chrono::seconds time) {
    asio::steady_timer timer(line.loop);
    timer.expires_after(2s);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    const double before = cpu_ms();
    timer.expires_after(time);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    fmt::print("2 PLCs of 5 points at rest           CPU {:.2f} ms a second\n",
               (cpu_ms() - before) / static_cast<double>(time.count()));
}

asio::awaitable<void> one_carton(Line& line, std::size_t number) {
    auto& conveyor = *line.conveyors[number % plcs];
    const auto point = static_cast<std::uint16_t>(number / plcs % points);
    const auto start = Steady::now();
    const auto carton = co_await conveyor.induction(point);
    if (!carton) {
        ++line.failed;
        co_return;
    }
    DivertOrder order;
    order.effect_id = static_cast<std::int64_t>(number) + 1;
    order.point = point;
    order.sequence = carton->sequence;
    order.tracking_id = carton->tracking_id;
    order.lane = 2;
    const auto written = co_await conveyor.divert(order);
    if (written)
        line.ms.push_back(ms_since(start));
    else
        ++line.failed;
}

asio::awaitable<void> move(Line& line, int rate, std::chrono::seconds time) {
    asio::steady_timer timer(line.loop);
    line.ms.clear();
    line.failed = 0;
    const double before = cpu_ms();
    auto at = Steady::now();
    const auto count = static_cast<std::size_t>(rate) * static_cast<std::size_t>(time.count());
    for (std::size_t number = 0; number < count; ++number) {
        at += std::chrono::microseconds(1'000'000 / rate);
        timer.expires_at(at);
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        const std::uint8_t order[2] = {static_cast<std::uint8_t>(number % plcs),
                                       static_cast<std::uint8_t>(number / plcs % points)};
        if (::write(line.orders, order, 2) != 2) std::abort();
        asio::co_spawn(line.loop, one_carton(line, number), asio::detached);
    }
    timer.expires_after(100ms);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    std::sort(line.ms.begin(), line.ms.end());
    const auto share = [&](double part) {
        if (line.ms.empty()) return 0.0;
        const auto index = static_cast<std::size_t>(part * static_cast<double>(line.ms.size()));
        return line.ms[std::min(line.ms.size() - 1, index)];
    };
    fmt::print(
        "the same with {:>3} cartons a second      CPU {:.3f} ms a carton; question to lane "
        "written p50 {:.3f} p99 {:.3f} ms; {} not written\n",
        rate,
        (cpu_ms() - before) / static_cast<double>(count),
        share(0.5),
        share(0.99),
        line.failed);
}

asio::awaitable<void> measure(Line& line) {
    co_await rest(line, 5s);
    co_await move(line, 100, 10s);
    co_await move(line, 200, 5s);
    for (auto& conveyor : line.conveyors) conveyor->stop();
}

void run(const std::array<std::uint16_t, plcs>& ports, int orders) {
    Line line;
    line.orders = orders;
    for (const auto port : ports) {
        ModbusConveyorConfig config;
        config.bus.line = ModbusTcpLine{"127.0.0.1", port};
        config.points = points;
        auto bus = line.buses.on(config.bus, line.loop.get_executor());
        if (!bus) std::abort();
        ModbusConveyor::Ears ears;
        ears.on_divert = nothing;
        ModbusConveyor::Around around{machine_world({}), std::move(ears), line.loop.get_executor()};
        line.conveyors.push_back(ModbusConveyor::on_bus(
            *DeviceId::parse("PLC1"), std::move(config), std::move(*bus), std::move(around)));
        asio::co_spawn(line.loop, line.conveyors.back()->run(), asio::detached);
    }
    asio::co_spawn(line.loop, measure(line), asio::detached);
    line.loop.run();
}

}  // namespace

int main() {
    std::array<Plc, plcs> all;
    std::array<std::uint16_t, plcs> ports{};
    for (std::size_t i = 0; i < plcs; ++i) ports.at(i) = listen_on_loopback(all.at(i).listener);
    int orders[2];
    if (::pipe(orders) != 0) std::abort();
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(orders[1]);
        run_plcs(all, orders[0]);
    }
    for (const auto& plc : all) ::close(plc.listener);
    ::close(orders[0]);
    run(ports, orders[1]);
    ::close(orders[1]);
    ::waitpid(child, nullptr, 0);
    return 0;
}
