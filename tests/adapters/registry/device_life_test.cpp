// Every kind of device beside a living other end: cancelled at every step of its work, and with a
// clock that is set forward and back. Each check must be able to fail: devices that are wrong on
// purpose are found out by it at the end of this file.

#include "adapters/registry/registry.hpp"
#include "tests/adapters/registry/device_bench.hpp"
#include "tests/adapters/registry/living_peers.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <utility>

namespace lotgate::adapters {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::DeviceBench;
using test::LivingPeers;
using test::MakeDevice;

const std::string nothing;

/// Gives the device its work: a label to print, a carton to divert. Scanners have theirs.
void set_to_work(DeviceBench& bench) {
    if (auto* printer = dynamic_cast<Printer*>(&bench.device())) {
        const Instant stale{bench.clock.now().us + 3'600'000'000};
        static_cast<void>(printer->enqueue(PrintOrder(1, printer->test_label("TEST"), stale)));
    }
    if (auto* conveyor = dynamic_cast<Conveyor*>(&bench.device())) {
        auto work = [](Conveyor& plc) -> asio::awaitable<void> {
            const auto carton = co_await plc.induction(0);
            if (!carton) co_return;
            DivertOrder order;
            order.effect_id = 1;
            order.sequence = carton->sequence;
            order.tracking_id = carton->tracking_id;
            order.lane = 1;
            static_cast<void>(co_await plc.divert(order));
        };
        asio::co_spawn(bench.loop, work(*conveyor), [](const std::exception_ptr&) {});
    }
}

/// Reads, labels or looks: whatever shows that it works.
std::uint64_t work_done(const DeviceBench& bench) {
    std::uint64_t done = bench.printed();
    for (const Counter& counter : bench.device().counters())
        if (counter.name == "scans" || counter.name == "looks") done += counter.value;
    return done;
}

/// What is wrong with the end of this device, after `steps` of its work; empty where nothing is.
std::string wrong_in_the_end(const MakeDevice& make, std::uint16_t broker, int steps) {
    DeviceBench bench(make, broker);
    bench.takes_steps(steps / 2);
    set_to_work(bench);
    bench.takes_steps(steps - steps / 2);
    const bool has_ended = steps % 2 == 0 ? bench.stops() : bench.is_cancelled();
    if (!has_ended)
        return fmt::format("it does not end in peace when it is {} after {} steps",
                           steps % 2 == 0 ? "stopped" : "cancelled",
                           steps);
    bench.goes_on_for(5ms);
    if (bench.heard_too_late() > 0)
        return fmt::format("it goes on after its end at step {}", steps);
    return {};
}

std::string wrong_at_any_step(const MakeDevice& make, std::uint16_t broker) {
    for (int steps = 0; steps < 40; ++steps) {
        auto wrong = wrong_in_the_end(make, broker, steps);
        if (!wrong.empty()) return wrong;
    }
    for (int steps = 45; steps < 400; steps += 45) {
        auto wrong = wrong_in_the_end(make, broker, steps);
        if (!wrong.empty()) return wrong;
    }
    return {};
}

/// What is wrong with it when the clock is set; it works on at the pace of before.
std::string wrong_when_the_clock_jumps(const MakeDevice& make, std::uint16_t broker) {
    DeviceBench bench(make, broker);
    const auto works = [&](const char* when) -> std::string {
        const auto before = work_done(bench);
        set_to_work(bench);
        if (bench.waits_until([&] { return work_done(bench) > before; }, 10s)) return {};
        return fmt::format("it does not work {}: {}", when, bench.device().health().because);
    };
    if (auto wrong = works("at all"); !wrong.empty()) return wrong;
    for (const auto& [by, when] : {std::pair(24h, "a day ahead"), std::pair(-48h, "a day back")}) {
        bench.clock.jump(by);
        if (auto wrong = works(when); !wrong.empty()) return wrong;
        if (auto wrong = works(when); !wrong.empty()) return wrong;
        if (bench.device().health().state == HealthState::failed) return "it thinks it has failed";
    }
    return {};
}

/// What is wrong with it where nobody is at the other end.
std::string wrong_alone(const MakeDevice& make) {
    DeviceBench bench(make);
    if (!bench.waits_until([&] { return bench.says_why(); }, 3s))
        return "it does not say that nobody is there";
    bench.goes_on_for(100ms);
    bench.goes_on_for(20ms);  // whatever was held up meanwhile is late by now
    if (bench.longest_hold() > 1s) return "it holds the loop up";
    if (!bench.is_well()) return "it ended by itself";
    return {};
}

}  // namespace

TEST_CASE("every kind of device ends at once at whatever step of its work it is told to",
          "[registry][conformance][cancel]") {
    const LivingPeers peers;
    for (const std::string& kind : device_kinds()) {
        INFO(kind);
        CHECK(wrong_at_any_step(peers.device(kind), peers.broker()) == nothing);
    }
}

TEST_CASE("every kind of device works on when the clock is set forward or back",
          "[registry][conformance][clock]") {
    const LivingPeers peers;
    for (const std::string& kind : device_kinds()) {
        INFO(kind);
        CHECK(wrong_when_the_clock_jumps(peers.device(kind), peers.broker()) == nothing);
    }
}

// ---- the control: devices that are wrong on purpose

namespace {

class Planted : public Adapter {
public:
    explicit Planted(DeviceServices services) : services_(std::move(services)) {}

    void stop() override { is_stopping_ = true; }

    [[nodiscard]] const DeviceId& id() const override { return id_; }

    [[nodiscard]] std::string_view kind() const override { return "planted"; }

    [[nodiscard]] Health health() const override {
        return {HealthState::retrying, "nobody is there", {}, {}};
    }

    [[nodiscard]] std::vector<Counter> counters() const override { return {{"scans", scans_}}; }

    [[nodiscard]] std::string describe() const override { return "wrong on purpose"; }

protected:
    asio::awaitable<void> pause(std::chrono::milliseconds time) {
        asio::steady_timer timer(services_.loop);
        timer.expires_after(time);
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }

    asio::awaitable<void> scan() {
        Scan scan(id_, "CODE", services_.clock->now());
        static_cast<void>(co_await services_.on_scan(std::move(scan)));
        ++scans_;
    }

    const DeviceServices services_;
    const DeviceId id_ = *DeviceId::parse("PLANTED");
    std::uint64_t scans_ = 0;
    bool is_stopping_ = false;
};

class Sound : public Planted {
public:
    using Planted::Planted;

    asio::awaitable<void> run() override {
        while (!is_stopping_) {
            co_await pause(2ms);
            const auto state = co_await asio::this_coro::cancellation_state;
            if (state.cancelled() != asio::cancellation_type::none) co_return;
            if (!is_stopping_) {
                co_await scan();
            }
        }
    }
};

class Deaf : public Planted {
public:
    using Planted::Planted;

    asio::awaitable<void> run() override {
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        co_await pause(1min);
    }
};

class Throwing : public Planted {
public:
    using Planted::Planted;

    asio::awaitable<void> run() override {
        while (!is_stopping_) {
            co_await pause(2ms);
        }
        throw std::runtime_error("a device that throws at its end");
    }
};

class Undead : public Sound {
public:
    using Sound::Sound;

    asio::awaitable<void> run() override {
        co_await Sound::run();
        // Not awaited by anybody, and not ended with it.
        asio::co_spawn(services_.loop, after(services_), [](const std::exception_ptr&) {});
    }

private:
    static asio::awaitable<void> after(DeviceServices services) {
        asio::steady_timer timer(services.loop);
        timer.expires_after(1ms);
        co_await timer.async_wait(asio::use_awaitable);
        Scan scan(*DeviceId::parse("PLANTED"), "CODE", services.clock->now());
        static_cast<void>(co_await services.on_scan(std::move(scan)));
    }
};

class Dated : public Planted {
public:
    using Planted::Planted;

    asio::awaitable<void> run() override {
        Instant next = services_.clock->now();
        while (!is_stopping_) {
            co_await pause(2ms);
            if (services_.clock->now() < next) continue;  // the wall clock as a timer
            next.us = services_.clock->now().us + 1000;
            co_await scan();
        }
    }
};

class Lying : public Sound {
public:
    using Sound::Sound;

    [[nodiscard]] Health health() const override { return {HealthState::ready, "", {}, {}}; }
};

class Holding : public Sound {
public:
    using Sound::Sound;

    asio::awaitable<void> run() override {
        co_await pause(20ms);
        const auto end = std::chrono::steady_clock::now() + 1200ms;
        while (std::chrono::steady_clock::now() < end) {
        }
        co_await Sound::run();
    }
};

template <class Device>
std::unique_ptr<Adapter> made(const DeviceServices& services) {
    return std::make_unique<Device>(services);
}

}  // namespace

TEST_CASE("a device that is wrong on purpose is found out, and a sound one is not",
          "[registry][conformance][control]") {
    CHECK(wrong_at_any_step(made<Sound>, 0) == nothing);
    CHECK(wrong_when_the_clock_jumps(made<Sound>, 0) == nothing);
    CHECK(wrong_alone(made<Sound>) == nothing);
    CHECK(wrong_in_the_end(made<Deaf>, 0, 2).find("stopped") != std::string::npos);
    CHECK(wrong_in_the_end(made<Deaf>, 0, 3).find("cancelled") != std::string::npos);
    CHECK(wrong_at_any_step(made<Throwing>, 0).find("in peace") != std::string::npos);
    CHECK(wrong_at_any_step(made<Undead>, 0).find("after its end") != std::string::npos);
    CHECK(wrong_when_the_clock_jumps(made<Dated>, 0).find("a day back") != std::string::npos);
    CHECK(wrong_alone(made<Lying>).find("nobody is there") != std::string::npos);
    CHECK(wrong_alone(made<Holding>).find("holds the loop") != std::string::npos);
}

}  // namespace lotgate::adapters
