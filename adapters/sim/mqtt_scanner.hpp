#pragma once

// A hand-held or vehicle scanner that publishes its reads over MQTT as JSON and is told the verdict
// on a topic of its own, by the id of the read.

#include "adapters/sim/mqtt_client.hpp"
#include "adapters/sim/scanner.hpp"

namespace lotgate::sim {

struct MqttScannerConfig {
    std::string host = "127.0.0.1";
    std::uint16_t port = 1883;
    std::string topic;
    std::string ack_topic;
    std::string step;     ///< of each read that gives none of its own
    std::string badge;    ///< likewise
    std::string no_read;  ///< sent as code where there was none; empty: silence
};

class MqttScanner final : public Scanner {
public:
    MqttScanner(Loop& loop, std::string id, MqttScannerConfig config);

    [[nodiscard]] std::string_view kind() const override { return "scanner_mqtt"; }

    Result<> open() override;
    void unplug() override;
    [[nodiscard]] json::object report() const override;

    void scan(const std::string& data,
              const ScanExtras& extras,
              Duration wait,
              OnOutcome done) override;
    bool report_no_read() override;
    /// The bytes become the payload of one message, whatever they are.
    bool send_raw(RawBytes raw, Job done) override;

    [[nodiscard]] bool is_connected() const override { return client_.is_up(); }

private:
    struct Waiting;

    void told(std::string_view payload);
    void settle(const std::string& message_id, std::optional<std::string> answer);
    [[nodiscard]] std::string message(const std::string& data, const ScanExtras& extras) const;

    Loop& loop_;
    const MqttScannerConfig config_;
    MqttClient client_;
    const std::string run_;  ///< tells the ids of one run from those of the next
    std::map<std::string, std::shared_ptr<Waiting>> waiting_;
    ScannerCounts counts_;
};

}  // namespace lotgate::sim
