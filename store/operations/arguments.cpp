// What was typed as arguments, checked against the table: a refusal names the argument, what is
// wrong with it, and what it takes.

#include "store/operations/table.hpp"
#include "store/projections/feed_fold.hpp"

#include <fmt/format.h>

#include <charconv>

namespace lotgate::store {

namespace {

constexpr std::size_t text_bytes_max = 500;
constexpr std::size_t items_bytes_max = 4UL * 1024 * 1024;
constexpr std::size_t hex_digits_max = 16'000;
constexpr std::int64_t quantity_max = 1'000'000'000'000'000;

rules::Verdict refusal(const OperationRow& row, std::string code, std::string told) {
    return {rules::Decision::reject,
            std::move(code),
            std::string(row.rule),
            std::move(told),
            rules::OverrideClass::never,
            {}};
}

std::string names_of(const OperationRow& row) {
    std::string names;
    for (const Argument& argument : row.arguments)
        names += (names.empty() ? "" : ", ") + std::string(argument.name);
    return names.empty() ? "none" : names;
}

const Argument* argument_named(const OperationRow& row, std::string_view name) {
    for (const Argument& argument : row.arguments)
        if (argument.name == name) return &argument;
    return nullptr;
}

std::optional<std::int64_t> quantity_in(const std::string& text) {
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    if (number < 1 || number > quantity_max) return std::nullopt;
    return number;
}

bool is_word_of(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const std::size_t end = words.find(' ');
        if (words.substr(0, end) == word) return true;
        if (end == std::string_view::npos) break;
        words.remove_prefix(end + 1);
    }
    return false;
}

// "lot:9506000134352/L-88" -> "lot:09506000134352/l-88", or empty.
std::string target_in(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) return {};
    const std::string kind = text.substr(0, colon);
    const std::string rest = text.substr(colon + 1);
    if (kind == "container") return Sscc::parse(rest) ? container_target(rest) : std::string();
    if (kind == "document") return rest.empty() ? std::string() : document_target(rest);
    const std::size_t slash = rest.find('/');
    const auto gtin = Gtin::parse(rest.substr(0, slash));
    if (!gtin) return {};
    if (kind == "product" && slash == std::string::npos) return product_target(gtin->text());
    if (slash == std::string::npos) return {};
    const std::string name = rest.substr(slash + 1);
    if (kind == "unit" && Serial::parse(name)) return unit_key(gtin->text(), name);
    if (kind == "lot" && Lot::parse(name)) return lot_target(gtin->text(), lot_key_of(name));
    return {};
}

// Puts the value where it belongs; false where it is not of its kind.
bool take(const Argument& argument, const std::string& value, OperationCall& call) {
    const auto keep = [&](auto parsed, auto& where, std::string_view name) {
        if (parsed && argument.name == name) where = *parsed;
        return parsed.has_value();
    };
    switch (argument.kind) {
        case ArgumentKind::gtin:
            return keep(Gtin::parse(value), call.gtin, "gtin");
        case ArgumentKind::serial:
            return keep(Serial::parse(value), call.serial, "serial");
        case ArgumentKind::lot:
            return keep(Lot::parse(value), call.lot, "lot");
        case ArgumentKind::sscc:
            return keep(Sscc::parse(value), call.sscc, "sscc");
        case ArgumentKind::quantity:
            return keep(quantity_in(value), call.quantity, "quantity");
        case ArgumentKind::date:
            return parse_date(value).has_value();
        case ArgumentKind::place:
            return DeviceId::parse(value).has_value();
        case ArgumentKind::word:
            return is_word_of(argument.words, value);
        case ArgumentKind::target:
            call.target = target_in(value);
            return !call.target.empty();
        case ArgumentKind::items:
            return is_utf8(value) && value.size() <= items_bytes_max;
        case ArgumentKind::document:
        case ArgumentKind::text:
            return is_utf8(value) && value.size() <= text_bytes_max;
        case ArgumentKind::hex:
            return value.size() <= hex_digits_max &&
                   value.find_first_not_of("0123456789abcdef") == std::string::npos;
    }
    return false;
}

std::string takes(const Argument& argument) {
    if (argument.kind == ArgumentKind::word)
        return fmt::format("It is one of: {}.", argument.words);
    return fmt::format("It takes a {}: {}.", name_of(argument.kind), argument.about);
}

}  // namespace

std::string_view name_of(ArgumentKind kind) {
    switch (kind) {
        case ArgumentKind::gtin:
            return "GTIN";
        case ArgumentKind::serial:
            return "serial";
        case ArgumentKind::lot:
            return "lot";
        case ArgumentKind::sscc:
            return "SSCC";
        case ArgumentKind::document:
            return "document code";
        case ArgumentKind::quantity:
            return "quantity";
        case ArgumentKind::date:
            return "date";
        case ArgumentKind::place:
            return "place";
        case ArgumentKind::target:
            return "target";
        case ArgumentKind::word:
            return "word";
        case ArgumentKind::text:
            return "text";
        case ArgumentKind::items:
            return "list of items";
        case ArgumentKind::hex:
            return "hexadecimal text";
    }
    return "text";
}

CheckedCall check_arguments(const OperationRow& row, const Operation& operation) {
    CheckedCall checked;
    checked.call.operation = &operation;
    for (const auto& [name, value] : operation.arguments) {
        const Argument* argument = argument_named(row, name);
        if (argument == nullptr) {
            checked.refusal = refusal(
                row,
                "ARGUMENT_UNKNOWN",
                fmt::format(
                    "{} has no \"{}\". It takes: {}.", row.id, rules::shown(name), names_of(row)));
            return checked;
        }
        if (!take(*argument, value, checked.call)) {
            checked.refusal = refusal(
                row,
                "ARGUMENT_INVALID",
                fmt::format("\"{}\" is no {}. {}", rules::shown(value), name, takes(*argument)));
            return checked;
        }
    }
    for (const Argument& argument : row.arguments) {
        if (!argument.is_required || !checked.call.text(argument.name).empty()) continue;
        checked.refusal =
            refusal(row,
                    "ARGUMENT_MISSING",
                    fmt::format("{} needs \"{}\". {}", row.id, argument.name, takes(argument)));
        return checked;
    }
    return checked;
}

}  // namespace lotgate::store
