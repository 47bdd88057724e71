// What every kind of device survives, whatever it is: a row in registry.cpp and a sample.toml are
// enough to be put through this. The sample's needed settings say what its wire is; the other end
// here is a peer that misbehaves, on loopback or on a tty.

#include "adapters/modbus_conveyor/modbus_conveyor.hpp"
#include "adapters/registry/registry.hpp"
#include "adapters/transport/mqtt_session.hpp"
#include "tests/kit/raw_socket.hpp"
#include "tests/kit/settings_text.hpp"
#include "tests/kit/wire.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <sstream>

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

namespace lotgate::adapters {

namespace {

using namespace std::chrono_literals;

/// A tty whose other end is held here; nothing is sent unless a test does.
class Tty {
public:
    Tty() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
        REQUIRE(master_ >= 0);
        REQUIRE(::grantpt(master_) == 0);
        REQUIRE(::unlockpt(master_) == 0);
        char name[64] = {};
        REQUIRE(::ptsname_r(master_, name, sizeof name) == 0);
        path_ = name;
        // Held open, so that the master does not read errors before the device opens its end.
        slave_ = ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
        termios settings{};
        REQUIRE(::tcgetattr(slave_, &settings) == 0);
        ::cfmakeraw(&settings);
        REQUIRE(::tcsetattr(slave_, TCSANOW, &settings) == 0);
    }

    Tty(const Tty&) = delete;
    Tty& operator=(const Tty&) = delete;

    ~Tty() { pull(); }

    [[nodiscard]] const std::string& path() const { return path_; }

    /// As much as the line takes.
    void send(const std::string& bytes) { (void)!::write(master_, bytes.data(), bytes.size()); }

    void pull() {
        for (int* end : {&slave_, &master_}) {
            if (*end >= 0) ::close(*end);
            *end = -1;
        }
    }

private:
    int master_;
    int slave_ = -1;
    std::string path_;
};

/// The settings a sample cannot do without, with the wire led to `host` and `port` or to `tty`.
std::string needed_settings(const std::string& kind, std::uint16_t port, const std::string& tty) {
    std::istringstream sample(kit::text_of(std::filesystem::path(LOTGATE_SOURCE_DIR) / "adapters" /
                                           kind / "sample.toml"));
    std::string settings;
    for (std::string line; std::getline(sample, line);) {
        if (line.empty() || line.front() == '#' || line.front() == '[') continue;
        if (line.starts_with("host = ")) {
            line = "host = \"127.0.0.1\"\nport = " + std::to_string(port);
        } else if (line.starts_with("port = \"")) {
            line = "port = \"" + tty + "\"";
        }
        settings += line + "\n";
    }
    return settings;
}

bool is_dialled(const std::string& kind) {
    return needed_settings(kind, 1, "").find("127.0.0.1") != std::string::npos;
}

bool is_serial(const std::string& kind) {
    return needed_settings(kind, 1, "/dev/tty").find("\"/dev/tty\"") != std::string::npos;
}

/// One device of the registry on a loop of its own, and how long the loop was ever held up.
class Bench {
public:
    Bench(const std::string& kind, const std::string& settings)
        : session_(loop_of(), broker(), {}) {
        kit::SettingsText text(settings);
        SettingsTable table = text.table();
        auto declared = declare_device(table);
        INFO(kind << ": " << text.complaints());
        REQUIRE(declared);
        REQUIRE(text.complaints().empty());
        device_ = declared->make(services());
        auto ended = [this](const std::exception_ptr& escaped) {
            has_ended_ = true;
            has_thrown_ = escaped != nullptr;
        };
        boost::asio::co_spawn(loop, session_.run(), [](const std::exception_ptr&) {});
        boost::asio::co_spawn(loop, device_->run(), ended);
        boost::asio::co_spawn(loop, feel_the_loop(), [](const std::exception_ptr&) {});
    }

    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    ~Bench() {
        if (!has_ended_) CHECK(stops());
        is_over_ = true;
        session_.stop();
        (void)kit::eventually(
            loop, [] { return false; }, 50ms);
    }

    [[nodiscard]] const Adapter& device() const { return *device_; }

    [[nodiscard]] bool waits_until(const std::function<bool()>& condition,
                                   std::chrono::milliseconds within = 10s) {
        return kit::eventually(loop, condition, within);
    }

    void goes_on_for(std::chrono::milliseconds time) {
        (void)kit::eventually(
            loop, [] { return false; }, time);
    }

    /// Says why it is not ready: a state, with a cause.
    [[nodiscard]] bool says_why() const {
        const Health health = device_->health();
        return health.state != HealthState::ready && !health.because.empty();
    }

    [[nodiscard]] bool stops() {
        device_->stop();
        device_->stop();
        return waits_until([this] { return has_ended_; }, 5s) && !has_thrown_;
    }

    [[nodiscard]] bool is_well() const {
        return !has_ended_ && !has_thrown_ && !device_->describe().empty();
    }

    [[nodiscard]] std::chrono::nanoseconds longest_hold() const { return longest_hold_; }

    boost::asio::io_context loop;

private:
    boost::asio::any_io_executor loop_of() { return loop.get_executor(); }

    static MqttConfig broker() {
        MqttConfig config;
        config.port = kit::free_port();  // nobody listens there
        config.client_id = "every-device";
        config.connect_within = 500ms;
        return config;
    }

    DeviceServices services() {
        DeviceServices services;
        services.loop = loop.get_executor();
        services.clock = &system_clock();
        services.site = "TEST-1";
        services.mqtt = &session_;
        services.buses = &buses_;
        services.on_scan = [](Scan) -> boost::asio::awaitable<ScanAnswer> {
            const ScanAnswer answer(Light::good, "ACCEPT", "Go on.");
            co_return answer;
        };
        services.on_print = [](PrintReport) -> boost::asio::awaitable<bool> { co_return true; };
        services.on_divert = [](const DeviceId&, DivertReport) -> boost::asio::awaitable<void> { co_return; };
        services.on_unread = [](DeviceId, Induction) -> boost::asio::awaitable<void> { co_return; };
        services.on_carton = [](const DeviceId&, std::uint16_t) {};
        return services;
    }

    /// Everything else on the loop would have been late by this.
    boost::asio::awaitable<void> feel_the_loop() {
        boost::asio::steady_timer timer(loop.get_executor());
        while (!is_over_) {
            const auto due = std::chrono::steady_clock::now() + 5ms;
            timer.expires_at(due);
            co_await timer.async_wait(boost::asio::use_awaitable);
            longest_hold_ = std::max<std::chrono::nanoseconds>(
                longest_hold_, std::chrono::steady_clock::now() - due);
        }
    }

    ModbusBuses buses_;
    MqttSession session_;
    std::unique_ptr<Adapter> device_;
    std::chrono::nanoseconds longest_hold_{0};
    bool has_ended_ = false;
    bool has_thrown_ = false;
    bool is_over_ = false;
};

std::string noise(unsigned seed, std::size_t size) {
    std::minstd_rand engine(seed);
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(engine() % 256);
    return bytes;
}

}  // namespace

TEST_CASE("every kind of device is declared by its sample and says why it is not there",
          "[registry][conformance]") {
    REQUIRE(device_kinds().size() >= 5);
    for (const std::string& kind : device_kinds()) {
        INFO(kind);
        Bench bench(kind, needed_settings(kind, kit::free_port(), "/dev/no-such-tty"));
        CHECK(bench.waits_until([&] { return bench.says_why(); }));
        CHECK(bench.is_well());
        CHECK(bench.stops());
    }
}

TEST_CASE("every kind of device ends at once when it is told to before it has begun",
          "[registry][conformance]") {
    for (const std::string& kind : device_kinds()) {
        INFO(kind);
        Bench bench(kind, needed_settings(kind, kit::free_port(), "/dev/no-such-tty"));
        CHECK(bench.stops());
    }
}

TEST_CASE("every dialled device outlives a peer that hangs up after any number of bytes",
          "[registry][conformance]") {
    for (const std::string& kind : device_kinds()) {
        if (!is_dialled(kind)) continue;
        INFO(kind);
        kit::RawListener peer;
        Bench bench(kind, needed_settings(kind, peer.port(), ""));
        for (std::size_t bytes = 0; bytes < 4; ++bytes) {
            INFO("hangs up after " << bytes << " bytes");
            REQUIRE(bench.waits_until([&] { return peer.has_caller(); }, 40s));
            kit::RawSocket link = peer.accept();
            link.send(noise(1, bytes));
            if (bytes % 2 == 0) link.reset();
        }
        CHECK(bench.waits_until([&] { return bench.says_why(); }, 20s));
        CHECK(bench.is_well());
        CHECK(bench.stops());
    }
}

TEST_CASE("no dialled device is shaken by garbage or by a flood", "[registry][conformance]") {
    for (const std::string& kind : device_kinds()) {
        if (!is_dialled(kind)) continue;
        INFO(kind);
        kit::RawListener peer;
        Bench bench(kind, needed_settings(kind, peer.port(), ""));
        for (unsigned seed = 1; seed <= 3; ++seed) {
            REQUIRE(bench.waits_until([&] { return peer.has_caller(); }, 40s));
            kit::RawSocket link = peer.accept();
            for (int burst = 0; burst < 16; ++burst) {
                link.send(noise(seed, 2048));
                bench.goes_on_for(2ms);
            }
            link.reset();
        }
        CHECK(bench.is_well());
        CHECK(bench.stops());
        // A machine of two busy cores holds a thread up for longer than any of this takes.
        CHECK(bench.longest_hold() < 1s);
    }
}

TEST_CASE("no dialled device shows a peer as ready that takes the call and says nothing",
          "[registry][conformance]") {
    for (const std::string& kind : device_kinds()) {
        if (!is_dialled(kind)) continue;
        // A scanner that is silent has nothing to read: being connected is all it can show.
        if (kind.find("scanner") != std::string::npos) continue;
        INFO(kind);
        kit::RawListener peer;
        Bench bench(kind, needed_settings(kind, peer.port(), ""));
        REQUIRE(bench.waits_until([&] { return peer.has_caller(); }, 40s));
        const kit::RawSocket link = peer.accept();
        bench.goes_on_for(300ms);
        CHECK(bench.device().health().state != HealthState::ready);
        CHECK(bench.waits_until([&] { return bench.says_why(); }, 20s));
        CHECK(bench.stops());
    }
}

TEST_CASE("every serial device outlives garbage, a flood and a cable that is pulled",
          "[registry][conformance]") {
    for (const std::string& kind : device_kinds()) {
        if (!is_serial(kind)) continue;
        INFO(kind);
        Tty tty;
        Bench bench(kind, needed_settings(kind, 0, tty.path()));
        const auto is_ready = [&] { return bench.device().health().state == HealthState::ready; };
        REQUIRE(bench.waits_until(is_ready));
        for (int burst = 0; burst < 32; ++burst) {
            tty.send(noise(static_cast<unsigned>(burst), 1024));
            bench.goes_on_for(2ms);
        }
        CHECK(bench.is_well());
        tty.pull();
        CHECK(bench.waits_until([&] { return bench.says_why(); }));
        CHECK(bench.stops());
        CHECK(bench.longest_hold() < 1s);
    }
}

}  // namespace lotgate::adapters
