#include "adapters/sim/mqtt_scanner.hpp"

#include "store/model/time.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace lotgate::sim {

namespace {

std::string text_in(const json::object& object, const char* key) {
    const json::value* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

struct MqttScanner::Waiting {
    Waiting(Loop& loop, OnOutcome done_) : timer(loop), done(std::move(done_)) {}

    Timer timer;
    OnOutcome done;
    SteadyClock::time_point sent_at;
};

MqttScanner::MqttScanner(Loop& loop, std::string id, MqttScannerConfig config)
    : Scanner(std::move(id)),
      loop_(loop),
      config_(std::move(config)),
      client_(loop,
              {config_.host, config_.port, "lotgate-sim-" + this->id(), {config_.ack_topic}},
              [this](std::string_view, std::string_view payload) { told(payload); }),
      run_(fmt::format("{:x}", system_clock().now().us)) {}

Result<> MqttScanner::open() {
    client_.start();
    return {};
}

void MqttScanner::unplug() {
    client_.stop();
}

std::string MqttScanner::message(const std::string& data, const ScanExtras& extras) const {
    json::object message;
    message["id"] = extras.message_id;
    // The wall clock: it is what a hand-held stamps its reads with.
    message["ts"] = to_string(system_clock().now());
    message["code"] = data;
    const std::string& step = extras.step.empty() ? config_.step : extras.step;
    const std::string& badge = extras.badge.empty() ? config_.badge : extras.badge;
    if (!step.empty()) message["step"] = step;
    if (!badge.empty()) message["badge"] = badge;
    return json::serialize(message);
}

void MqttScanner::scan(const std::string& data,
                       const ScanExtras& extras,
                       Duration wait,
                       OnOutcome done) {
    ++counts_.scans_sent;
    ScanExtras named = extras;
    if (named.message_id.empty())
        named.message_id = fmt::format("{}-{}-{}", id(), run_, counts_.scans_sent);
    auto waiting = std::make_shared<Waiting>(loop_, std::move(done));
    waiting->sent_at = SteadyClock::now();
    const std::string payload = message(data, named);
    if (!client_.publish(config_.topic, payload)) {
        ++counts_.scans_undelivered;
        loop_.post([waiting] {
            ScanOutcome outcome;
            outcome.sent_at = waiting->sent_at;
            waiting->done(outcome);
        });
        return;
    }
    counts_.bytes_out += payload.size();
    // The same id sent again takes the place of the first: its answer is the second's.
    settle(named.message_id, std::nullopt);
    waiting_[named.message_id] = waiting;
    waiting->timer.start(
        wait, [this, message_id = named.message_id] { settle(message_id, std::nullopt); });
}

void MqttScanner::settle(const std::string& message_id, std::optional<std::string> answer) {
    const auto found = waiting_.find(message_id);
    if (found == waiting_.end()) {
        if (answer) ++counts_.answers_unasked;
        return;
    }
    const std::shared_ptr<Waiting> waiting = found->second;
    waiting_.erase(found);
    waiting->timer.cancel();
    ScanOutcome outcome;
    outcome.is_delivered = true;
    outcome.sent_at = waiting->sent_at;
    outcome.took = SteadyClock::now() - waiting->sent_at;
    if (answer) {
        counts_.answered(*answer);
    } else {
        ++counts_.scans_unanswered;
    }
    outcome.answer = std::move(answer);
    loop_.post([waiting, outcome] { waiting->done(outcome); });
}

void MqttScanner::told(std::string_view payload) {
    counts_.bytes_in += payload.size();
    boost::system::error_code error;
    const json::value parsed = json::parse(payload, error);
    const json::object* object = error ? nullptr : parsed.if_object();
    if (!object) {
        ++counts_.answers_unasked;
        return;
    }
    // The verdict's code where it has one; else all that was said.
    std::string answer = text_in(*object, "answer");
    if (answer.empty()) answer = text_in(*object, "code");
    if (answer.empty()) answer = std::string(payload);
    settle(text_in(*object, "id"), answer);
}

bool MqttScanner::report_no_read() {
    if (config_.no_read.empty()) return false;
    ScanExtras extras;
    extras.message_id = fmt::format("{}-{}-none-{}", id(), run_, client_.published());
    return client_.publish(config_.topic, message(config_.no_read, extras));
}

bool MqttScanner::send_raw(RawBytes raw, Job done) {
    if (!client_.publish(config_.topic, raw.bytes)) return false;
    counts_.bytes_out += raw.bytes.size();
    loop_.post(std::move(done));
    return true;
}

json::object MqttScanner::report() const {
    json::object report;
    report["kind"] = kind();
    report["topic"] = config_.topic;
    report["connected"] = client_.is_up() ? 1 : 0;
    ScannerCounts counts = counts_;
    counts.connects = client_.connects();
    counts.add_to(report);
    report["published"] = client_.published();
    report["published_acknowledged"] = client_.acknowledged();
    report["published_again"] = client_.resent();
    return report;
}

}  // namespace lotgate::sim
