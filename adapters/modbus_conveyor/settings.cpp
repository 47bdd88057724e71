// Configuration, description and construction of a conveyor; modbus_conveyor.cpp is the wire.

#include "adapters/modbus_conveyor/modbus_conveyor.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::adapters {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

std::optional<std::uint16_t> coil(SettingsTable& table, std::string_view key) {
    const auto address = table.integer(key, 0, {0, 65535});
    if (!table.has(key)) return std::nullopt;
    return static_cast<std::uint16_t>(address);
}

LampCoils parse_lamps(SettingsTable& table) {
    LampCoils lamps;
    lamps.good = coil(table, "good");
    lamps.attention = coil(table, "attention");
    lamps.bad = coil(table, "bad");
    lamps.offline = coil(table, "offline");
    table.no_other_keys();
    return lamps;
}

void check_lamps(SettingsTable& table, const std::map<std::string, LampCoils>& lamps) {
    std::map<std::uint16_t, std::string> taken;
    for (const auto& [name, coils] : lamps) {
        for (const auto& coil : {coils.good, coils.attention, coils.bad, coils.offline}) {
            if (!coil || taken.emplace(*coil, name).second) continue;
            table.problem("lamps", fmt::format("coil {} is named twice", *coil));
        }
    }
}

void parse_times(SettingsTable& table, DivertTimes& times) {
    times.repeat_after = table.duration("repeat_after", times.repeat_after, {10ms, 5s});
    times.acknowledge_within =
        table.duration("acknowledge_within", times.acknowledge_within, {50ms, 1min});
    times.confirm_within = table.duration("confirm_within", times.confirm_within, {100ms, 1h});
    times.overtaken_within = table.duration("overtaken_within", times.overtaken_within, {0ms, 1h});
    times.unread_after = table.duration("unread_after", times.unread_after, {0ms, 10s});
}

// Every setting counts: a changed deadline must not be lost on a bus that somebody still has.
std::string key_of(const ModbusBusConfig& config) {
    return fmt::format("{} {} {} {} {} {} {}",
                       describe(config),
                       config.request_within.count(),
                       config.connect_within.count(),
                       config.gap.count(),
                       config.back_off_max.count(),
                       config.silent_max,
                       config.leave_alone.count());
}

}  // namespace

ModbusConveyorConfig ModbusConveyor::parse(SettingsTable& table) {
    ModbusConveyorConfig config;
    config.bus = parse_modbus_bus(table);
    config.unit = static_cast<std::uint8_t>(table.integer("unit", config.unit, {0, 255}));
    config.points = static_cast<std::uint16_t>(table.integer("points", config.points, {1, 64}));
    config.poll = table.duration("poll", config.poll, {5ms, 1s});
    config.poll_idle =
        table.duration("poll_idle", std::max(config.poll, config.poll_idle), {5ms, 1s});
    config.heartbeat = table.duration("heartbeat", config.heartbeat, {100ms, 10s});
    config.stale_after = table.duration("stale_after", config.stale_after, {500ms, 1min});
    config.write_and_read = table.flag("write_and_read", config.write_and_read);
    parse_times(table, config.times);
    if (auto map = table.table("map")) config.map = parse_register_map(*map);
    if (auto lamps = table.table("lamps")) config.lamps[""] = parse_lamps(*lamps);
    for (auto& lamp : table.tables("lamp")) {
        const auto name = lamp.required_text("name");
        if (!config.lamps.emplace(name, parse_lamps(lamp)).second)
            lamp.problem("name", fmt::format("there are two lamps \"{}\"", name));
    }
    check_lamps(table, config.lamps);
    const auto overlap = overlap_in(config.map, config.points);
    if (!overlap.empty()) table.problem("map", overlap, "docs/data/registers.md draws the blocks");
    return config;
}

std::string ModbusConveyor::describe() const {
    return fmt::format(
        "{} unit {}, {} decision point(s), read block at {}, {}, look every {} ms "
        "while cartons move, every {} ms else",
        adapters::describe(config_.bus),
        config_.unit,
        config_.points,
        config_.map.read_base,
        config_.map.can_divert() ? fmt::format("write block at {}", config_.map.write_base)
                                 : std::string("reads only"),
        config_.poll.count(),
        config_.poll_idle.count());
}

std::vector<Counter> ModbusConveyor::counters() const {
    return {{"looks", counts_.looks},
            {"cartons", counts_.cartons},
            {"diverts_written", counts_.written},
            {"diverts_repeated", counts_.repeated},
            {"diverts_acknowledged", counts_.acknowledged},
            {"diverts_confirmed", counts_.confirmed},
            {"diverts_elsewhere", counts_.elsewhere},
            {"diverts_unknown", counts_.unknown},
            {"confirmations_overtaken", counts_.overtaken},
            {"cartons_unread", counts_.unread},
            {"plc_restarts", counts_.restarts},
            {"link_faults", counts_.faults},
            {"plc_unrecognised", counts_.unrecognised},
            {"writes_not_kept", counts_.not_kept}};
}

Result<std::shared_ptr<ModbusBus>> ModbusBuses::on(const ModbusBusConfig& config,
                                                   const asio::any_io_executor& loop) {
    auto& known = buses_[key_of(config)];
    if (auto bus = known.lock()) return bus;
    LG_TRY(auto started, ModbusBus::start(config, loop));
    std::shared_ptr<ModbusBus> bus = std::move(started);
    known = bus;
    return bus;
}

std::unique_ptr<ModbusConveyor> ModbusConveyor::on_bus(DeviceId id,
                                                       ModbusConveyorConfig config,
                                                       std::shared_ptr<ModbusBus> bus,
                                                       Around around) {
    Perform perform = [bus = std::move(bus)](ModbusRequest request) {
        return bus->perform(std::move(request));
    };
    return std::make_unique<ModbusConveyor>(
        std::move(id), std::move(config), std::move(perform), std::move(around));
}

}  // namespace lotgate::adapters
