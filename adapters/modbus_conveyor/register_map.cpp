#include "adapters/modbus_conveyor/register_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace lotgate::adapters {

namespace {

constexpr std::array<std::string_view, plc_reads_count> read_names{"heartbeat",
                                                                   "induct_sequence",
                                                                   "tracking",
                                                                   "flags",
                                                                   "lane_full",
                                                                   "jam",
                                                                   "state",
                                                                   "ack_sequence",
                                                                   "confirm_lane",
                                                                   "confirm_result",
                                                                   "confirm_sequence"};
constexpr std::array<std::string_view, plc_writes_count> write_names{
    "heartbeat", "tracking", "lane", "reason", "decision_sequence"};

constexpr unsigned no_read_bit = 1;
constexpr unsigned lanes_full_valid_bit = 2;

bool bit_of(std::uint16_t word, unsigned bit) {
    return ((std::uint32_t{word} >> bit) & 1U) != 0;
}

std::uint16_t narrow(std::size_t value) {
    return static_cast<std::uint16_t>(value);
}

/// Registers that `name` takes from its address on.
std::uint16_t width_of(std::string_view name) {
    return name == "tracking" ? 2 : 1;
}

template <std::size_t N>
std::uint16_t end_of(const std::array<std::optional<std::uint16_t>, N>& addresses,
                     const std::array<std::string_view, N>& names) {
    std::size_t end = 0;
    for (std::size_t i = 0; i < N; ++i)
        if (addresses[i]) end = std::max<std::size_t>(end, *addresses[i] + width_of(names[i]));
    return narrow(end);
}

std::uint16_t read_end(const RegisterMap& map) {
    std::size_t end = end_of(map.reads, read_names);
    for (const auto& alarm : map.alarms) end = std::max<std::size_t>(end, alarm.address + 1U);
    for (const auto& value : map.values)
        end = std::max<std::size_t>(end, std::size_t{value.address} + value.width());
    return narrow(std::max<std::size_t>(end, map.read_from + 1U));
}

template <std::size_t N>
void parse_names(SettingsTable& table,
                 std::string_view key,
                 const std::array<std::string_view, N>& names,
                 std::array<std::optional<std::uint16_t>, N>& addresses) {
    if (!table.has(key)) return;
    addresses.fill(std::nullopt);
    std::map<std::uint16_t, std::string> taken;
    for (const auto& [name, address] : table.integers_by_name(key, {0, 9998})) {
        const auto at = std::find(names.begin(), names.end(), name);
        if (at == names.end()) {
            const auto nearest =
                nearest_spelling(name, std::vector<std::string>(names.begin(), names.end()));
            table.problem(key,
                          fmt::format("\"{}\" is no register of this contract", name),
                          nearest ? fmt::format("did you mean \"{}\"?", *nearest)
                                  : std::string("docs/data/registers.md names them"));
            continue;
        }
        addresses[static_cast<std::size_t>(at - names.begin())] =
            static_cast<std::uint16_t>(address);
        for (std::uint16_t i = 0; i < width_of(name); ++i) {
            const auto [other, is_new] =
                taken.emplace(static_cast<std::uint16_t>(address + i), name);
            if (!is_new)
                table.problem(
                    key,
                    fmt::format(
                        "\"{}\" and \"{}\" share address {}", name, other->second, address + i));
        }
    }
}

void parse_alarms(SettingsTable& table, RegisterMap& map) {
    for (auto& item : table.tables("alarm")) {
        PlcAlarm alarm;
        alarm.address = static_cast<std::uint16_t>(item.integer("address", 0, {0, 9999}));
        alarm.bit = static_cast<unsigned>(item.integer("bit", 0, {0, 15}));
        alarm.says = item.required_text("says");
        item.no_other_keys();
        map.alarms.push_back(std::move(alarm));
    }
}

void check_parsed(SettingsTable& table, const RegisterMap& map) {
    if (map.has(PlcWrites::lane) != map.has(PlcWrites::decision_sequence))
        table.problem("write",
                      "a lane needs a decision_sequence, and the other way round",
                      "without a sequence the PLC cannot tell a new decision from an old one");
    if (map.can_divert() && !map.has(PlcReads::induct_sequence))
        table.problem("read", "diverts need induct_sequence: which carton is decided?");
    if (map.has(PlcReads::confirm_sequence) != map.has(PlcReads::confirm_result))
        table.problem("read", "confirm_sequence and confirm_result belong together");
    const auto first =
        *std::min_element(map.reads.begin(), map.reads.end(), [](const auto& a, const auto& b) {
            return a.value_or(UINT16_MAX) < b.value_or(UINT16_MAX);
        });
    if (!first) table.problem("read", "no register is read: nothing would ever be noticed");
    if (first && map.read_from > *first)
        table.problem("read_from", "begins after the first register that is read");
    for (const auto& value : map.values)
        if (value.address < map.read_from)
            table.problem("value",
                          fmt::format("\"{}\" stands before read_from", value.name),
                          "lower read_from: a block is read from there on");
}

}  // namespace

RegisterMap parse_register_map(SettingsTable& table) {
    RegisterMap map;
    map.table = table.one_of("table", {"holding", "input"}) == "input" ? ModbusTable::input
                                                                       : ModbusTable::holding;
    const SettingsTable::IntegerRange address{0, 65535};
    map.read_base =
        narrow(static_cast<std::size_t>(table.integer("read_base", map.read_base, address)));
    map.write_base =
        narrow(static_cast<std::size_t>(table.integer("write_base", map.write_base, address)));
    map.read_stride =
        static_cast<std::uint16_t>(table.integer("read_stride", map.read_stride, {1, 10000}));
    map.write_stride =
        static_cast<std::uint16_t>(table.integer("write_stride", map.write_stride, {1, 10000}));
    map.registers_max =
        static_cast<std::uint16_t>(table.integer("registers_max", map.registers_max, {4, 125}));
    map.tracking_order =
        order_named(table.one_of("tracking_order", {"abcd", "cdab", "badc", "dcba"}));
    map.first_sequence = table.one_of("after_65535", {"1", "0"}) == "0" ? 0 : 1;
    map.heartbeat_counts = table.one_of("heartbeat", {"counts", "changes"}) == "counts";
    map.sequence_apart = table.flag("sequence_apart", map.sequence_apart);
    parse_names(table, "read", read_names, map.reads);
    parse_names(table, "write", write_names, map.writes);
    map.reads_back = table.flag("read_back", map.reads_back);
    parse_alarms(table, map);
    map.values = parse_plc_values(table);
    map.signature = parse_plc_signature(table);
    std::uint16_t lowest = UINT16_MAX;
    for (const auto& at : map.reads) lowest = std::min(lowest, at.value_or(UINT16_MAX));
    map.read_from =
        static_cast<std::uint16_t>(table.integer("read_from", lowest % UINT16_MAX, {0, 9998}));
    check_parsed(table, map);
    table.no_other_keys();
    return map;
}

std::string overlap_in(const RegisterMap& map, std::uint16_t points) {
    const std::size_t reads = read_end(map);
    const std::size_t writes = end_of(map.writes, write_names);
    if (points > 1 && reads - map.read_from > map.read_stride)
        return "the read blocks of two decision points overlap: raise read_stride";
    if (points > 1 && writes > map.write_stride)
        return "the write blocks of two decision points overlap: raise write_stride";
    const std::size_t more = points > 0 ? points - 1U : 0U;
    const std::size_t read_last = map.read_base + more * map.read_stride + reads;
    const std::size_t write_last = map.write_base + more * map.write_stride + writes;
    if (read_last > 65536 || write_last > 65536) return "the last block ends beyond address 65535";
    const bool share = map.table == ModbusTable::holding && writes > 0 &&
                       std::size_t{map.read_base} + map.read_from < write_last &&
                       map.write_base < read_last;
    if (share) return "what is read and what is written overlap: move read_base or write_base";
    return {};
}

std::vector<ReadSpan> spans_of(const RegisterMap& map, std::uint16_t points, bool together) {
    // Registers between two blocks that are read without being wanted: a few cost less than a
    // request of their own.
    constexpr std::size_t unwanted_max = 32;
    const std::size_t size = std::size_t{read_end(map)} - map.read_from;
    std::vector<ReadSpan> spans;
    for (std::uint16_t point = 0; point < points; ++point) {
        const std::size_t start =
            map.read_base + std::size_t{point} * map.read_stride + map.read_from;
        const bool is_near = together && !spans.empty() && map.read_stride <= size + unwanted_max &&
                             start + size - spans.back().address <= map.registers_max;
        if (is_near) {
            spans.back().count = narrow(start + size - spans.back().address);
            ++spans.back().points;
        } else {
            spans.push_back({narrow(start), narrow(size), point, 1});
        }
    }
    return spans;
}

std::vector<ModbusRange> ranges_of(const RegisterMap& map, const ReadSpan& span) {
    std::vector<ModbusRange> ranges;
    for (std::size_t at = 0; at < span.count; at += map.registers_max)
        ranges.emplace_back(narrow(span.address + at),
                            narrow(std::min<std::size_t>(map.registers_max, span.count - at)));
    return ranges;
}

std::span<const std::uint16_t> part_of(const RegisterMap& map,
                                       const ReadSpan& span,
                                       std::uint16_t point,
                                       std::span<const std::uint16_t> values) {
    const std::size_t from = std::size_t{point} - span.first_point;
    const std::size_t at = from * map.read_stride;
    const std::size_t size = std::size_t{read_end(map)} - map.read_from;
    if (at >= values.size()) return {};
    return values.subspan(at, std::min(size, values.size() - at));
}

std::vector<ModbusRange> ranges_of(const RegisterMap& map, std::uint16_t point) {
    const std::size_t start = map.read_base + std::size_t{point} * map.read_stride + map.read_from;
    const std::size_t size = std::size_t{read_end(map)} - map.read_from;
    return ranges_of(map, ReadSpan{narrow(start), narrow(size), point, 1});
}

PointReading reading_of(const RegisterMap& map, std::span<const std::uint16_t> values) {
    const auto at = [&](PlcReads what, std::uint16_t further = 0) -> std::optional<std::uint16_t> {
        const auto address = map.reads[static_cast<std::size_t>(what)];
        if (!address) return std::nullopt;
        const std::size_t index = std::size_t{*address} + further - map.read_from;
        return index < values.size() ? std::optional(values[index]) : std::nullopt;
    };
    PointReading reading;
    reading.heartbeat = at(PlcReads::heartbeat);
    reading.sequence = at(PlcReads::induct_sequence).value_or(0);
    reading.tracking_id = u32_from(at(PlcReads::tracking).value_or(0),
                                   at(PlcReads::tracking, 1).value_or(0),
                                   map.tracking_order);
    const auto flags = at(PlcReads::flags);
    reading.is_no_read = bit_of(flags.value_or(0), no_read_bit);
    if (!flags || bit_of(*flags, lanes_full_valid_bit))
        reading.lanes_full = at(PlcReads::lane_full);
    reading.jams = at(PlcReads::jam).value_or(0);
    reading.state = at(PlcReads::state).value_or(0);
    reading.acknowledged = at(PlcReads::ack_sequence);
    reading.confirmed = at(PlcReads::confirm_sequence);
    reading.confirmed_lane = at(PlcReads::confirm_lane).value_or(0);
    reading.confirm_result = at(PlcReads::confirm_result).value_or(0);
    for (const auto& alarm : map.alarms) {
        const std::size_t index = std::size_t{alarm.address} - map.read_from;
        if (index < values.size() && bit_of(values[index], alarm.bit))
            reading.alarms.push_back(alarm.says);
    }
    for (const auto& value : map.values) {
        const std::size_t index = std::size_t{value.address} - map.read_from;
        if (index + value.width() > values.size()) continue;
        reading.values.push_back(value.from(values.subspan(index, value.width())));
        auto warning = value.warning(reading.values.back());
        if (!warning.empty()) reading.alarms.push_back(std::move(warning));
    }
    return reading;
}

std::vector<RegisterRun> decision_runs(const RegisterMap& map,
                                       std::uint16_t point,
                                       const PlcDecision& decision) {
    const std::size_t base = map.write_base + std::size_t{point} * map.write_stride;
    std::map<std::size_t, std::uint16_t> cells;  // by address on the wire
    const auto put = [&](PlcWrites what, std::uint16_t value, std::size_t further = 0) {
        const auto address = map.writes[static_cast<std::size_t>(what)];
        if (address) cells[base + *address + further] = value;
    };
    const auto [first, second] = words_from(decision.tracking_id, map.tracking_order);
    put(PlcWrites::heartbeat, decision.heartbeat);
    put(PlcWrites::tracking, first);
    put(PlcWrites::tracking, second, 1);
    put(PlcWrites::lane, decision.lane);
    put(PlcWrites::reason, decision.reason);
    put(PlcWrites::decision_sequence, decision.sequence);
    if (!map.can_divert()) return {};

    const std::size_t sequence_at = base + *map.writes[plc_writes_count - 1];
    std::vector<RegisterRun> runs;
    for (const auto& [address, value] : cells) {
        const bool is_apart = map.sequence_apart && address == sequence_at;
        const bool is_after_apart = map.sequence_apart && address == sequence_at + 1;
        const bool follows = !runs.empty() && !is_apart && !is_after_apart &&
                             runs.back().address + runs.back().values.size() == address;
        if (follows)
            runs.back().values.push_back(value);
        else
            runs.push_back({narrow(address), {value}});
    }
    // Whatever the addresses: the run with the sequence tells the PLC that the rest is there.
    std::stable_partition(runs.begin(), runs.end(), [&](const RegisterRun& run) {
        return sequence_at < run.address || sequence_at >= run.address + run.values.size();
    });
    return runs;
}

std::optional<RegisterRun> heartbeat_run(const RegisterMap& map,
                                         std::uint16_t point,
                                         std::uint16_t beat) {
    const auto address = map.writes[static_cast<std::size_t>(PlcWrites::heartbeat)];
    if (!address) return std::nullopt;
    return RegisterRun{narrow(map.write_base + std::size_t{point} * map.write_stride + *address),
                       {beat}};
}

}  // namespace lotgate::adapters
