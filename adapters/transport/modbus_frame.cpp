#include "adapters/transport/modbus_frame.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::adapters {

namespace {

constexpr std::uint8_t read_coils = 1;
constexpr std::uint8_t read_discrete = 2;
constexpr std::uint8_t read_holding = 3;
constexpr std::uint8_t read_input = 4;
constexpr std::uint8_t write_coils_code = 15;
constexpr std::uint8_t write_registers_code = 16;
constexpr std::uint8_t write_and_read_code = 23;
constexpr std::uint8_t exception_flag = 0x80;

void put_u16(std::vector<std::uint8_t>& bytes, std::size_t value) {
    bytes.push_back(static_cast<std::uint8_t>((value >> 8U) & 0xFFU));
    bytes.push_back(static_cast<std::uint8_t>(value & 0xFFU));
}

std::uint16_t u16_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return static_cast<std::uint16_t>((bytes[at] << 8U) | bytes[at + 1]);
}

std::uint16_t swapped(std::uint16_t word) {
    return static_cast<std::uint16_t>((word << 8U) | (word >> 8U));
}

std::uint8_t read_code(ModbusTable table) {
    switch (table) {
        case ModbusTable::holding:
            return read_holding;
        case ModbusTable::input:
            return read_input;
        case ModbusTable::coils:
            return read_coils;
        case ModbusTable::discrete:
            return read_discrete;
    }
    return read_holding;
}

struct Limits {
    std::size_t reads_max = 0;
    std::size_t writes_max = 0;
};

// Application Protocol V1.1b3, the quantity rows of 6.1 to 6.4, 6.11, 6.12 and 6.17.
Limits limits_of(std::uint8_t function) {
    switch (function) {
        case read_coils:
        case read_discrete:
            return {2000, 0};
        case read_holding:
        case read_input:
            return {125, 0};
        case write_coils_code:
            return {0, 1968};
        case write_registers_code:
            return {0, 123};
        case write_and_read_code:
            return {125, 121};
        default:
            return {};
    }
}

Result<> check_range(const char* what, std::size_t address, std::size_t count, std::size_t max) {
    if (max == 0 && count == 0) return {};
    if (count == 0 || count > max)
        return fail(FaultCode::invalid_input,
                    fmt::format("{} {} at once: Modbus takes 1 to {}", what, count, max));
    if (address + count > 65536)
        return fail(
            FaultCode::invalid_input,
            fmt::format("{} {} from address {}: addresses end at 65535", what, count, address));
    return {};
}

void put_coils(std::vector<std::uint8_t>& bytes, const std::vector<std::uint16_t>& values) {
    bytes.push_back(static_cast<std::uint8_t>((values.size() + 7) / 8));
    for (std::size_t start = 0; start < values.size(); start += 8) {
        unsigned packed = 0;
        for (std::size_t bit = 0; bit < 8 && start + bit < values.size(); ++bit)
            packed |= (values[start + bit] != 0 ? 1U : 0U) << bit;
        bytes.push_back(static_cast<std::uint8_t>(packed));
    }
}

void put_registers(std::vector<std::uint8_t>& bytes, const std::vector<std::uint16_t>& values) {
    bytes.push_back(static_cast<std::uint8_t>(values.size() * 2));
    for (const auto value : values) put_u16(bytes, value);
}

std::vector<std::uint16_t> bits_in(std::span<const std::uint8_t> data, std::size_t count) {
    std::vector<std::uint16_t> bits;
    bits.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        bits.push_back(static_cast<std::uint16_t>((std::uint32_t{data[i / 8]} >> (i % 8)) & 1U));
    return bits;
}

std::vector<std::uint16_t> registers_in(std::span<const std::uint8_t> data) {
    std::vector<std::uint16_t> registers;
    registers.reserve(data.size() / 2);
    for (std::size_t at = 0; at + 1 < data.size(); at += 2) registers.push_back(u16_at(data, at));
    return registers;
}

tl::unexpected<Fault> not_the_answer(const char* why) {
    return fail(FaultCode::corrupt,
                fmt::format("answer does not belong to the request: {}; is another master on this "
                            "line, or a gateway mixing up its units?",
                            why));
}

}  // namespace

ModbusRequest ModbusRequest::read(std::uint8_t unit, ModbusTable table, ModbusRange range) {
    ModbusRequest request(unit, read_code(table));
    request.reads = range;
    return request;
}

ModbusRequest ModbusRequest::watching(std::uint8_t unit, ModbusTable table, ModbusWatch watch) {
    ModbusRequest request(unit, read_code(table));
    if (!watch.ranges.empty()) request.reads = watch.ranges.front();
    request.watch = std::move(watch);
    return request;
}

ModbusRequest ModbusRequest::write_registers(std::uint8_t unit,
                                             std::uint16_t address,
                                             std::vector<std::uint16_t> values) {
    ModbusRequest request(unit, write_registers_code);
    request.write_address = address;
    request.values = std::move(values);
    return request;
}

ModbusRequest ModbusRequest::write_coils(std::uint8_t unit,
                                         std::uint16_t address,
                                         std::vector<std::uint16_t> values) {
    ModbusRequest request(unit, write_coils_code);
    request.write_address = address;
    request.values = std::move(values);
    return request;
}

ModbusRequest ModbusRequest::write_and_read(std::uint8_t unit,
                                            std::uint16_t address,
                                            std::vector<std::uint16_t> values,
                                            ModbusRange reads) {
    ModbusRequest request(unit, write_and_read_code);
    request.write_address = address;
    request.values = std::move(values);
    request.reads = reads;
    return request;
}

ModbusRequest ModbusRequest::urgent() && {
    is_urgent = true;
    return std::move(*this);
}

ModbusRequest ModbusRequest::only_on(std::uint64_t link_) && {
    link = link_;
    return std::move(*this);
}

bool ModbusRequest::is_write() const {
    return function > read_input;
}

Result<> check(const ModbusRequest& request) {
    const auto limits = limits_of(request.function);
    LG_CHECK(check_range("reading", request.reads.address, request.reads.count, limits.reads_max));
    if (request.watch) {
        for (const auto& range : request.watch->ranges)
            LG_CHECK(check_range("reading", range.address, range.count, limits.reads_max));
    }
    return check_range("writing", request.write_address, request.values.size(), limits.writes_max);
}

std::vector<std::uint8_t> encode(const ModbusRequest& request) {
    std::vector<std::uint8_t> bytes{request.unit, request.function};
    if (request.reads.count > 0) {
        put_u16(bytes, request.reads.address);
        put_u16(bytes, request.reads.count);
    }
    if (!request.is_write()) return bytes;
    put_u16(bytes, request.write_address);
    put_u16(bytes, request.values.size());
    if (request.function == write_coils_code)
        put_coils(bytes, request.values);
    else
        put_registers(bytes, request.values);
    return bytes;
}

std::uint8_t exception_of(std::span<const std::uint8_t> pdu) {
    return pdu.size() == 2 && (pdu[0] & exception_flag) != 0 ? pdu[1] : std::uint8_t{0};
}

std::string exception_text(std::uint8_t exception) {
    switch (exception) {
        case 1:
            return "illegal function (1): the PLC does not offer this function code";
        case 2:
            return "illegal data address (2): does the register map fit this PLC?";
        case 3:
            return "illegal data value (3): count or value is outside what the PLC takes";
        case 4:
            return "device failure (4): look at the PLC";
        case 5:
            return "acknowledge (5): the PLC takes longer for this";
        case 6:
            return "busy (6): the PLC asks to be asked later";
        case 8:
            return "memory parity error (8): look at the PLC";
        case 10:
            return "gateway path unavailable (10): is the gateway configured for this unit?";
        case 11:
            return "gateway target does not answer (11): is the unit switched on?";
        default:
            return fmt::format("exception {}", exception);
    }
}

Result<std::vector<std::uint16_t>> decode(const ModbusRequest& request,
                                          std::span<const std::uint8_t> pdu) {
    if (pdu.empty() || pdu[0] != request.function) return not_the_answer("other function code");
    if (request.reads.count > 0) {
        const std::size_t wanted = request.reads_bits() ? (std::size_t{request.reads.count} + 7) / 8
                                                        : std::size_t{request.reads.count} * 2;
        if (pdu.size() < 2 || pdu[1] != wanted) return not_the_answer("other byte count");
        if (pdu.size() != wanted + 2) return not_the_answer("other length");
        const auto data = pdu.subspan(2);
        return request.reads_bits() ? bits_in(data, request.reads.count) : registers_in(data);
    }
    if (pdu.size() != 5) return not_the_answer("other length");
    if (u16_at(pdu, 1) != request.write_address) return not_the_answer("other address echoed");
    if (u16_at(pdu, 3) != request.values.size()) return not_the_answer("other count echoed");
    return std::vector<std::uint16_t>{};
}

Result<> check_mbap(const ModbusRequest& request, std::span<const std::uint8_t> frame) {
    if (frame.size() < 8) return not_the_answer("too short");
    if (u16_at(frame, 2) != 0) return not_the_answer("protocol number is not 0");
    if (std::size_t{u16_at(frame, 4)} + 6 != frame.size()) return not_the_answer("other length");
    if (frame[6] != request.unit) return not_the_answer("another unit answered");
    return {};
}

std::uint32_t u32_from(std::uint16_t first, std::uint16_t second, WordOrder order) {
    if (order == WordOrder::badc || order == WordOrder::dcba) {
        first = swapped(first);
        second = swapped(second);
    }
    if (order == WordOrder::cdab || order == WordOrder::dcba) std::swap(first, second);
    return (std::uint32_t{first} << 16U) | second;
}

std::pair<std::uint16_t, std::uint16_t> words_from(std::uint32_t value, WordOrder order) {
    auto first = static_cast<std::uint16_t>(value >> 16U);
    auto second = static_cast<std::uint16_t>(value & 0xFFFFU);
    if (order == WordOrder::cdab || order == WordOrder::dcba) std::swap(first, second);
    if (order == WordOrder::badc || order == WordOrder::dcba) {
        first = swapped(first);
        second = swapped(second);
    }
    return {first, second};
}

}  // namespace lotgate::adapters
