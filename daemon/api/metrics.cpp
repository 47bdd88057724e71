#include "daemon/api/metrics.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <string_view>

#include <sys/resource.h>
#include <unistd.h>

namespace lotgate::api {

namespace {

/// More label values than this mean that a label is not bounded after all; the rest is "other".
constexpr std::size_t series_max = 2000;

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

std::string number(double value) {
    return fmt::format("{:.15g}", value);
}

class Exposition {
public:
    void family(std::string_view name, std::string_view type, std::string_view help) {
        name_ = "lotgate_" + std::string(name);
        start(type, help);
    }

    void plain_family(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        start(type, help);
    }

    void sample(double value, Labels labels = {}, std::string_view suffix = {}) {
        out_ += name_ + std::string(suffix);
        const char* between = "{";
        for (const auto& [label, text] : labels) {
            out_ += between + std::string(label) + "=\"" + escaped(text) + "\"";
            between = ",";
        }
        if (labels.size() > 0) out_ += "}";
        out_ += " " + number(value) + "\n";
    }

    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    void start(std::string_view type, std::string_view help) {
        out_ += "# HELP " + name_ + " " + std::string(help) + "\n";
        out_ += "# TYPE " + name_ + " " + std::string(type) + "\n";
    }

    static std::string escaped(std::string_view text) {
        std::string out;
        for (const char c : text) {
            if (c == '\\' || c == '"') out += '\\';
            out += c == '\n' ? std::string("\\n") : std::string(1, c);
        }
        return out;
    }

    std::string name_;
    std::string out_;
};

double seconds(Instant instant) {
    return static_cast<double>(instant.us) / 1e6;
}

void add_devices(Exposition& out, const std::vector<DeviceView>& devices) {
    using adapters::HealthState;
    out.family("device_up", "gauge", "1 while the link works and the device answers.");
    for (const DeviceView& device : devices) {
        const HealthState state = device.health.state;
        const bool is_up = state == HealthState::ready || state == HealthState::degraded;
        out.sample(is_up ? 1 : 0, {{"device", device.id}, {"kind", device.kind}});
    }
    out.family("device_last_useful_timestamp_seconds", "gauge", "Last scan, label or divert.");
    for (const DeviceView& device : devices) {
        if (!device.health.last_useful) continue;
        out.sample(seconds(*device.health.last_useful), {{"device", device.id}});
    }
    out.family("device_events_total", "counter", "What the device counted, by its own names.");
    for (const DeviceView& device : devices) {
        for (const adapters::Counter& counter : device.counters) {
            out.sample(static_cast<double>(counter.value),
                       {{"device", device.id}, {"event", counter.name}});
        }
    }
    out.family("device_measure", "gauge", "What a PLC measures, by the names of its register map.");
    for (const DeviceView& device : devices)
        for (const adapters::Gauge& gauge : device.gauges)
            out.sample(gauge.value,
                       {{"device", device.id}, {"measure", gauge.name}, {"unit", gauge.unit}});
    out.family("device_no_read_ratio",
               "gauge",
               "Of a scanner's last 100 reads, the share that saw no code.");
    for (const DeviceView& device : devices) {
        for (const adapters::Counter& counter : device.counters) {
            if (counter.name != "no_reads_of_1000") continue;
            out.sample(static_cast<double>(counter.value) / 1000.0, {{"device", device.id}});
        }
    }
    out.family("label_queue", "gauge", "Labels that wait for a printer.");
    for (const DeviceView& device : devices) {
        if (device.kind.find("printer") == std::string::npos) continue;
        out.sample(static_cast<double>(device.waiting), {{"device", device.id}});
    }
}

void add_store_and_sync(Exposition& out, const StatusView& status) {
    const auto gauge = [&out](std::string_view name, std::string_view help, double value) {
        out.family(name, "gauge", help);
        out.sample(value);
    };
    const auto counter = [&out](std::string_view name, std::string_view help, double value) {
        out.family(name, "counter", help);
        out.sample(value);
    };
    const store::StoreProgress& store = status.store;
    const double waiting = static_cast<double>(store.head) - static_cast<double>(store.acked);
    counter("store_commits_total", "Transactions since start.", static_cast<double>(store.commits));
    gauge("store_head", "Last durable number of the ledger.", static_cast<double>(store.head));
    gauge("store_queue", "Commands that wait for the writer.", static_cast<double>(store.queued));
    gauge("store_commit_last_seconds",
          "Time of the last COMMIT.",
          static_cast<double>(store.commit_us_last) / 1e6);
    gauge("store_unsafe", "1 once the disk failed.", store.is_unsafe ? 1 : 0);
    gauge("outbox_events", "Events the cloud has not committed.", std::max(0.0, waiting));
    counter("sync_sent_total", "Events sent.", static_cast<double>(status.sync.sent_total));
    const bool is_up = status.sync.state == SyncView::State::live ||
                       status.sync.state == SyncView::State::catching_up;
    gauge("cloud_up", "1 while the cloud answers.", is_up ? 1 : 0);
    if (status.sync.last_success) {
        gauge("sync_last_success_timestamp_seconds",
              "Last acknowledgement of the cloud.",
              seconds(*status.sync.last_success));
    }
    gauge("config_last_good",
          "1 while an older configuration is in use than the file's.",
          status.is_config_last_good ? 1 : 0);
    gauge("clock_synced", "1 while the clock is synchronised.", status.clock_quality == "synced");
    out.family("problem", "gauge", "Things a person can mend.");
    for (const ProblemView& problem : status.problems) {
        out.sample(1,
                   {{"code", problem.code}, {"severity", problem.is_error ? "error" : "warning"}});
    }
}

/// A number in the summary, by its path of names.
std::optional<double> number_at(const boost::json::value& root,
                                std::initializer_list<std::string_view> path) {
    const boost::json::value* at = &root;
    for (const std::string_view name : path) {
        const auto* const object = at->if_object();
        at = object == nullptr ? nullptr : object->if_contains(name);
        if (at == nullptr) return std::nullopt;
    }
    boost::json::error_code error;
    const double value = at->to_number<double>(error);
    return error ? std::nullopt : std::optional<double>(value);
}

void add_summary(Exposition& out, const std::string& summary) {
    boost::json::error_code error;
    const boost::json::value root = boost::json::parse(summary, error);
    if (error) return;
    if (const auto oldest = number_at(root, {"outbox", "oldest_age_s"})) {
        out.family(
            "outbox_oldest_seconds", "gauge", "Age of the oldest event not committed there.");
        out.sample(*oldest);
    }
    if (const auto open = number_at(root, {"cases", "open"})) {
        out.family("exceptions_open", "gauge", "Cases that wait for a person.");
        out.sample(*open);
    }
    if (const auto holds = number_at(root, {"holds", "open"})) {
        out.family("holds_open", "gauge", "Holds in force.");
        out.sample(*holds);
    }
    const auto* const kinds = root.is_object() ? root.as_object().if_contains("labels") : nullptr;
    if (kinds == nullptr || !kinds->is_object()) return;
    out.family("labels", "gauge", "Labels by the state they are in.");
    for (const auto& [state, count] : kinds->get_object()) {
        if (count.is_int64()) {
            out.sample(static_cast<double>(count.get_int64()),
                       {{"state", std::string_view(state.data(), state.size())}});
        }
    }
}

void add_process(Exposition& out, const StatusView& status) {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto time = [](const timeval& value) {
        return static_cast<double>(value.tv_sec) + static_cast<double>(value.tv_usec) / 1e6;
    };
    out.plain_family("process_cpu_seconds_total", "counter", "User and system time.");
    out.sample(time(usage.ru_utime) + time(usage.ru_stime));
    std::ifstream statm("/proc/self/statm");
    double pages_total = 0;
    double pages_resident = 0;
    if (statm >> pages_total >> pages_resident) {
        out.plain_family("process_resident_memory_bytes", "gauge", "Resident memory.");
        out.sample(pages_resident * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    }
    out.plain_family("process_start_time_seconds", "gauge", "Start of the daemon.");
    out.sample(seconds(status.started));
}

template <class Map>
void add_one(Map& counts, std::string device, std::string word) {
    auto key = std::make_pair(std::move(device), std::move(word));
    if (counts.size() >= series_max && counts.find(key) == counts.end()) {
        key = {"other", "other"};
    }
    ++counts[key];
}

}  // namespace

void Metrics::count(const DecisionView& decision) {
    if (decision.is_replay) return;
    const std::string device = decision.device.empty() ? "page" : decision.device;
    add_one(scans_, device, decision.seq == 0 ? "unavailable" : decision.decision);
    if (decision.light == adapters::Light::bad) add_one(refused_, device, decision.code);
    const double took = static_cast<double>(decision.took.count()) / 1e6;
    const auto* const bound = std::lower_bound(bounds_s.begin(), bounds_s.end(), took);
    if (bound != bounds_s.end()) ++took_.at(static_cast<std::size_t>(bound - bounds_s.begin()));
    ++took_count_;
    took_sum_s_ += took;
}

std::string Metrics::text(const StatusView& status,
                          const std::vector<DeviceView>& devices,
                          const std::string& summary) const {
    Exposition out;
    out.family("build_info", "gauge", "Version of the program.");
    out.sample(1, {{"version", status.version}});
    out.family("scans_total", "counter", "Decisions since start.");
    for (const auto& [key, count] : scans_) {
        out.sample(static_cast<double>(count), {{"device", key.first}, {"verdict", key.second}});
    }
    out.family("scan_refused_total", "counter", "Refusals since start.");
    for (const auto& [key, count] : refused_) {
        out.sample(static_cast<double>(count), {{"device", key.first}, {"reason", key.second}});
    }
    out.family("scan_decision_seconds", "histogram", "From the read's arrival to the answer.");
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < bounds_s.size(); ++i) {
        below += took_.at(i);
        const std::string bound = number(bounds_s.at(i));
        out.sample(static_cast<double>(below), {{"le", bound}}, "_bucket");
    }
    out.sample(static_cast<double>(took_count_), {{"le", "+Inf"}}, "_bucket");
    out.sample(took_sum_s_, {}, "_sum");
    out.sample(static_cast<double>(took_count_), {}, "_count");
    add_devices(out, devices);
    add_store_and_sync(out, status);
    add_summary(out, summary);
    add_process(out, status);
    return out.take();
}

}  // namespace lotgate::api
