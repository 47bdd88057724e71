#include "daemon/sparkplug_node.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <set>
#include <utility>

namespace lotgate::site {

namespace asio = boost::asio;
using namespace std::chrono_literals;

using adapters::SparkplugMetric;
using adapters::SparkplugPayload;
using adapters::SparkplugType;

namespace {

constexpr std::string_view rebirth = "Node Control/Rebirth";

std::uint64_t milliseconds_of(Instant at) {
    return at.us < 0 ? 0 : static_cast<std::uint64_t>(at.us / 1000);
}

SparkplugMetric birth_number(std::uint32_t births) {
    return {"bdSeq", SparkplugType::int64, std::uint64_t{(births - 1) % 256}};
}

bool is_online(const api::DeviceView& view) {
    return view.health.state == adapters::HealthState::ready ||
           view.health.state == adapters::HealthState::degraded;
}

std::vector<SparkplugMetric> metrics_of(const api::DeviceView& view) {
    std::vector<SparkplugMetric> metrics;
    metrics.emplace_back("State", SparkplugType::text, std::string(name_of(view.health.state)));
    metrics.emplace_back("Because", SparkplugType::text, view.health.because);
    SparkplugMetric useful("Last useful", SparkplugType::moment, std::monostate());
    if (view.health.last_useful) useful.value = milliseconds_of(*view.health.last_useful);
    metrics.push_back(std::move(useful));
    metrics.emplace_back("Waiting", SparkplugType::uint64, std::uint64_t{view.waiting});
    for (const adapters::Counter& counter : view.counters)
        metrics.emplace_back(
            "Counters/" + std::string(counter.name), SparkplugType::uint64, counter.value);
    for (const adapters::Gauge& gauge : view.gauges)
        metrics.emplace_back("Measures/" + gauge.name, SparkplugType::real, gauge.value);
    return metrics;
}

std::vector<SparkplugMetric> metrics_of(const api::DecisionView& view) {
    std::vector<SparkplugMetric> metrics;
    metrics.emplace_back("Decision/Seq", SparkplugType::uint64, view.seq);
    metrics.emplace_back("Decision/Station", SparkplugType::text, view.station);
    metrics.emplace_back("Decision/Device", SparkplugType::text, view.device);
    metrics.emplace_back("Decision/Decision", SparkplugType::text, view.decision);
    metrics.emplace_back("Decision/Code", SparkplugType::text, view.code);
    return metrics;
}

}  // namespace

SparkplugNode::SparkplugNode(Names names, const Clock& clock, Devices devices)
    : names_(std::move(names)),
      clock_(&clock),
      devices_(std::move(devices)),
      births_(std::make_shared<std::atomic<std::uint32_t>>(0)) {}

std::string SparkplugNode::topic(std::string_view kind, const std::string& device) const {
    std::string text = "spBv1.0/" + names_.group + "/";
    text += kind;
    text += "/" + names_.node;
    return device.empty() ? text : text + "/" + device;
}

std::function<adapters::MqttWill()> SparkplugNode::wills() const {
    return [births = births_, to = topic("NDEATH")] {
        SparkplugPayload death;
        death.metrics.push_back(birth_number(++*births));
        return adapters::MqttWill(to, adapters::encode(death), false);
    };
}

void SparkplugNode::live_on(adapters::MqttSession& session) {
    session_ = &session;
    session.on_connected([this](bool) { be_born(); });
    session.on_lost([this](const Fault&) {
        is_born_ = false;
        born_.clear();
    });
    commands_.emplace(session.route({topic("NCMD"), 1}, [this](adapters::MqttMessage message) {
        return hear(std::move(message));
    }));
}

// Every message but a death takes the next number, and none is skipped: a host that misses one
// asks for a rebirth.
bool SparkplugNode::send(const std::string& to, SparkplugPayload payload) {
    payload.at = clock_->now();
    payload.seq = seq_;
    if (!session_->publish(to, adapters::encode(payload), 0, false)) return false;
    ++seq_;
    return true;
}

void SparkplugNode::be_born() {
    const Instant now = clock_->now();
    SparkplugPayload birth;
    birth.metrics.push_back(birth_number(*births_));
    birth.metrics.emplace_back(std::string(rebirth), SparkplugType::boolean, false);
    birth.metrics.emplace_back("Version", SparkplugType::text, names_.version);
    for (SparkplugMetric& metric : metrics_of(api::DecisionView())) {
        auto [known, is_new] = decision_aliases_.try_emplace(metric.name, 0);
        if (is_new) known->second = ++aliases_;
        metric.alias = known->second;
        metric.value = std::monostate();
        birth.metrics.push_back(std::move(metric));
    }
    for (SparkplugMetric& metric : birth.metrics) metric.at = now;
    seq_ = 0;
    born_.clear();
    is_rebirth_asked_ = false;
    is_born_ = send(topic("NBIRTH"), std::move(birth));
    if (!is_born_) return;
    tell_devices();
    tell_kept();
}

void SparkplugNode::tell_devices() {
    std::set<std::string> seen;
    for (const api::DeviceView& view : devices_()) {
        seen.insert(view.id);
        const auto born = born_.find(view.id);
        if (born == born_.end()) {
            if (is_online(view)) bear(view);
        } else if (is_online(view)) {
            tell_changes(view, born->second);
        } else {
            bury(view.id);
        }
    }
    std::vector<std::string> gone;
    for (const auto& [id, device] : born_)
        if (seen.count(id) == 0) gone.push_back(id);
    for (const std::string& id : gone) bury(id);
}

std::uint64_t SparkplugNode::alias_of(Device& device, const std::string& metric) {
    auto [known, is_new] = device.aliases.try_emplace(metric, 0);
    if (is_new) known->second = ++aliases_;
    return known->second;
}

void SparkplugNode::bear(const api::DeviceView& view) {
    Device device;
    device.aliases = aliases_of_[view.id];
    SparkplugPayload birth;
    birth.metrics = metrics_of(view);
    for (SparkplugMetric& metric : birth.metrics) {
        metric.at = clock_->now();
        metric.alias = alias_of(device, metric.name);
        device.told[metric.name] = metric.value;
    }
    aliases_of_[view.id] = device.aliases;
    if (send(topic("DBIRTH", view.id), std::move(birth))) born_[view.id] = std::move(device);
}

void SparkplugNode::tell_changes(const api::DeviceView& view, Device& device) {
    SparkplugPayload data;
    std::map<std::string, SparkplugMetric::Value> told = device.told;
    for (SparkplugMetric& metric : metrics_of(view)) {
        // What was not in the birth is told in the next one.
        const auto known = told.find(metric.name);
        if (known == told.end() || known->second == metric.value) continue;
        known->second = metric.value;
        metric.at = clock_->now();
        metric.alias = device.aliases.at(metric.name);
        metric.name.clear();
        data.metrics.push_back(std::move(metric));
    }
    if (data.metrics.empty()) return;
    if (send(topic("DDATA", view.id), std::move(data))) device.told = std::move(told);
}

void SparkplugNode::bury(const std::string& id) {
    if (send(topic("DDEATH", id), SparkplugPayload())) born_.erase(id);
}

void SparkplugNode::decided(const api::DecisionView& view) {
    Kept kept{view.at, metrics_of(view)};
    for (SparkplugMetric& metric : kept.metrics) metric.at = view.at;
    kept_.push_back(std::move(kept));
    if (is_born_ && session_->is_connected() && kept_.size() == 1) {
        SparkplugPayload data;
        data.metrics = kept_.front().metrics;
        for (SparkplugMetric& metric : data.metrics) {
            metric.alias = decision_aliases_.at(metric.name);
            metric.name.clear();
        }
        if (send(topic("NDATA"), std::move(data))) kept_.pop_front();
    }
    if (kept_.size() > kept_max) kept_.pop_front();
}

// What was decided while nobody listened: after the births, as history.
void SparkplugNode::tell_kept() {
    while (!kept_.empty()) {
        SparkplugPayload data;
        data.metrics = kept_.front().metrics;
        for (SparkplugMetric& metric : data.metrics) {
            metric.alias = decision_aliases_.at(metric.name);
            metric.name.clear();
            metric.is_historical = true;
        }
        if (!send(topic("NDATA"), std::move(data))) return;
        kept_.pop_front();
    }
}

asio::awaitable<void> SparkplugNode::run() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
        timer.expires_after(1s);
        const auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        if (error) co_return;
        if (!session_->is_connected()) continue;
        // One rebirth a second at most, however many hosts ask; and one where a birth was lost.
        if (!is_born_ || is_rebirth_asked_) {
            be_born();
        } else {
            tell_devices();
            tell_kept();
        }
    }
}

asio::awaitable<adapters::Handled> SparkplugNode::hear(adapters::MqttMessage message) {
    const auto command = adapters::decode_sparkplug(message.payload);
    if (!command || message.is_retained) co_return adapters::Handled::done;
    for (const SparkplugMetric& metric : command->metrics) {
        const bool* const wish = std::get_if<bool>(&metric.value);
        if (metric.name == rebirth && wish != nullptr && *wish) is_rebirth_asked_ = true;
    }
    co_return adapters::Handled::done;
}

void SparkplugNode::goodbye() {
    if (!is_born_) return;
    is_born_ = false;
    SparkplugPayload death;
    death.at = clock_->now();
    death.metrics.push_back(birth_number(*births_));
    static_cast<void>(session_->publish(topic("NDEATH"), adapters::encode(death), 1, false));
}

}  // namespace lotgate::site
