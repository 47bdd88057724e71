#pragma once

// One device on a loop of its own, with everything a site gives it: of the registry by its kind, or
// any other that a test makes. It remembers how long the loop was held up, and what the device did
// after it had ended.

#include "adapters/modbus_conveyor/modbus_conveyor.hpp"
#include "adapters/registry/registry.hpp"
#include "adapters/transport/mqtt_session.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace lotgate::test {

/// The machine's clock, set forward and back by a test.
class JumpingClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override {
        return Instant{system_clock().now().us + ahead_.count()};
    }

    [[nodiscard]] std::chrono::nanoseconds monotonic() const override {
        return system_clock().monotonic();
    }

    void jump(std::chrono::microseconds by) { ahead_ += by; }

private:
    std::chrono::microseconds ahead_{0};
};

using MakeDevice =
    std::function<std::unique_ptr<adapters::Adapter>(const adapters::DeviceServices&)>;

class DeviceBench {
public:
    /// `broker`: the port of one, or 0 for a port where nobody listens.
    explicit DeviceBench(const MakeDevice& make, std::uint16_t broker = 0);
    /// Stops the device, where it runs still.
    ~DeviceBench();
    DeviceBench(const DeviceBench&) = delete;
    DeviceBench& operator=(const DeviceBench&) = delete;

    [[nodiscard]] adapters::Adapter& device() const { return *device_; }

    [[nodiscard]] bool waits_until(const std::function<bool()>& condition,
                                   std::chrono::milliseconds within = std::chrono::seconds(10));
    void goes_on_for(std::chrono::milliseconds time);
    /// So many things happen on the loop, or nothing more does for a while.
    void takes_steps(int count);

    /// Says why it is not ready: a state, with a cause.
    [[nodiscard]] bool says_why() const;
    /// Runs on, and has something to say about itself.
    [[nodiscard]] bool is_well() const;
    /// By stop(), said twice; or by cancelling its coroutine. False where it does not end, or ends
    /// with an exception.
    [[nodiscard]] bool stops();
    [[nodiscard]] bool is_cancelled();

    [[nodiscard]] bool has_ended() const { return has_ended_; }

    /// Everything else on the loop would have been late by this.
    [[nodiscard]] std::chrono::nanoseconds longest_hold() const { return longest_hold_; }

    /// Scans and reports of the device, and those after it had ended.
    [[nodiscard]] unsigned heard() const { return heard_; }

    [[nodiscard]] unsigned heard_too_late() const { return heard_too_late_; }

    /// Prints reported as confirmed.
    [[nodiscard]] unsigned printed() const { return printed_; }

    boost::asio::io_context loop;
    JumpingClock clock;

private:
    [[nodiscard]] adapters::DeviceServices services();
    void hear();
    boost::asio::awaitable<void> feel_the_loop();

    adapters::ModbusBuses buses_;
    std::unique_ptr<adapters::MqttSession> session_;
    boost::asio::cancellation_signal cancel_;
    std::unique_ptr<adapters::Adapter> device_;
    std::chrono::nanoseconds longest_hold_{0};
    unsigned heard_ = 0;
    unsigned heard_too_late_ = 0;
    unsigned printed_ = 0;
    bool has_ended_ = false;
    bool has_thrown_ = false;
    bool is_over_ = false;
};

/// The settings a sample cannot do without, with the wire led to `host` and `port` or to `tty`.
[[nodiscard]] std::string needed_settings(const std::string& kind,
                                          std::uint16_t port,
                                          const std::string& tty);
/// Fails the test where the settings are not right.
[[nodiscard]] MakeDevice device_of(const std::string& kind, const std::string& settings);
[[nodiscard]] bool is_dialled(const std::string& kind);
[[nodiscard]] bool is_serial(const std::string& kind);

}  // namespace lotgate::test
