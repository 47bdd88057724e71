// Configuration, description and counters of a ZPL printer; zpl_printer.cpp is the wire.

#include "adapters/zpl_printer/zpl_printer.hpp"

#include <fmt/format.h>

namespace lotgate::adapters {

using namespace std::chrono_literals;

ZplPrinterConfig ZplPrinter::parse(SettingsTable& table) {
    ZplPrinterConfig config;
    const bool is_serial = table.one_of("line_kind", {"tcp", "serial"}) == "serial";
    if (is_serial)
        config.line = parse_serial(table);
    else
        config.line = parse_tcp(table, 9100);
    config.queue_max = static_cast<std::size_t>(
        table.integer("queue_max", static_cast<std::int64_t>(config.queue_max), {1, 100'000}));
    config.answer_within = table.duration("answer_within", config.answer_within, {100ms, 1min});
    config.write_within = table.duration("write_within", config.write_within, {1s, 2min});
    config.look_every = table.duration("look_every", config.look_every, {1s, 5min});
    config.has_counter = table.flag("label_counter", config.has_counter);
    auto& follow = config.follow;
    follow.busy_max = table.duration("busy_max", follow.busy_max, {1s, 1h});
    follow.counter_max = table.duration("counter_max", follow.counter_max, {100ms, 10min});
    follow.settled_after = table.duration("settled_after", follow.settled_after, {0ms, 1min});
    follow.silent_max = table.duration("silent_max", follow.silent_max, {1s, 24h});
    return config;
}

std::string ZplPrinter::describe() const {
    std::string where;
    if (const auto* tcp = std::get_if<TcpConfig>(&config_.line)) {
        where = fmt::format("{}:{}", tcp->host, tcp->port);
    } else {
        const auto& serial = std::get<SerialConfig>(config_.line);
        where = fmt::format("{} at {} {}", serial.port, serial.baud, serial.line);
    }
    return fmt::format("ZPL printer on {}, up to {} labels wait, proof by {}",
                       where,
                       config_.queue_max,
                       config_.has_counter ? "label counter where there is one" : "host status");
}

std::vector<Counter> ZplPrinter::counters() const {
    return {{"labels_confirmed", counts_.printed},
            {"labels_confirmed_by_counter", counts_.printed_by_counter},
            {"labels_failed", counts_.failed},
            {"labels_too_old", counts_.too_old},
            {"labels_in_doubt", counts_.in_doubt},
            {"labels_refused", counts_.refused},
            {"labels_waiting", waiting()},
            {"status_silences", counts_.silences},
            {"links", counts_.links}};
}

}  // namespace lotgate::adapters
