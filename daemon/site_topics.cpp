#include "daemon/site_topics.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace lotgate::site {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t command_bytes_max = 4096;
constexpr std::size_t id_bytes_max = 128;
constexpr std::size_t done_max = 1000;

std::string text_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) return {};
    const auto& text = value->get_string();
    return {text.data(), text.size()};
}

/// "PLC1" in "lotgate/v1/DC1/PLC1/cmd"; empty in "lotgate/v1/DC1/cmd".
std::string device_in(const std::string& topic, const std::string& prefix) {
    constexpr std::string_view end = "/cmd";
    const auto rest = topic.substr(prefix.size());
    return rest.size() > end.size() ? rest.substr(1, rest.size() - end.size() - 1) : std::string();
}

}  // namespace

Result<TopicCommand> parse_topic_command(const std::string& payload) {
    if (payload.size() > command_bytes_max)
        return fail(FaultCode::invalid_input, "a command has at most 4096 bytes");
    boost::system::error_code error;
    const auto value = json::parse(payload, error);
    if (error || !value.is_object())
        return fail(FaultCode::invalid_input, "a command is one JSON object");
    const auto& object = value.get_object();
    TopicCommand command;
    command.id = text_of(object, "id");
    command.wants = text_of(object, "do");
    if (command.id.empty() || command.id.size() > id_bytes_max)
        return fail(FaultCode::invalid_input, "a command needs an id of 1 to 128 characters");
    if (object.contains("deadline")) {
        const auto deadline = parse_instant(text_of(object, "deadline"));
        if (!deadline)
            return fail(FaultCode::invalid_input,
                        "deadline is not a time such as 2027-01-31T10:00:00Z");
        command.deadline = *deadline;
    }
    return command;
}

SiteTopics::SiteTopics(adapters::MqttSession& session, Names names, Clock& clock, Devices devices)
    : session_(&session),
      names_(std::move(names)),
      clock_(&clock),
      devices_(std::move(devices)),
      states_(session, {names_.site, names_.version}) {
    session.on_connected([this](bool) { states_.connected(clock_->now()); });
    const auto on_command = [this](adapters::MqttMessage message) {
        return answer(std::move(message));
    };
    const std::string prefix = "lotgate/v1/" + names_.site;
    site_commands_.emplace(session.route({prefix + "/cmd", 1}, on_command));
    device_commands_.emplace(session.route({prefix + "/+/cmd", 1}, on_command));
}

asio::awaitable<void> SiteTopics::run() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
        tell_devices();
        timer.expires_after(1s);
        const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        if (error) co_return;
    }
}

void SiteTopics::tell_devices() {
    std::set<std::string> gone = std::move(told_);
    told_.clear();
    for (const auto& view : devices_()) {
        const auto id = DeviceId::parse(view.id);
        if (!id) continue;
        states_.device(*id, view.health, clock_->now());
        told_.insert(view.id);
        gone.erase(view.id);
    }
    for (const auto& id : gone)
        if (const auto device = DeviceId::parse(id)) states_.forget(*device);
}

void SiteTopics::decided(const api::DecisionView& view, const std::string& told) {
    if (!names_.tells_decisions || told.size() < 2) return;
    const auto id = json::serialize(json::string(fmt::format("{}:{}", names_.site, view.seq)));
    // Not on .../event: that is where devices send their reads to us.
    static_cast<void>(
        session_->publish(fmt::format("lotgate/v1/{}/{}/decision", names_.site, view.station),
                          fmt::format("{{\"id\":{},{}", id, told.substr(1)),
                          1,
                          false));
}

void SiteTopics::goodbye() {
    states_.goodbye(clock_->now());
}

Result<> SiteTopics::obey(const TopicCommand& command, const std::string& device) const {
    if (command.deadline && *command.deadline < clock_->now())
        return fail(FaultCode::timed_out, "too late: the deadline of this command is over");
    if (!device.empty() && told_.count(device) == 0)
        return fail(FaultCode::invalid_input, "there is no such device on this site");
    if (command.wants == "ping") return {};
    if (command.wants == "trigger") return trigger(command, device);
    if (command.wants == "reprint")
        return fail(FaultCode::invalid_input,
                    "a label is printed again only by a person, at the page or with lotgate do");
    return fail(FaultCode::invalid_input, "commands here are: ping, trigger");
}

// What moves a device is worth nothing when it comes late, and the broker may keep it for days.
Result<> SiteTopics::trigger(const TopicCommand& command, const std::string& device) const {
    if (device.empty())
        return fail(FaultCode::invalid_input,
                    "a trigger is for one scanner: send it to .../<scanner>/cmd");
    if (!command.deadline)
        return fail(FaultCode::invalid_input,
                    "a trigger needs a deadline: a late one would look at another carton");
    if (!trigger_) return fail(FaultCode::unavailable, "scanners are not triggered here");
    return trigger_(device);
}

bool SiteTopics::is_new(const std::string& id) {
    if (std::find(done_.begin(), done_.end(), id) != done_.end()) return false;
    done_.push_back(id);
    if (done_.size() > done_max) done_.pop_front();
    return true;
}

asio::awaitable<adapters::Handled> SiteTopics::answer(adapters::MqttMessage message) {
    // A retained command would be obeyed after every restart.
    if (message.is_retained) co_return adapters::Handled::done;
    const std::string prefix = "lotgate/v1/" + names_.site;
    const std::string device = device_in(message.topic, prefix);
    json::object ack;
    const auto command = parse_topic_command(message.payload);
    if (command && !is_new(command->id)) co_return adapters::Handled::done;
    Result<> done = command ? obey(*command, device) : fail(command.error());
    if (command) ack["id"] = command->id;
    ack["ok"] = done.has_value();
    if (!done) ack["because"] = done.error().detail();
    ack["at"] = to_string(clock_->now());
    const auto topic = prefix + (device.empty() ? "" : "/" + device) + "/ack";
    static_cast<void>(session_->publish(topic, json::serialize(ack), 1, false));
    co_return adapters::Handled::done;
}

}  // namespace lotgate::site
