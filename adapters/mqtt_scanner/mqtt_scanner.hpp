#pragma once

// Hand-held, vehicle and fixed scanners that publish their reads over MQTT. The session (broker,
// user, back-off) is the site's; this takes the messages of one device out of it.
//
// A message is acknowledged to the broker when every read in it is durable; where the store cannot
// take one, the broker sends it again later. Redelivery is harmless: the read's own id comes with
// it, and the station gives the same answer for the same id. Topics and payloads: README.md.

#include "adapters/adapter.hpp"
#include "adapters/mqtt_scanner/payload.hpp"
#include "adapters/transport/code_reading.hpp"
#include "adapters/transport/flight_recorder.hpp"
#include "adapters/transport/mqtt_session.hpp"
#include "adapters/transport/read_rate.hpp"
#include "adapters/transport/scan_policy.hpp"
#include "adapters/transport/supervision.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace lotgate::adapters {

class LoopEvent;

struct MqttScannerConfig {
    std::string topic;        ///< a filter; empty = lotgate/v1/<site>/<device>/event
    std::string ack_topic;    ///< empty = lotgate/v1/<site>/<device>/ack; "-" = no answers
    std::string state_topic;  ///< {"online": false} there means: device away; empty = not followed
    PayloadConfig payload;
    ScanPolicyConfig policy;
    std::shared_ptr<const CodeReading> reading;  ///< given to the station by the registry
    /// Whether `ts` tells how old a read is. Off where the devices' clocks cannot be trusted.
    bool trusts_device_clock = true;
};

class MqttScanner final : public Adapter, public Recorded {
public:
    static constexpr std::string_view kind_name = "mqtt_scanner";

    /// Asks for all keys but id, kind and at. Opens nothing.
    [[nodiscard]] static MqttScannerConfig parse(SettingsTable& table);

    struct Place {
        DeviceId id;
        std::string site;
    };

    /// `session` outlives the scanner; run it beside.
    MqttScanner(
        Place place, MqttScannerConfig config, MqttSession& session, OnScan on_scan, World world);
    MqttScanner(const MqttScanner&) = delete;
    MqttScanner& operator=(const MqttScanner&) = delete;
    ~MqttScanner() override;

    boost::asio::awaitable<void> run() override;
    void stop() override;

    [[nodiscard]] const DeviceId& id() const override { return place_.id; }

    [[nodiscard]] std::string_view kind() const override { return kind_name; }

    [[nodiscard]] Health health() const override { return health_.health(); }

    [[nodiscard]] std::vector<Counter> counters() const override;
    [[nodiscard]] std::string describe() const override;

    [[nodiscard]] const FlightRecorder& recorder() const override { return recorder_; }

    /// What a message of the device's topic does. Loop thread; called by the session.
    [[nodiscard]] boost::asio::awaitable<Handled> handle(MqttMessage message);

private:
    void follow_link(bool is_connected);
    boost::asio::awaitable<Handled> handle_state(MqttMessage message);
    boost::asio::awaitable<bool> take(PayloadRead read, bool is_redelivered);
    boost::asio::awaitable<bool> decide(PayloadRead read, bool is_no_read);
    [[nodiscard]] std::chrono::milliseconds age_of(const PayloadRead& read, Instant now) const;
    void judge_read_rate(bool is_no_read);
    void answer(const std::string& id, const ScanAnswer& answer);
    void malformed(const Fault& fault);

    const Place place_;
    const MqttScannerConfig config_;
    MqttSession& session_;
    const OnScan on_scan_;
    const World world_;
    ScanPolicy policy_;
    HealthKeeper health_;
    FlightRecorder recorder_;
    std::unique_ptr<LoopEvent> stopped_;
    std::optional<MqttRoute> route_;
    std::optional<MqttRoute> state_route_;
    bool is_running_ = false;
    bool is_stopping_ = false;
    bool is_away_ = false;  ///< the device said so
    ReadRate read_rate_;
    ScanRate scan_rate_;
    std::string reads_badly_;  ///< as first said; empty while it reads as usual
    int in_hand_ = 0;          ///< reads being decided now

    std::uint64_t scans_ = 0;
    std::uint64_t no_reads_ = 0;
    std::uint64_t redelivered_ = 0;
    std::uint64_t malformed_ = 0;
    std::uint64_t retained_ = 0;
    std::uint64_t kept_ = 0;
    std::uint64_t answers_failed_ = 0;
};

}  // namespace lotgate::adapters
