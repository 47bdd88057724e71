// Configuration, description and counters of a label printer.

#include "adapters/label_printer/label_printer.hpp"

#include <fmt/format.h>

namespace lotgate::adapters {

using namespace std::chrono_literals;

namespace {

FailOverPolicy parse_fail_over(SettingsTable& table) {
    FailOverPolicy policy;
    policy.neighbour = table.text("neighbour", "");
    const std::string when = table.one_of("failover", {"never", "ask", "auto"});
    if (when == "ask") policy.when = FailOver::ask;
    if (when == "auto") policy.when = FailOver::automatic;
    policy.after = table.duration("failover_after", policy.after, {1s, 1h});
    if (policy.is_possible() && policy.neighbour.empty())
        table.problem("failover",
                      "to which printer?",
                      "name it: neighbour = \"P2\", or write failover = \"never\"");
    return policy;
}

void parse_line(SettingsTable& table, LabelPrinterConfig& config) {
    const std::string kind = table.one_of("line_kind", {"tcp", "serial", "usb"});
    if (kind == "serial")
        config.line = parse_serial(table);
    else if (kind == "usb")
        config.line = parse_char_device(table, "/dev/usb/lp0");
    else
        config.line = parse_tcp(table, 9100);
}

}  // namespace

LabelPrinterConfig LabelPrinter::parse(SettingsTable& table) {
    LabelPrinterConfig config;
    parse_line(table, config);
    config.queue_max = static_cast<std::size_t>(
        table.integer("queue_max", static_cast<std::int64_t>(config.queue_max), {1, 100'000}));
    config.window = static_cast<std::size_t>(
        table.integer("window", static_cast<std::int64_t>(config.window), {1, 16}));
    config.answer_within = table.duration("answer_within", config.answer_within, {100ms, 1min});
    config.write_within = table.duration("write_within", config.write_within, {1s, 2min});
    config.look_every = table.duration("look_every", config.look_every, {1s, 5min});
    config.has_counter = table.flag("label_counter", config.has_counter);
    auto& follow = config.follow;
    follow.busy_max = table.duration("busy_max", follow.busy_max, {1s, 1h});
    follow.counter_max = table.duration("counter_max", follow.counter_max, {100ms, 10min});
    follow.settled_after = table.duration("settled_after", follow.settled_after, {0ms, 1min});
    follow.silent_max = table.duration("silent_max", follow.silent_max, {1s, 24h});
    config.fail_over = parse_fail_over(table);
    return config;
}

std::string LabelPrinter::describe() const {
    std::string where;
    if (const auto* tcp = std::get_if<TcpConfig>(&config_.line)) {
        where = fmt::format("{}:{}", tcp->host, tcp->port);
    } else if (const auto* device = std::get_if<CharDeviceConfig>(&config_.line)) {
        where = device->path;
    } else {
        const auto& serial = std::get<SerialConfig>(config_.line);
        where = fmt::format("{} at {} {}", serial.port, serial.baud, serial.line);
    }
    const std::string window = config_.window == 1
                                   ? "one label in flight"
                                   : fmt::format("up to {} labels in flight", config_.window);
    const std::string neighbour = config_.fail_over.is_possible()
                                      ? fmt::format(", fails over to {} ({})",
                                                    config_.fail_over.neighbour,
                                                    name_of(config_.fail_over.when))
                                      : std::string();
    return fmt::format("{} printer on {}, {}, up to {} wait, proof by {}{}",
                       is_.language.told,
                       where,
                       window,
                       config_.queue_max,
                       config_.has_counter ? "label counter where there is one" : "host status",
                       neighbour);
}

std::vector<Counter> LabelPrinter::counters() const {
    return {{"labels_confirmed", counts_.printed},
            {"labels_confirmed_by_counter", counts_.printed_by_counter},
            {"labels_failed", counts_.failed},
            {"labels_too_old", counts_.too_old},
            {"labels_in_doubt", counts_.in_doubt},
            {"labels_refused", counts_.refused},
            {"labels_waiting", waiting()},
            {"labels_withdrawn", counts_.withdrawn},
            {"status_silences", counts_.silences},
            {"links", counts_.links}};
}

}  // namespace lotgate::adapters
