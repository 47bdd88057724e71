#include "daemon/cli/device_verbs.hpp"

#include "daemon/cli/decode/decode_command.hpp"
#include "daemon/cli/http_client.hpp"
#include "daemon/cli/pins.hpp"
#include "daemon/cli/printing.hpp"
#include "daemon/cli/show.hpp"
#include "daemon/cli/source.hpp"
#include "daemon/cli/text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <ostream>

#include <poll.h>

namespace lotgate::cli {

namespace json = boost::json;

namespace {

constexpr int look_every_ms = 500;

struct DeviceVerb {
    const char* verb;
    int (*run)(const Invocation&, const Surroundings&);
};

HttpAsk post_to(const Invocation& said, const char* what, const json::object& body) {
    HttpAsk ask;
    ask.method = "POST";
    ask.target = "/api/v1/devices/" + percent_encoded(said.what) + "/" + what;
    ask.body = json::serialize(body);
    return ask;
}

int send(const Invocation& said, const Surroundings& around, const HttpAsk& ask, Show show) {
    const auto answered = send_request(said, ask);
    if (!answered) return complain(around, answered.error());
    return print(said, around, *answered, show).status;
}

std::string show_told(const Json& answer) {
    return text_at(answer, {"device"}) + ": " + text_at(answer, {"told"}) + "\n";
}

int show(const Invocation& said, const Surroundings& around) {
    HttpAsk ask;
    ask.target =
        "/api/v1/devices/" + percent_encoded(said.what) + "?frames=" + std::to_string(said.count);
    return send(said, around, ask, show_device);
}

void add_word(json::object& body, const Invocation& said, const Surroundings& around) {
    body["badge"] = said.badge;
    body["reason"] = said.reason;
    body["second_badge"] = said.second_badge;
    const Pins pins = read_pins(around, said);
    if (!pins.first.empty()) body["pin"] = pins.first;
    if (!pins.second.empty()) body["second_pin"] = pins.second;
}

int inject(const Invocation& said, const Surroundings& around) {
    json::object body;
    body["code"] = unescaped_argument(said.more);
    add_word(body, said, around);
    body["request_id"] = new_request_id();
    const auto answered = send_request(said, post_to(said, "inject", body));
    if (!answered) return complain(around, answered.error());
    const Shown shown = print(said, around, *answered, show_decision);
    if (shown.status != exit_ok) return shown.status;
    const std::string light = text_at(shown.answer, {"light"});
    if (light == "unavailable") return exit_try_later;
    return light == "bad" ? exit_refused : exit_ok;
}

int replace(const Invocation& said, const Surroundings& around) {
    json::object body;
    add_word(body, said, around);
    return send(said, around, post_to(said, "replace", body), show_told);
}

int trace(const Invocation& said, const Surroundings& around) {
    json::object body;
    body["state"] = said.more;
    return send(said, around, post_to(said, "trace", body), show_told);
}

int trigger(const Invocation& said, const Surroundings& around) {
    return send(said, around, post_to(said, "trigger", {}), show_told);
}

int discover(const Invocation& said, const Surroundings& around) {
    json::object body;
    body["range"] = said.what;
    HttpAsk ask;
    ask.method = "POST";
    ask.target = "/api/v1/discover";
    ask.body = json::serialize(body);
    return send(said, around, ask, show_discovered);
}

int wire_of_case(const Invocation& said, const Surroundings& around) {
    HttpAsk ask;
    ask.target = "/api/v1/cases/" + percent_encoded(said.what) + "/recording";
    return send(said, around, ask, show_recording);
}

/// What a line of the watch says of a device; told again when it changes.
struct Seen {
    std::string state;
    std::string because;
    std::int64_t reads = 0;
};

Seen seen_of(const Json& device) {
    Seen seen;
    seen.state = text_at(device, {"state"});
    seen.because = text_at(device, {"because"});
    for (const char* name : {"scans", "no_reads", "confirmed", "cartons"}) {
        seen.reads += number_at(device, {"counters", name});
    }
    return seen;
}

std::string change_line(const Json& device, const Seen& before, const Seen& now) {
    const std::int64_t more = now.reads - before.reads;
    const bool is_other_state = now.state != before.state || now.because != before.because;
    if (!is_other_state && more <= 0) return {};
    std::string line = text_at(device, {"id"}) + "  " + now.state;
    if (is_other_state && !now.because.empty()) line += " because " + now.because;
    if (more > 0) line += "  +" + grouped(more);
    return line;
}

void tell_changes(const Json& answer,
                  const Invocation& said,
                  std::map<std::string, Seen>& before,
                  std::ostream& out) {
    const std::string at = text_at(answer, {"now"});
    for (const Json* const device : items_at(answer, {"devices"})) {
        const std::string id = text_at(*device, {"id"});
        const Seen now = seen_of(*device);
        const auto known = before.find(id);
        const std::string line =
            change_line(*device, known == before.end() ? Seen() : known->second, now);
        before[id] = now;
        if (line.empty()) continue;
        if (said.is_json) {
            json::object object;
            object["type"] = "device";
            object["at"] = at;
            object["device"] = *device;
            out << json::serialize(object) << "\n";
        } else {
            out << at << "  " << line << "\n";
        }
    }
    out.flush();
}

int watch(const Invocation& said, const Surroundings& around) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point end = Clock::now() + std::chrono::seconds(said.seconds);
    std::map<std::string, Seen> before;
    HttpAsk ask;
    ask.target = "/api/v1/devices";
    for (;;) {
        const auto answered = send_request(said, ask);
        if (!answered) return complain(around, answered.error());
        json::error_code error;
        const Json answer = json::parse(answered->json, error);
        if (error) {
            const Trouble trouble{exit_failed, "the answer is not JSON", "lotgate version"};
            return complain(around, trouble);
        }
        tell_changes(answer, said, before, around.out);
        // The reader of our output went away, or the time is over.
        if (!around.out || (said.seconds > 0 && Clock::now() >= end)) return exit_ok;
        (void)::poll(nullptr, 0, look_every_ms);
    }
}

constexpr auto device_verbs = std::to_array<DeviceVerb>({
    {"devices watch", watch},
    {"devices show", show},
    {"devices inject", inject},
    {"devices replace", replace},
    {"devices trace", trace},
    {"devices trigger", trigger},
    {"devices discover", discover},
    {"cases wire", wire_of_case},
});

}  // namespace

bool is_device_verb(const std::string& verb) {
    return std::any_of(device_verbs.begin(), device_verbs.end(), [&](const DeviceVerb& one) {
        return verb == one.verb;
    });
}

int device_verb(const Invocation& said, const Surroundings& around) {
    for (const DeviceVerb& one : device_verbs) {
        if (said.verb == one.verb) return one.run(said, around);
    }
    return exit_usage;
}

}  // namespace lotgate::cli
