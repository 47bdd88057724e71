#pragma once

// What the site says on its own broker, and what it lets itself be asked there
// (docs/data/topics.md): who is there, what was decided, and a few harmless commands. A view for
// dashboards and integrators, never the record.

#include "adapters/transport/state_topics.hpp"
#include "daemon/api/site_view.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace lotgate::site {

/// A command as it came: untrusted, of limited size, and with a time after which it is refused.
struct TopicCommand {
    std::string id;
    std::string wants;
    std::optional<Instant> deadline;
};

/// Reads {"id":"...","do":"ping","deadline":"2027-01-31T10:00:00Z"}.
[[nodiscard]] Result<TopicCommand> parse_topic_command(const std::string& payload);

/// Loop thread.
class SiteTopics {
public:
    struct Names {
        std::string site;
        std::string version;
        bool tells_decisions = false;
    };

    using Devices = std::function<std::vector<api::DeviceView>()>;
    /// An object stands before this scanner: look.
    using Trigger = std::function<Result<>(const std::string& device)>;

    /// `session` and `clock` outlive it. Before the session runs.
    SiteTopics(adapters::MqttSession& session, Names names, Clock& clock, Devices devices);

    /// Without it scanners are not triggered by command.
    void on_trigger(Trigger trigger) { trigger_ = std::move(trigger); }

    /// Tells changes of the devices' health, until cancelled.
    boost::asio::awaitable<void> run();
    /// `json` is the decision as the API gives it.
    void decided(const api::DecisionView& view, const std::string& json);

    [[nodiscard]] bool tells_decisions() const { return names_.tells_decisions; }

    /// Before the session stops.
    void goodbye();

private:
    boost::asio::awaitable<adapters::Handled> answer(adapters::MqttMessage message);
    [[nodiscard]] Result<> obey(const TopicCommand& command, const std::string& device) const;
    [[nodiscard]] Result<> trigger(const TopicCommand& command, const std::string& device) const;
    /// False where this id was answered lately.
    [[nodiscard]] bool is_new(const std::string& id);
    void tell_devices();

    adapters::MqttSession* session_;
    const Names names_;
    Clock* clock_;
    Devices devices_;
    adapters::StateTopics states_;
    std::set<std::string> told_;
    Trigger trigger_;
    /// Ids of commands answered lately, oldest first: a redelivery is no second one.
    std::deque<std::string> done_;
    std::optional<adapters::MqttRoute> site_commands_;
    std::optional<adapters::MqttRoute> device_commands_;
};

}  // namespace lotgate::site
