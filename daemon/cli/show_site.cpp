#include "daemon/cli/show.hpp"
#include "daemon/cli/text.hpp"

#include <boost/json/value.hpp>

#include <cstdint>

namespace lotgate::cli {

namespace {

/// The state of the link in one line: "OFFLINE 12:41 (scanning continues, 214 waiting)".
std::string state_text(const Json& answer) {
    const std::string word = text_at(answer, {"state", "word"});
    const bool has_age = word != "ONLINE" && word != "LOCAL";
    const std::string age =
        has_age ? " " + duration_text(number_at(answer, {"state", "for_s"})) : "";
    return word + age + " (" + text_at(answer, {"state", "told"}) + ")";
}

std::string head_line(const Json& answer) {
    return joined({"site " + text_at(answer, {"site"}),
                   "lotgate " + text_at(answer, {"version"}),
                   "up " + duration_text(number_at(answer, {"uptime_s"})),
                   state_text(answer)},
                  " . ") +
           "\n";
}

std::string device_table(const Json& answer, const std::string& now) {
    Table table({"DEVICE", "AT", "STATE", "LAST USEFUL", "BECAUSE"});
    for (const Json* const device : items_at(answer, {"devices"})) {
        const std::int64_t waiting = number_at(*device, {"waiting"});
        table.add({text_at(*device, {"id"}),
                   text_at(*device, {"at"}),
                   text_at(*device, {"state"}),
                   ago_text(text_at(*device, {"last_useful"}), now),
                   joined({text_at(*device, {"because"}),
                           waiting > 0 ? grouped(waiting) + " labels wait" : ""},
                          "; ")});
    }
    return table.is_empty() ? "no devices are configured\n" : table.text();
}

std::string outbox_line(const Json& answer) {
    const std::int64_t waiting = number_at(answer, {"store", "waiting"});
    const std::int64_t acked = number_at(answer, {"store", "acked"});
    const std::int64_t oldest_s = number_at(answer, {"summary", "outbox", "oldest_age_s"});
    if (text_at(answer, {"state", "word"}) == "LOCAL") {
        return "outbox " + grouped(waiting) + " events kept here: no cloud is configured\n";
    }
    if (waiting == 0) return "outbox empty, cloud has everything through #" + grouped(acked) + "\n";
    return "outbox " +
           joined({grouped(waiting) + " events wait",
                   oldest_s > 0 ? "oldest " + duration_text(oldest_s) : "",
                   "cloud has everything through #" + grouped(acked)},
                  ", ") +
           "\n";
}

}  // namespace

std::string show_status(const Json& answer) {
    std::string out = head_line(answer);
    for (const Json* const problem : items_at(answer, {"problems"})) {
        out += "PROBLEM " + text_at(*problem, {"told"}) + " " + text_at(*problem, {"to_do"}) + "\n";
    }
    out += device_table(answer, text_at(answer, {"now"}));
    out += outbox_line(answer);
    const Json* const summary = member(answer, {"summary"});
    return out + (summary == nullptr ? "" : show_summary(*summary));
}

std::string show_devices(const Json& answer) {
    const std::string now = text_at(answer, {"now"});
    std::string out = device_table(answer, now);
    for (const Json* const device : items_at(answer, {"devices"})) {
        const std::string counts = counts_text(*device, {"counters"});
        out += "\n" + text_at(*device, {"id"}) + ": " + text_at(*device, {"kind"}) + " " +
               text_at(*device, {"describes"}) + "\n";
        out += "    " + text_at(*device, {"state"}) + " since " +
               ago_text(text_at(*device, {"since"}), now) + "\n";
        if (!counts.empty()) out += "    " + counts + "\n";
    }
    return out;
}

std::string show_stations(const Json& answer) {
    Table table({"STATION", "ROLE", "AT", "DEVICES", "IN HAND"});
    for (const Json* const station : items_at(answer, {"stations"})) {
        std::string devices;
        for (const Json* const device : items_at(*station, {"devices"})) {
            devices += (devices.empty() ? "" : ", ") + text_at(*device, {});
        }
        table.add(
            {text_at(*station, {"id"}),
             text_at(*station, {"role"}),
             text_at(*station, {"at"}),
             devices,
             joined({text_at(*station, {"document"}), text_at(*station, {"progress"})}, "  ")});
    }
    return table.is_empty() ? "no stations are configured\n" : table.text();
}

std::string show_outbox(const Json& answer) {
    std::string out = state_text(answer) + "\n" + outbox_line(answer);
    const std::string because = text_at(answer, {"sync", "because"});
    if (!because.empty()) out += "because " + because + "\n";
    const std::string now = text_at(answer, {"now"});
    out += "last acknowledged " + ago_text(text_at(answer, {"sync", "last_success"}), now) +
           ", epoch " + text_at(answer, {"sync", "epoch"}) + "\n";
    out += "from the cloud: main feed through " +
           grouped(number_at(answer, {"sync", "cursor_main"})) + ", urgent through " +
           grouped(number_at(answer, {"sync", "cursor_urgent"})) + "\n";
    return out;
}

}  // namespace lotgate::cli
