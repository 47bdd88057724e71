#pragma once

// Values of a PLC that are for people (a motor's current, a temperature, a count): which registers
// they stand in, of what type and word order, and what one count of them is worth. And the
// signature: what must stand in a register before anything is written to the PLC behind an address.
// No I/O.

#include "adapters/transport/modbus_frame.hpp"
#include "store/model/settings.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lotgate::adapters {

enum class PlcType { u16, i16, u32, i32, f32 };

struct PlcValue {
    std::string name;
    std::uint16_t address = 0;  ///< relative to the read block
    PlcType type = PlcType::u16;
    WordOrder order = WordOrder::abcd;
    double each = 1.0;  ///< what one count is worth
    std::string unit;
    std::optional<double> above;  ///< more than this is told in the device's health
    std::optional<double> below;

    [[nodiscard]] std::uint16_t width() const {
        return type == PlcType::u16 || type == PlcType::i16 ? 1 : 2;
    }

    /// `registers` are width() of them.
    [[nodiscard]] double from(std::span<const std::uint16_t> registers) const;
    /// "motor current is 5.2 A, above 4.5 A"; empty where all is well.
    [[nodiscard]] std::string warning(double value) const;
};

/// "abcd", "cdab", "badc", "dcba".
[[nodiscard]] WordOrder order_named(std::string_view word);

/// [[device.map.value]]: name, address, type, order, each = "0.1 A", above = "4.5 A", below.
[[nodiscard]] std::vector<PlcValue> parse_plc_values(SettingsTable& map);

struct PlcSignature {
    ModbusTable table = ModbusTable::holding;  ///< or input
    std::uint16_t address = 0;                 ///< on the wire
    std::uint16_t mask = 0xFFFF;
    std::uint16_t value = 0;

    [[nodiscard]] bool fits(std::uint16_t found) const { return (found & mask) == (value & mask); }
};

/// [[device.map.signature]]: table, address, value, mask.
[[nodiscard]] std::vector<PlcSignature> parse_plc_signature(SettingsTable& map);

}  // namespace lotgate::adapters
