#include "adapters/transport/state_topics.hpp"

#include <boost/json.hpp>

#include <utility>

namespace lotgate::adapters {

namespace json = boost::json;

namespace {

constexpr std::int64_t useful_every_us = 60'000'000;

std::string site_topic(const std::string& site) {
    return "lotgate/v1/" + site + "/state";
}

std::string site_payload(bool is_online, Instant since, const std::string& version) {
    json::object state;
    state["online"] = is_online;
    state["since"] = to_string(since);
    state["version"] = version;
    return json::serialize(state);
}

json::object health_object(const Health& health) {
    json::object object;
    object["online"] = health.state == HealthState::ready || health.state == HealthState::degraded;
    object["state"] = std::string(name_of(health.state));
    object["because"] = health.because;
    object["since"] = to_string(health.since);
    return object;
}

}  // namespace

StateTopics::StateTopics(MqttSession& session, Names names)
    : session_(session), names_(std::move(names)) {}

MqttWill StateTopics::will(const std::string& site) {
    return {site_topic(site), R"({"online":false})", true};
}

void StateTopics::connected(Instant now) {
    (void)session_.publish(
        site_topic(names_.site), site_payload(true, now, names_.version), 1, true);
    for (auto& [device, known] : devices_) publish(device, known);
}

void StateTopics::publish(const std::string& device, Known& known) {
    const std::string topic = "lotgate/v1/" + names_.site + "/" + device + "/health";
    known.is_waiting = !session_.publish(topic, known.payload, 1, true).has_value();
}

void StateTopics::device(const DeviceId& id, const Health& health, Instant now) {
    Known& known = devices_[id.text()];
    json::object object = health_object(health);
    std::string told = json::serialize(object);
    const bool is_new = told != known.told;
    if (health.last_useful) object["last_useful"] = to_string(*health.last_useful);
    std::string payload = json::serialize(object);
    const bool is_due = now.us - known.published.us >= useful_every_us;
    if (!is_new && !known.is_waiting && !(is_due && payload != known.payload)) return;
    known.told = std::move(told);
    known.payload = std::move(payload);
    known.published = now;
    publish(id.text(), known);
}

void StateTopics::forget(const DeviceId& id) {
    if (devices_.erase(id.text()) == 0) return;
    (void)session_.publish(
        "lotgate/v1/" + names_.site + "/" + id.text() + "/health", std::string(), 1, true);
}

void StateTopics::goodbye(Instant now) {
    (void)session_.publish(
        site_topic(names_.site), site_payload(false, now, names_.version), 1, true);
}

}  // namespace lotgate::adapters
