#pragma once

// Which register of a PLC means what: configuration, so that a site adapts lotgate to its PLC and
// not the other way round. The defaults are lotgate's own contract (docs/data/registers.md). Only
// registers named here are ever written. No I/O.

#include "adapters/modbus_conveyor/plc_value.hpp"
#include "adapters/transport/modbus_frame.hpp"
#include "store/model/settings.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::adapters {

/// What is read from a decision point. `tracking` takes two registers, the others one.
enum class PlcReads {
    heartbeat,
    induct_sequence,
    tracking,
    flags,  ///< bit 0 read window closed, 1 no-read, 2 lane-full mask is valid
    lane_full,
    jam,
    state,  ///< 1 stop, 2 run, 3 e-stop, 4 fault
    ack_sequence,
    confirm_lane,
    confirm_result,  ///< 1 diverted, 2 missed, 3 lane full, 4 default lane in time-out, 5 rejected
    confirm_sequence,
};

/// What is written to a decision point.
enum class PlcWrites { heartbeat, tracking, lane, reason, decision_sequence };

inline constexpr std::size_t plc_reads_count = 11;
inline constexpr std::size_t plc_writes_count = 5;

/// A bit that a person should know about; shown in the device's health, never acted upon.
struct PlcAlarm {
    std::uint16_t address = 0;  ///< relative to the read block
    unsigned bit = 0;
    std::string says;
};

struct RegisterMap {
    ModbusTable table = ModbusTable::holding;  ///< of the read block: holding or input
    std::uint16_t read_base = 0;
    std::uint16_t write_base = 100;
    std::uint16_t read_stride = 16;  ///< from one decision point to the next
    std::uint16_t write_stride = 16;
    std::uint16_t read_from = 0;        ///< relative: where a read must begin (virtual blocks)
    std::uint16_t registers_max = 125;  ///< in one read request
    WordOrder tracking_order = WordOrder::abcd;
    std::uint16_t first_sequence = 1;  ///< what follows 65535: 1, or 0
    /// The heartbeat counts up (a jump means a restart), or merely changes.
    bool heartbeat_counts = true;
    /// The sequence is written after the other registers, in a request of its own.
    bool sequence_apart = false;
    /// What was written is read again before it counts as written.
    bool reads_back = false;

    /// Relative addresses; nothing where the PLC has no such register.
    std::array<std::optional<std::uint16_t>, plc_reads_count> reads{
        0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11};
    std::array<std::optional<std::uint16_t>, plc_writes_count> writes{0, 1, 3, 4, 5};
    std::vector<PlcAlarm> alarms;
    std::vector<PlcValue> values;
    /// All of it must fit before anything is written.
    std::vector<PlcSignature> signature;

    [[nodiscard]] bool has(PlcReads what) const {
        return reads[static_cast<std::size_t>(what)].has_value();
    }

    [[nodiscard]] bool has(PlcWrites what) const {
        return writes[static_cast<std::size_t>(what)].has_value();
    }

    /// Lane decisions can be given, and the PLC can know them as new.
    [[nodiscard]] bool can_divert() const {
        return has(PlcWrites::lane) && has(PlcWrites::decision_sequence);
    }
};

/// One look at a decision point. Absent where the map has no such register.
struct PointReading {
    std::optional<std::uint16_t> heartbeat;
    std::uint16_t sequence = 0;
    std::uint32_t tracking_id = 0;
    bool is_no_read = false;
    std::optional<std::uint16_t> lanes_full;  ///< bit n: lane n takes nothing more
    std::uint16_t jams = 0;
    std::uint16_t state = 0;  ///< 0 = the map has none
    std::optional<std::uint16_t> acknowledged;
    std::optional<std::uint16_t> confirmed;
    std::uint16_t confirmed_lane = 0;
    std::uint16_t confirm_result = 0;
    std::vector<std::string> alarms;
    std::vector<double> values;  ///< as the map lists them
};

/// What one decision writes.
struct PlcDecision {
    std::uint16_t heartbeat = 0;
    std::uint32_t tracking_id = 0;
    std::uint16_t lane = 0;
    std::uint16_t reason = 0;
    std::uint16_t sequence = 0;
};

struct RegisterRun {
    std::uint16_t address = 0;  ///< on the wire
    std::vector<std::uint16_t> values;
};

/// The [device.map] table; defaults where the table is absent. Records problems: overlaps,
/// addresses beyond the block, a decision without a sequence.
[[nodiscard]] RegisterMap parse_register_map(SettingsTable& table);
/// Blocks of `points` decision points must not overlap. An empty text, or what is wrong.
[[nodiscard]] std::string overlap_in(const RegisterMap& map, std::uint16_t points);

/// Decision points that are read together.
struct ReadSpan {
    std::uint16_t address = 0;  ///< on the wire
    std::uint16_t count = 0;
    std::uint16_t first_point = 0;
    std::uint16_t points = 0;
};

/// All points in as few requests as the map allows; `together` = false: each by itself, for PLCs
/// that refuse to read what lies between two blocks.
[[nodiscard]] std::vector<ReadSpan> spans_of(const RegisterMap& map,
                                             std::uint16_t points,
                                             bool together);
/// The requests that read a span, in order.
[[nodiscard]] std::vector<ModbusRange> ranges_of(const RegisterMap& map, const ReadSpan& span);
/// The registers of one point among those of its span.
[[nodiscard]] std::span<const std::uint16_t> part_of(const RegisterMap& map,
                                                     const ReadSpan& span,
                                                     std::uint16_t point,
                                                     std::span<const std::uint16_t> values);

/// The requests that read a decision point, in order.
[[nodiscard]] std::vector<ModbusRange> ranges_of(const RegisterMap& map, std::uint16_t point);
/// `values` are those of ranges_of(), one after the other.
[[nodiscard]] PointReading reading_of(const RegisterMap& map,
                                      std::span<const std::uint16_t> values);

/// The requests that write a decision: as few as the addresses allow, the sequence in the last.
[[nodiscard]] std::vector<RegisterRun> decision_runs(const RegisterMap& map,
                                                     std::uint16_t point,
                                                     const PlcDecision& decision);
/// The heartbeat alone; nothing where the map has none.
[[nodiscard]] std::optional<RegisterRun> heartbeat_run(const RegisterMap& map,
                                                       std::uint16_t point,
                                                       std::uint16_t beat);

}  // namespace lotgate::adapters
