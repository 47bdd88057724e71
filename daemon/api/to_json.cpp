#include "daemon/api/to_json.hpp"

#include "daemon/api/request.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace lotgate::api {

namespace {

namespace json = boost::json;

json::value when(Instant instant) {
    if (instant.us == 0) return nullptr;
    return to_string(instant).c_str();
}

json::value when(const std::optional<Instant>& instant) {
    return instant ? when(*instant) : json::value(nullptr);
}

std::int64_t seconds_between(Instant earlier, Instant later) {
    return std::max<std::int64_t>(0, (later.us - earlier.us) / 1'000'000);
}

std::uint64_t waiting(const StatusView& status) {
    return status.store.head - std::min(status.store.head, status.store.acked);
}

/// One word and one sentence about the whole site. Scanning goes on in all states but UNSAFE.
json::object state_of(const StatusView& status) {
    json::object state;
    const auto set = [&state](std::string_view word, std::string_view told) {
        state["word"] = word;
        state["told"] = told;
    };
    const std::string count = std::to_string(waiting(status));
    state["since"] = when(status.sync.since);
    state["for_s"] = seconds_between(status.sync.since, status.now);
    if (status.store.is_unsafe) {
        set("UNSAFE", "the disk failed: nothing is decided until it is mended");
    } else if (status.sync.state == SyncView::State::live) {
        set("ONLINE", waiting(status) == 0 ? "all sent" : count + " on their way");
    } else if (status.sync.state == SyncView::State::catching_up) {
        set("CATCHING UP", "scanning continues, " + count + " to send");
    } else if (status.sync.state == SyncView::State::off) {
        set("LOCAL", "no cloud is configured");
    } else if (status.sync.state == SyncView::State::fenced) {
        set("FENCED", "scanning continues, " + count + " waiting: a person must decide");
    } else {
        set("OFFLINE", "scanning continues, " + count + " waiting");
    }
    return state;
}

json::object store_of(const StatusView& status) {
    json::object store;
    store["head"] = status.store.head;
    store["acked"] = status.store.acked;
    store["waiting"] = waiting(status);
    store["commits"] = status.store.commits;
    store["queued"] = status.store.queued;
    store["commit_last_us"] = status.store.commit_us_last;
    store["is_unsafe"] = status.store.is_unsafe;
    return store;
}

json::object sync_of(const SyncView& sync) {
    json::object out;
    out["state"] = name_of(sync.state);
    out["because"] = valid_utf8(sync.because);
    out["since"] = when(sync.since);
    out["last_success"] = when(sync.last_success);
    out["epoch"] = sync.epoch;
    out["acked"] = sync.acked;
    out["cursor_main"] = sync.cursor_main;
    out["cursor_urgent"] = sync.cursor_urgent;
    out["sent_total"] = sync.sent_total;
    return out;
}

json::object object_of(const DeviceView& device) {
    json::object out;
    out["id"] = device.id;
    out["kind"] = device.kind;
    out["at"] = device.place;
    out["state"] = adapters::name_of(device.health.state);
    out["because"] = valid_utf8(device.health.because);
    out["since"] = when(device.health.since);
    out["last_useful"] = when(device.health.last_useful);
    out["waiting"] = device.waiting;
    json::object counters;
    for (const adapters::Counter& counter : device.counters) counters[counter.name] = counter.value;
    out["counters"] = std::move(counters);
    json::object measured;
    for (const adapters::Gauge& gauge : device.gauges) {
        json::object one;
        one["value"] = gauge.value;
        one["unit"] = valid_utf8(gauge.unit);
        measured[valid_utf8(gauge.name)] = std::move(one);
    }
    out["measures"] = std::move(measured);
    out["describes"] = valid_utf8(device.describes);
    return out;
}

json::object object_of(const StationView& station) {
    json::object out;
    out["id"] = station.id;
    out["role"] = station.role;
    out["at"] = station.place;
    json::array devices;
    for (const std::string& device : station.devices) devices.emplace_back(device);
    out["devices"] = std::move(devices);
    out["document"] = valid_utf8(station.document);
    out["progress"] = station.progress;
    return out;
}

template <class View>
std::string list_json(const std::vector<View>& views) {
    json::array out;
    for (const View& view : views) out.emplace_back(object_of(view));
    return json::serialize(out);
}

}  // namespace

std::string_view name_of(SyncView::State state) {
    switch (state) {
        case SyncView::State::off:
            return "off";
        case SyncView::State::connecting:
            return "connecting";
        case SyncView::State::live:
            return "live";
        case SyncView::State::catching_up:
            return "catching_up";
        case SyncView::State::offline:
            return "offline";
        case SyncView::State::fenced:
            return "fenced";
    }
    return "off";
}

std::string_view name_of(adapters::Light light) {
    switch (light) {
        case adapters::Light::good:
            return "good";
        case adapters::Light::attention:
            return "attention";
        case adapters::Light::bad:
            return "bad";
        case adapters::Light::unavailable:
            return "unavailable";
    }
    return "unavailable";
}

std::string to_json(const StatusView& status) {
    json::object out;
    out["site"] = status.site;
    out["version"] = status.version;
    out["zone"] = status.zone;
    out["now"] = when(status.now);
    out["started"] = when(status.started);
    out["uptime_s"] = seconds_between(status.started, status.now);
    out["clock"] = status.clock_quality;
    out["is_config_last_good"] = status.is_config_last_good;
    out["tracking"] = status.has_exclusive_tracking ? "exclusive" : "both";
    out["state"] = state_of(status);
    out["store"] = store_of(status);
    out["sync"] = sync_of(status.sync);
    json::array problems;
    for (const ProblemView& problem : status.problems) {
        json::object entry;
        entry["code"] = problem.code;
        entry["told"] = valid_utf8(problem.told);
        entry["to_do"] = valid_utf8(problem.to_do);
        entry["is_error"] = problem.is_error;
        problems.emplace_back(std::move(entry));
    }
    out["problems"] = std::move(problems);
    return json::serialize(out);
}

std::string to_json(const std::vector<DeviceView>& devices) {
    return list_json(devices);
}

std::string to_json(const std::vector<StationView>& stations) {
    return list_json(stations);
}

std::string to_json(const DecisionView& decision) {
    json::object out;
    out["seq"] = decision.seq;
    out["at"] = when(decision.at);
    out["station"] = decision.station;
    out["device"] = decision.device;
    out["actor"] = valid_utf8(decision.actor);
    out["light"] = name_of(decision.light);
    out["decision"] = decision.decision;
    out["code"] = decision.code;
    out["rule"] = decision.rule;
    out["may_overrule"] = decision.may_overrule;
    out["told"] = valid_utf8(decision.told);
    out["did"] = decision.did;
    out["subject"] = valid_utf8(decision.subject);
    out["document"] = valid_utf8(decision.document);
    out["progress"] = decision.progress;
    out["scanned"] = valid_utf8(decision.scanned);
    out["is_replay"] = decision.is_replay;
    out["took_us"] = decision.took.count();
    return json::serialize(out);
}

std::string with_member(std::string_view name, std::string_view value, const std::string& text) {
    std::string out = "{\"" + std::string(name) + "\":" + std::string(value);
    const auto open = text.find('{');
    const auto first = open == std::string::npos ? open : text.find_first_not_of(" \n", open + 1);
    if (first == std::string::npos || text[first] == '}') return out + "}";
    return out + "," + text.substr(first);
}

}  // namespace lotgate::api
