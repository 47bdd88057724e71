#include "adapters/modbus_conveyor/plc_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <map>

namespace lotgate::adapters {

namespace {

struct Quantity {
    double number = 1.0;
    std::string unit;
};

/// "0.1 A": a number, and perhaps a unit after a space.
std::optional<Quantity> quantity_in(const std::string& text) {
    Quantity quantity;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, quantity.number);
    if (error != std::errc{} || !std::isfinite(quantity.number)) return std::nullopt;
    if (rest == end) return quantity;
    if (*rest != ' ' || rest + 1 == end) return std::nullopt;
    quantity.unit.assign(rest + 1, end);
    return quantity;
}

PlcType type_named(const std::string& word) {
    static const std::map<std::string_view, PlcType> types = {{"u16", PlcType::u16},
                                                              {"i16", PlcType::i16},
                                                              {"u32", PlcType::u32},
                                                              {"i32", PlcType::i32},
                                                              {"f32", PlcType::f32}};
    return types.at(word);
}

std::optional<double> limit_of(SettingsTable& item, std::string_view key, const PlcValue& value) {
    if (!item.has(key)) return std::nullopt;
    const auto limit = quantity_in(item.text(key, ""));
    if (!limit || (!limit->unit.empty() && limit->unit != value.unit)) {
        item.problem(key,
                     fmt::format("write a number and the unit of `each`: \"4.5 {}\"", value.unit));
        return std::nullopt;
    }
    return limit->number;
}

PlcValue value_of(SettingsTable& item) {
    PlcValue value;
    value.name = item.required_text("name");
    value.address = static_cast<std::uint16_t>(item.integer("address", 0, {0, 9998}));
    value.type = type_named(item.one_of("type", {"u16", "i16", "u32", "i32", "f32"}));
    value.order = order_named(item.one_of("order", {"abcd", "cdab", "badc", "dcba"}));
    const auto each = quantity_in(item.text("each", "1"));
    if (!each || each->number == 0.0)
        item.problem("each", "is what one count is worth, with its unit: \"0.1 A\"");
    else {
        value.each = each->number;
        value.unit = each->unit;
    }
    value.above = limit_of(item, "above", value);
    value.below = limit_of(item, "below", value);
    item.no_other_keys();
    return value;
}

}  // namespace

double PlcValue::from(std::span<const std::uint16_t> registers) const {
    const std::uint16_t first = registers[0];
    if (type == PlcType::u16) return each * first;
    if (type == PlcType::i16) return each * static_cast<std::int16_t>(first);
    const std::uint32_t both = u32_from(first, registers[1], order);
    if (type == PlcType::u32) return each * both;
    if (type == PlcType::i32) return each * static_cast<std::int32_t>(both);
    return each * static_cast<double>(std::bit_cast<float>(both));
}

std::string PlcValue::warning(double value) const {
    const bool is_above = above && value > *above;
    const bool is_below = below && value < *below;
    if (!is_above && !is_below) return {};
    const auto with_unit = [this](double number) {
        return fmt::format("{:g}{}{}", number, unit.empty() ? "" : " ", unit);
    };
    return fmt::format("{} is {}, {} {}",
                       name,
                       with_unit(value),
                       is_above ? "above" : "below",
                       with_unit(is_above ? *above : *below));
}

WordOrder order_named(std::string_view word) {
    if (word == "cdab") return WordOrder::cdab;
    if (word == "badc") return WordOrder::badc;
    if (word == "dcba") return WordOrder::dcba;
    return WordOrder::abcd;
}

std::vector<PlcValue> parse_plc_values(SettingsTable& map) {
    std::vector<PlcValue> values;
    for (auto& item : map.tables("value")) {
        PlcValue value = value_of(item);
        const bool is_known = std::any_of(values.begin(), values.end(), [&](const PlcValue& other) {
            return other.name == value.name;
        });
        if (is_known) item.problem("name", fmt::format("there are two values \"{}\"", value.name));
        values.push_back(std::move(value));
    }
    return values;
}

std::vector<PlcSignature> parse_plc_signature(SettingsTable& map) {
    std::vector<PlcSignature> signature;
    for (auto& item : map.tables("signature")) {
        PlcSignature one;
        const bool is_input = item.one_of("table", {"holding", "input"}) == "input";
        one.table = is_input ? ModbusTable::input : ModbusTable::holding;
        one.address = static_cast<std::uint16_t>(item.integer("address", 0, {0, 65535}));
        one.mask = static_cast<std::uint16_t>(item.integer("mask", one.mask, {1, 65535}));
        one.value = static_cast<std::uint16_t>(item.integer("value", 0, {0, 65535}));
        for (const char* const key : {"address", "value"})
            if (!item.has(key)) item.problem(key, fmt::format("a signature needs its {}", key));
        if ((one.value & one.mask) != one.value)
            item.problem("mask", "hides a bit of the value: it could never fit");
        item.no_other_keys();
        signature.push_back(one);
    }
    return signature;
}

}  // namespace lotgate::adapters
