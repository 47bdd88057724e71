#include "adapters/mqtt_scanner/mqtt_scanner.hpp"

#include "adapters/keyed_parts.hpp"
#include "adapters/transport/loop_event.hpp"
#include "adapters/transport/mqtt_topic.hpp"
#include "adapters/transport/scanner_profile.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/json.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <utility>

namespace lotgate::adapters {

namespace {

std::string_view word_for(Light light) {
    switch (light) {
        case Light::good:
            return "good";
        case Light::attention:
            return "attention";
        case Light::bad:
            return "bad";
        case Light::unavailable:
            break;
    }
    return "unavailable";
}

std::string usual_topic(const MqttScanner::Place& place, std::string_view end) {
    return fmt::format("lotgate/v1/{}/{}/{}", place.site, place.id.text(), end);
}

MqttScannerConfig with_usual_topics(MqttScannerConfig config, const MqttScanner::Place& place) {
    if (config.topic.empty()) config.topic = usual_topic(place, "event");
    if (config.ack_topic.empty()) config.ack_topic = usual_topic(place, "ack");
    return config;
}

}  // namespace

MqttScannerConfig MqttScanner::parse(SettingsTable& table) {
    using namespace std::chrono_literals;
    MqttScannerConfig config;
    config.topic = table.text("topic", "");
    if (!config.topic.empty() && !filter_is_valid(config.topic)) {
        table.problem("topic",
                      "this is no MQTT topic filter",
                      "\"+\" and \"#\" stand alone between slashes, \"#\" last");
    }
    config.ack_topic = table.text("ack_topic", "");
    if (!config.ack_topic.empty() && !topic_is_valid(config.ack_topic)) {
        table.problem("ack_topic", "answers need one topic, without \"+\" and \"#\"");
    }
    config.state_topic = table.text("state_topic", "");
    if (!config.state_topic.empty() && !filter_is_valid(config.state_topic)) {
        table.problem("state_topic", "this is no MQTT topic filter");
    }
    config.payload = parse_payload(table);
    config.policy = parse_scan_policy(table, ScannerProfile());
    config.reading = parse_code_reading(table);
    // A JSON read has an identity of its own: two reads of one code are then meant.
    if (!table.has("same_code_quiet") && !config.payload.is_text) {
        config.policy.same_code_quiet = 0ms;
    }
    config.trusts_device_clock = table.flag("trust_device_clock", true);
    return config;
}

MqttScanner::MqttScanner(
    Place place, MqttScannerConfig config, MqttSession& session, OnScan on_scan, World world)
    : place_(std::move(place)),
      config_(with_usual_topics(std::move(config), place_)),
      session_(session),
      on_scan_(std::move(on_scan)),
      world_(std::move(world)),
      policy_(config_.policy),
      health_(*world_.clock, world_.log) {}

MqttScanner::~MqttScanner() = default;

boost::asio::awaitable<void> MqttScanner::run() {
    stopped_ = std::make_unique<LoopEvent>(co_await boost::asio::this_coro::executor);
    if (is_stopping_) co_return;
    is_running_ = true;
    route_.emplace(session_.route(
        MqttSubscription(config_.topic, 1),
        [this](MqttMessage message) { return handle(std::move(message)); },
        [this](bool is_connected) { follow_link(is_connected); }));
    if (!config_.state_topic.empty()) {
        state_route_.emplace(session_.route(
            MqttSubscription(config_.state_topic, 1),
            [this](MqttMessage message) { return handle_state(std::move(message)); }));
    }
    follow_link(session_.is_connected());
    co_await stopped_->wait();
    is_running_ = false;
}

void MqttScanner::stop() {
    is_stopping_ = true;
    is_running_ = false;
    if (stopped_) stopped_->notify();
}

void MqttScanner::follow_link(bool is_connected) {
    if (!is_connected) {
        const std::string why = session_.last_error();
        health_.set(HealthState::retrying, why.empty() ? "the broker is not connected yet" : why);
    } else if (is_away_) {
        health_.set(HealthState::retrying, "the device is offline: battery, WLAN or switched off?");
    } else if (!reads_badly_.empty()) {
        health_.set(HealthState::degraded, reads_badly_);
    } else {
        health_.set(HealthState::ready);
    }
}

/// Said once when it gets bad and once when it is good again, not with each changed percentage.
void MqttScanner::judge_read_rate(bool is_no_read) {
    read_rate_.note(is_no_read);
    if (!is_no_read) scan_rate_.note(world_.clock->monotonic());
    std::string warning = read_rate_.warning();
    if (warning.empty()) warning = scan_rate_.warning();
    if (warning.empty() || reads_badly_.empty()) reads_badly_ = warning;
}

boost::asio::awaitable<Handled> MqttScanner::handle_state(MqttMessage message) {
    boost::system::error_code error;
    const boost::json::value state = boost::json::parse(message.payload, error);
    if (!error && state.is_object()) {
        const boost::json::value* online = state.get_object().if_contains("online");
        if (online != nullptr && online->is_bool()) is_away_ = !online->get_bool();
    }
    follow_link(session_.is_connected());
    co_return Handled::done;
}

void MqttScanner::malformed(const Fault& fault) {
    ++malformed_;
    health_.set(HealthState::degraded,
                "a message could not be read (" + fault.detail() + "): payload setting right?");
}

boost::asio::awaitable<Handled> MqttScanner::handle(MqttMessage message) {
    if (!is_running_) co_return Handled::keep;
    recorder_.note(world_.clock->now(), WireWay::in, message.payload);
    if (message.is_redelivered) ++redelivered_;
    if (message.is_retained) {
        // The broker hands it out at every connect: it says nothing about now.
        ++retained_;
        co_return Handled::done;
    }
    Result<std::vector<PayloadRead>> reads = read_payload(config_.payload, message.payload);
    if (!reads) {
        malformed(reads.error());
        co_return Handled::done;  // sent again, it would be no better
    }
    bool all_durable = true;
    for (PayloadRead& read : *reads) {
        const bool is_durable = co_await take(std::move(read), message.is_redelivered);
        all_durable = all_durable && is_durable;
    }
    if (all_durable) co_return Handled::done;
    ++kept_;
    co_return Handled::keep;
}

std::chrono::milliseconds MqttScanner::age_of(const PayloadRead& read, Instant now) const {
    using std::chrono::milliseconds;
    if (!config_.trusts_device_clock || !read.made_at) return milliseconds(0);
    // A read from the future is a clock that is wrong, not a read that is new.
    return milliseconds(std::max<std::int64_t>(0, (now.us - read.made_at->us) / 1000));
}

boost::asio::awaitable<bool> MqttScanner::take(PayloadRead read, bool is_redelivered) {
    const ScanReads judged = policy_.judge(read.code, world_.clock->monotonic());
    // Seen just now, and perhaps still in hand: then it is not known to be durable yet.
    if (judged.codes.empty() && !judged.is_no_read) co_return !is_redelivered || in_hand_ == 0;
    std::vector<std::string> codes = judged.codes;
    if (judged.is_no_read) codes.push_back(read.code);
    const std::string id = read.id;
    bool all_durable = true;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        read.code = codes[i];
        // Several codes in one read share its identity; each is still known by its place.
        if (i > 0 && !id.empty()) read.id = fmt::format("{}-{}", id, i);
        const bool is_durable = co_await decide(read, judged.is_no_read);
        all_durable = all_durable && is_durable;
    }
    co_return all_durable;
}

boost::asio::awaitable<bool> MqttScanner::decide(PayloadRead read, bool is_no_read) {
    const Instant now = world_.clock->now();
    const std::string code = read.code;
    const std::string id = read.id;
    std::vector<std::string> codes = with_keyed_parts(read.code, read.serial, read.lot);
    Scan scan(place_.id, std::move(read.code), now);
    if (!codes.empty()) scan.capture = "MANUAL";
    scan.codes = std::move(codes);
    scan.age = age_of(read, now);
    scan.message_id = std::move(read.id);
    scan.step = std::move(read.step);
    scan.badge = std::move(read.badge);
    scan.overriding = std::move(read.overriding);
    scan.is_no_read = is_no_read;
    ++(is_no_read ? no_reads_ : scans_);
    ++in_hand_;
    const ScanAnswer verdict = co_await on_scan_(std::move(scan));
    --in_hand_;
    answer(id, verdict);
    if (verdict.light == Light::unavailable) {
        policy_.forget(code);
        co_return false;
    }
    health_.useful();
    judge_read_rate(is_no_read);
    follow_link(session_.is_connected());
    co_return true;
}

void MqttScanner::answer(const std::string& id, const ScanAnswer& answer) {
    if (config_.ack_topic == "-") return;
    std::string text = answer_payload(id, word_for(answer.light), answer.code, answer.told);
    recorder_.note(world_.clock->now(), WireWay::out, text);
    if (!session_.publish(config_.ack_topic, std::move(text), 1, false)) ++answers_failed_;
}

std::vector<Counter> MqttScanner::counters() const {
    return {{"scans", scans_},
            {"no_reads", no_reads_},
            {"no_reads_of_1000", static_cast<std::uint64_t>(read_rate_.recent_no_reads() * 1000.0)},
            {"reads_in_10min", scan_rate_.recent()},
            {"usual_in_10min", static_cast<std::uint64_t>(scan_rate_.usual())},
            {"suppressed", policy_.suppressed()},
            {"redelivered", redelivered_},
            {"malformed", malformed_},
            {"retained_ignored", retained_},
            {"kept", kept_},
            {"answers_failed", answers_failed_}};
}

std::string MqttScanner::describe() const {
    return fmt::format("MQTT scanner on {}, answers to {}, payload {}, same code quiet for {} ms",
                       config_.topic,
                       config_.ack_topic == "-" ? "nobody" : config_.ack_topic,
                       config_.payload.is_text ? "text" : "json at " + config_.payload.code_path,
                       config_.policy.same_code_quiet.count());
}

}  // namespace lotgate::adapters
