#pragma once

// The site as an edge node of Sparkplug B 3.0, for hosts that speak that (docs/data/topics.md): a
// view beside the topics of our own, never the record, since Sparkplug's data is QoS 0. It has a
// session of its own, because its will is another one with each connection.

#include "adapters/transport/mqtt_session.hpp"
#include "adapters/transport/sparkplug_payload.hpp"
#include "daemon/api/site_view.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lotgate::site {

/// Loop thread.
class SparkplugNode {
public:
    struct Names {
        std::string group;
        std::string node;
        std::string version;  ///< of this program
    };

    using Devices = std::function<std::vector<api::DeviceView>()>;

    SparkplugNode(Names names, const Clock& clock, Devices devices);

    /// For MqttConfig::next_will: the death of the connection that is about to begin. Any thread,
    /// also when this is gone.
    [[nodiscard]] std::function<adapters::MqttWill()> wills() const;
    /// `session` outlives it, and was made with wills(). Before the session runs.
    void live_on(adapters::MqttSession& session);

    /// Tells what changes, until cancelled.
    boost::asio::awaitable<void> run();
    void decided(const api::DecisionView& view);
    /// Before the session stops.
    void goodbye();

    /// Decisions kept while there is no broker; the oldest go first.
    static constexpr std::size_t kept_max = 1000;

private:
    using Metrics = std::vector<adapters::SparkplugMetric>;

    struct Device {
        std::map<std::string, std::uint64_t> aliases;
        std::map<std::string, adapters::SparkplugMetric::Value> told;
    };

    struct Kept {
        Instant at;
        Metrics metrics;
    };

    [[nodiscard]] std::string topic(std::string_view kind, const std::string& device = {}) const;
    [[nodiscard]] bool send(const std::string& to, adapters::SparkplugPayload payload);
    boost::asio::awaitable<adapters::Handled> hear(adapters::MqttMessage message);
    void be_born();
    void tell_devices();
    void bear(const api::DeviceView& view);
    void tell_changes(const api::DeviceView& view, Device& device);
    void bury(const std::string& id);
    void tell_kept();
    [[nodiscard]] std::uint64_t alias_of(Device& device, const std::string& metric);

    const Names names_;
    const Clock* clock_;
    const Devices devices_;
    adapters::MqttSession* session_ = nullptr;
    std::optional<adapters::MqttRoute> commands_;
    /// Connections begun: bdSeq is one less, of 256.
    const std::shared_ptr<std::atomic<std::uint32_t>> births_;
    std::uint8_t seq_ = 0;  ///< of the next message
    bool is_born_ = false;
    bool is_rebirth_asked_ = false;
    std::uint64_t aliases_ = 0;
    std::map<std::string, std::uint64_t> decision_aliases_;
    std::map<std::string, Device> born_;  ///< devices that are online
    std::map<std::string, std::map<std::string, std::uint64_t>> aliases_of_;
    std::deque<Kept> kept_;
};

}  // namespace lotgate::site
