#pragma once

// Modbus requests and answers as bytes (Modbus Application Protocol V1.1b3, section 6). No I/O and
// no clock: the bus sends what encode() makes, and believes an answer only as far as decode() does.

#include "store/model/result.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace lotgate::adapters {

enum class ModbusTable { holding, input, coils, discrete };

/// A contiguous part of a table. Addresses are those on the wire: 40001 in a manual is 0 here.
struct ModbusRange {
    ModbusRange(std::uint16_t address_, std::uint16_t count_) : address(address_), count(count_) {}

    std::uint16_t address;
    std::uint16_t count;
};

/// How often a watch looks; set by whoever watches, read by the bus's worker after each request.
struct ModbusPace {
    std::atomic<std::chrono::milliseconds> every{std::chrono::milliseconds(20)};
    /// Then it is answered, changed or not.
    std::atomic<std::chrono::milliseconds> at_most{std::chrono::milliseconds(500)};
};

/// A standing look: the worker reads the same ranges again and again by itself, and answers only
/// when a value has changed, so that a quiet PLC costs the loop nothing.
struct ModbusWatch {
    ModbusWatch(std::vector<ModbusRange> ranges_, std::shared_ptr<const ModbusPace> pace_)
        : ranges(std::move(ranges_)), pace(std::move(pace_)) {}

    std::vector<ModbusRange> ranges;
    std::vector<std::uint16_t>
        known;  ///< of all ranges, one after the other; empty: answer at once
    std::shared_ptr<const ModbusPace> pace;
};

/// One exchange with one unit. Made by the named functions only.
class ModbusRequest {
public:
    [[nodiscard]] static ModbusRequest watching(std::uint8_t unit,
                                                ModbusTable table,
                                                ModbusWatch watch);
    /// FC 1 to 4; at most 125 registers or 2000 bits.
    [[nodiscard]] static ModbusRequest read(std::uint8_t unit,
                                            ModbusTable table,
                                            ModbusRange range);
    /// FC 16, also for one register: libmodbus and many PLCs do not check the echo of FC 6.
    [[nodiscard]] static ModbusRequest write_registers(std::uint8_t unit,
                                                       std::uint16_t address,
                                                       std::vector<std::uint16_t> values);
    /// FC 15; each value is 0 or 1.
    [[nodiscard]] static ModbusRequest write_coils(std::uint8_t unit,
                                                   std::uint16_t address,
                                                   std::vector<std::uint16_t> values);
    /// FC 23: writes holding registers, then reads holding registers, in one exchange.
    [[nodiscard]] static ModbusRequest write_and_read(std::uint8_t unit,
                                                      std::uint16_t address,
                                                      std::vector<std::uint16_t> values,
                                                      ModbusRange reads);

    /// Goes before everything that is not urgent: diverts before polls.
    [[nodiscard]] ModbusRequest urgent() &&;
    /// Fails (closed) instead of being carried out on another link than this one: what was decided
    /// before a reconnect is not written after it.
    [[nodiscard]] ModbusRequest only_on(std::uint64_t link) &&;

    [[nodiscard]] bool is_write() const;

    [[nodiscard]] bool reads_bits() const { return function == 1 || function == 2; }

    std::uint8_t unit = 1;
    std::uint8_t function = 0;
    ModbusRange reads{0, 0};
    std::uint16_t write_address = 0;
    std::vector<std::uint16_t> values;
    bool is_urgent = false;
    std::optional<std::uint64_t> link;
    std::optional<ModbusWatch> watch;  ///< `reads` is then the first of its ranges

private:
    ModbusRequest(std::uint8_t unit_, std::uint8_t function_) : unit(unit_), function(function_) {}
};

/// Counts and addresses within the limits of the protocol; Fault invalid_input otherwise.
[[nodiscard]] Result<> check(const ModbusRequest& request);

/// Unit and PDU, without MBAP header or CRC. `request` has passed check().
[[nodiscard]] std::vector<std::uint8_t> encode(const ModbusRequest& request);

/// The number of an exception, or 0, of a PDU (function code first).
[[nodiscard]] std::uint8_t exception_of(std::span<const std::uint8_t> pdu);

/// "illegal data address (2): does the register map fit this PLC?"
[[nodiscard]] std::string exception_text(std::uint8_t exception);

/// The values of an answer's PDU. Fault corrupt where function, byte count, or echoed address and
/// count are not those of the request, or a byte is missing or too many. Bits come as 0 or 1.
[[nodiscard]] Result<std::vector<std::uint16_t>> decode(const ModbusRequest& request,
                                                        std::span<const std::uint8_t> pdu);

/// The MBAP header of an answer: protocol 0, a length that is the rest of the frame, the unit that
/// was asked. Gateways do answer for the wrong unit, and libmodbus does not look.
[[nodiscard]] Result<> check_mbap(const ModbusRequest& request,
                                  std::span<const std::uint8_t> frame);

// ---- 32-bit values: the protocol has none, so every vendor chose an order

/// By the bytes on the wire, A being the most significant.
enum class WordOrder { abcd, cdab, badc, dcba };

[[nodiscard]] std::uint32_t u32_from(std::uint16_t first, std::uint16_t second, WordOrder order);
[[nodiscard]] std::pair<std::uint16_t, std::uint16_t> words_from(std::uint32_t value,
                                                                 WordOrder order);

}  // namespace lotgate::adapters
