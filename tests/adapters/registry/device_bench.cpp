#include "tests/adapters/registry/device_bench.hpp"

#include "tests/kit/settings_text.hpp"
#include "tests/kit/wire.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

namespace lotgate::test {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using namespace adapters;

namespace {

MqttConfig broker_on(std::uint16_t port) {
    MqttConfig config;
    config.port = port == 0 ? kit::free_port() : port;  // nobody listens there
    config.client_id = "every-device";
    config.clean_session = true;
    config.connect_within = 500ms;
    return config;
}

}  // namespace

DeviceBench::DeviceBench(const MakeDevice& make, std::uint16_t broker)
    : session_(std::make_unique<MqttSession>(
          loop.get_executor(), broker_on(broker), MqttSession::OnMessage())) {
    device_ = make(services());
    auto ended = [this](const std::exception_ptr& escaped) {
        has_ended_ = true;
        has_thrown_ = escaped != nullptr;
    };
    asio::co_spawn(loop, session_->run(), [](const std::exception_ptr&) {});
    asio::co_spawn(loop, device_->run(), asio::bind_cancellation_slot(cancel_.slot(), ended));
    asio::co_spawn(loop, feel_the_loop(), [](const std::exception_ptr&) {});
}

DeviceBench::~DeviceBench() {
    if (!has_ended_) static_cast<void>(stops());
    is_over_ = true;
    session_->stop();
    goes_on_for(50ms);
}

bool DeviceBench::waits_until(const std::function<bool()>& condition,
                              std::chrono::milliseconds within) {
    return kit::eventually(loop, condition, within);
}

void DeviceBench::goes_on_for(std::chrono::milliseconds time) {
    static_cast<void>(kit::eventually(
        loop, [] { return false; }, time));
}

void DeviceBench::takes_steps(int count) {
    loop.restart();
    while (count-- > 0 && loop.run_one_for(50ms) > 0) {
    }
}

bool DeviceBench::says_why() const {
    const Health health = device_->health();
    return health.state != HealthState::ready && !health.because.empty();
}

bool DeviceBench::is_well() const {
    return !has_ended_ && !has_thrown_ && !device_->describe().empty();
}

bool DeviceBench::stops() {
    device_->stop();
    device_->stop();
    return waits_until([this] { return has_ended_; }, 5s) && !has_thrown_;
}

bool DeviceBench::is_cancelled() {
    cancel_.emit(asio::cancellation_type::terminal);
    return waits_until([this] { return has_ended_; }, 5s) && !has_thrown_;
}

void DeviceBench::hear() {
    ++(has_ended_ ? heard_too_late_ : heard_);
}

DeviceServices DeviceBench::services() {
    DeviceServices services;
    services.loop = loop.get_executor();
    services.clock = &clock;
    services.site = "TEST-1";
    services.mqtt = session_.get();
    services.buses = &buses_;
    services.world = [this] {
        World world = machine_world({});
        world.clock = &clock;
        world.random = [] { return 0.0; };  // the shortest pauses
        return world;
    };
    services.on_scan = [this](Scan) -> asio::awaitable<ScanAnswer> {
        hear();
        const ScanAnswer answer(Light::good, "ACCEPT", "Go on.");
        co_return answer;
    };
    services.on_print = [this](PrintReport report) -> asio::awaitable<bool> {
        hear();
        if (report.state == PrintState::confirmed) ++printed_;
        co_return true;
    };
    services.on_divert = [this](const DeviceId&, DivertReport) -> asio::awaitable<void> {
        hear();
        co_return;
    };
    services.on_unread = [](DeviceId, Induction) -> asio::awaitable<void> { co_return; };
    services.on_carton = [](const DeviceId&, std::uint16_t) {};
    return services;
}

asio::awaitable<void> DeviceBench::feel_the_loop() {
    asio::steady_timer timer(loop.get_executor());
    while (!is_over_) {
        const auto due = std::chrono::steady_clock::now() + 5ms;
        timer.expires_at(due);
        co_await timer.async_wait(asio::use_awaitable);
        longest_hold_ = std::max<std::chrono::nanoseconds>(longest_hold_,
                                                           std::chrono::steady_clock::now() - due);
    }
}

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

MakeDevice device_of(const std::string& kind, const std::string& settings) {
    kit::SettingsText text(settings);
    SettingsTable table = text.table();
    auto declared = declare_device(table);
    INFO(kind << ": " << text.complaints());
    REQUIRE(declared);
    REQUIRE(text.complaints().empty());
    return declared->make;
}

bool is_dialled(const std::string& kind) {
    return needed_settings(kind, 1, "").find("127.0.0.1") != std::string::npos;
}

bool is_serial(const std::string& kind) {
    return needed_settings(kind, 1, "/dev/tty").find("\"/dev/tty\"") != std::string::npos;
}

}  // namespace lotgate::test
