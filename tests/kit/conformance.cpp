#include "tests/kit/conformance.hpp"

#include "tests/kit/scripted_line.hpp"
#include "tests/kit/settings_text.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <optional>
#include <random>

namespace lotgate::kit {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// One device with its other end.
class Rig {
public:
    explicit Rig(const ConformingDevice& device)
        : time_(loop_), line_(time_, [this, &device](const std::string& bytes) {
              ++writes_;
              if (device.peer) line_.receive(device.peer(bytes));
          }) {
        SettingsText text(device.settings);
        SettingsTable table = text.table();
        ScriptedWorld world;
        world.open = line_.open();
        world.on_scan = [this](adapters::Scan scan) { return decide(std::move(scan)); };
        world.world = time_.world();
        device_ = device.make(table, std::move(world));
        table.no_other_keys();
        REQUIRE(text.complaints().empty());
        auto ended = [this](const std::exception_ptr& escaped) {
            has_ended_ = true;
            has_thrown_ = escaped != nullptr;
        };
        boost::asio::co_spawn(
            loop_, device_->run(), boost::asio::bind_cancellation_slot(cancel_.slot(), ended));
    }

    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;

    ~Rig() { cancel(); }

    void pass(milliseconds time) { time_.run_until(time_.elapsed() + time); }

    void cancel() {
        cancel_.emit(boost::asio::cancellation_type::terminal);
        pass(0ms);
    }

    [[nodiscard]] bool passes_until(const std::function<bool()>& condition, milliseconds within) {
        const milliseconds end = time_.elapsed() + within;
        while (!condition() && time_.elapsed() < end) pass(10ms);
        return condition();
    }

    [[nodiscard]] bool becomes(adapters::HealthState state, milliseconds within) {
        return passes_until([&] { return device_->health().state == state; }, within);
    }

    /// The device does its work once more from here.
    [[nodiscard]] bool is_useful_again(const std::string& bytes) {
        pass(50ms);  // past the time in which a port may be joined in mid-frame
        const Instant before = time_.now();
        line_.receive(bytes);
        return passes_until(
            [&] {
                const auto last = device_->health().last_useful;
                return last && *last >= before;
            },
            5s);
    }

    boost::asio::awaitable<adapters::ScanAnswer> decide(adapters::Scan scan) {
        scanned_.push_back(std::move(scan.bytes));
        if (verdict_takes_.count() > 0) {
            co_await time_.wait(verdict_takes_);
        }
        const adapters::ScanAnswer answer(adapters::Light::good, "ACCEPT", "Go on.");
        co_return answer;
    }

    boost::asio::io_context loop_;
    boost::asio::cancellation_signal cancel_;
    VirtualTime time_;
    ScriptedLine line_;
    std::unique_ptr<adapters::Adapter> device_;
    std::vector<std::string> scanned_;
    milliseconds verdict_takes_{0};
    unsigned writes_ = 0;
    bool has_ended_ = false;
    bool has_thrown_ = false;
};

void absent_at_start(const ConformingDevice& device) {
    Rig rig(device);
    REQUIRE(rig.becomes(adapters::HealthState::retrying, 1s));
    CHECK_FALSE(rig.device_->health().because.empty());
    rig.pass(10min);
    // Quick at first, then every 15 s on average: neither asleep nor hammering.
    CHECK(rig.line_.openings() >= 20);
    CHECK(rig.line_.openings() <= 80);
    rig.line_.plug_in();
    CHECK(rig.becomes(adapters::HealthState::ready, 31s));
    CHECK(rig.is_useful_again(device.useful));
}

void drop_at_every_byte(const ConformingDevice& device) {
    for (std::size_t cut = 0; cut < device.useful.size(); ++cut) {
        INFO("cut after byte " << cut);
        Rig rig(device);
        rig.line_.plug_in();
        REQUIRE(rig.becomes(adapters::HealthState::ready, 31s));
        rig.line_.receive(device.useful.substr(0, cut));
        rig.pass(1ms);
        rig.line_.drop("line dropped");
        rig.pass(1ms);
        CHECK(rig.device_->health().state == adapters::HealthState::retrying);
        REQUIRE(rig.becomes(adapters::HealthState::ready, 31s));
        CHECK(rig.is_useful_again(device.useful));
        // Half a code is never a code.
        for (const std::string& code : rig.scanned_) CHECK(code == rig.scanned_.back());
        CHECK_FALSE(rig.has_ended_);
    }
}

void garbage(const ConformingDevice& device) {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        std::minstd_rand engine(seed);
        Rig rig(device);
        rig.line_.plug_in();
        REQUIRE(rig.becomes(adapters::HealthState::ready, 31s));
        for (int burst = 0; burst < 8; ++burst) {
            std::string noise(8192, '\0');
            for (char& byte : noise) byte = static_cast<char>(engine() % 256);
            rig.line_.receive(noise);
            rig.pass(5ms);
        }
        CHECK_FALSE(rig.has_ended_);
        // Silence long enough for any unfinished frame, or for a device that gave the link up.
        rig.pass(31s);
        CHECK(rig.is_useful_again(device.useful));
    }
}

void flood(const ConformingDevice& device) {
    Rig rig(device);
    rig.verdict_takes_ = 1ms;
    rig.line_.plug_in();
    REQUIRE(rig.becomes(adapters::HealthState::ready, 31s));
    std::string all;
    for (int i = 0; i < 2000; ++i) all += device.useful;
    rig.line_.receive(all);
    rig.pass(10s);
    CHECK_FALSE(rig.has_ended_);
    CHECK(rig.is_useful_again(device.useful));
}

void cancelled(const ConformingDevice& device) {
    const auto ends = [](Rig& rig) {
        rig.cancel();
        CHECK(rig.has_ended_);
        CHECK_FALSE(rig.has_thrown_);
        const std::size_t before = rig.scanned_.size();
        const unsigned writes = rig.writes_;
        rig.pass(1min);
        CHECK(rig.scanned_.size() == before);
        CHECK(rig.writes_ == writes);
    };
    {
        INFO("while opening");
        Rig rig(device);
        rig.line_.opening_takes(10s);
        rig.pass(1s);
        ends(rig);
    }
    {
        INFO("in the pause between two attempts");
        Rig rig(device);
        rig.pass(10s);
        ends(rig);
    }
    {
        INFO("while reading");
        Rig rig(device);
        rig.line_.plug_in();
        rig.pass(1s);
        ends(rig);
    }
    {
        INFO("while writing");
        Rig rig(device);
        rig.line_.plug_in();
        rig.pass(1s);
        rig.line_.block_writes(true);
        rig.line_.receive(device.useful);
        if (device.poke) device.poke(*rig.device_);
        rig.pass(10ms);
        ends(rig);
    }
    {
        INFO("while a verdict is awaited");
        Rig rig(device);
        rig.verdict_takes_ = 10s;
        rig.line_.plug_in();
        rig.pass(1s);
        rig.line_.receive(device.useful);
        rig.pass(10ms);
        ends(rig);
    }
}

void stopped(const ConformingDevice& device) {
    Rig rig(device);
    rig.line_.plug_in();
    REQUIRE(rig.becomes(adapters::HealthState::ready, 31s));
    rig.device_->stop();
    rig.device_->stop();
    CHECK(rig.passes_until([&] { return rig.has_ended_; }, 5s));
    CHECK_FALSE(rig.has_thrown_);
}

void clock_jumps(const ConformingDevice& device) {
    Rig rig(device);
    rig.line_.plug_in();
    REQUIRE(rig.becomes(adapters::HealthState::ready, 31s));
    rig.time_.jump_wall_clock(24h);
    CHECK(rig.is_useful_again(device.useful));
    rig.time_.jump_wall_clock(-48h);
    rig.pass(1s);
    CHECK(rig.is_useful_again(device.useful));
    CHECK(rig.device_->health().state == adapters::HealthState::ready);
}

}  // namespace

void check_conformance(const ConformingDevice& device) {
    INFO(device.name);
    absent_at_start(device);
    drop_at_every_byte(device);
    garbage(device);
    flood(device);
    cancelled(device);
    stopped(device);
    clock_jumps(device);
}

}  // namespace lotgate::kit
