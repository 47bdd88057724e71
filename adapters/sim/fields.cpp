#include "adapters/sim/fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace lotgate::sim {

namespace {

constexpr std::size_t shown_bytes_max = 60;

std::string shown(const json::value& value) {
    std::string text = json::serialize(value);
    if (text.size() > shown_bytes_max) text = text.substr(0, shown_bytes_max) + "...";
    return text;
}

}  // namespace

Fields::Fields(const json::object& object, std::string where)
    : object_(object), where_(std::move(where)) {}

bool Fields::has(std::string_view key) {
    return raw(key) != nullptr;
}

const json::value* Fields::raw(std::string_view key) {
    asked_.emplace_back(key);
    return object_.if_contains(key);
}

void Fields::problem(std::string_view key, std::string_view expected) {
    const json::value* found = object_.if_contains(key);
    problems_.push_back(
        found
            ? fmt::format("{}: \"{}\": expected {}, found {}", where_, key, expected, shown(*found))
            : fmt::format("{}: \"{}\" is missing: expected {}", where_, key, expected));
}

const json::value* Fields::find(std::string_view key, std::string_view expected) {
    const json::value* value = raw(key);
    if (!value) problem(key, expected);
    return value;
}

std::string Fields::text(std::string_view key) {
    const json::value* value = find(key, "a string");
    if (!value) return {};
    if (const json::string* string = value->if_string()) return std::string(*string);
    problem(key, "a string");
    return {};
}

std::string Fields::text(std::string_view key, std::string_view otherwise) {
    return has(key) ? text(key) : std::string(otherwise);
}

std::optional<std::string> Fields::text_or_null(std::string_view key) {
    const json::value* value = find(key, "a string or null");
    if (!value || value->is_null()) return std::nullopt;
    return text(key);
}

std::optional<std::int64_t> Fields::number_in(const json::value& value, Range range) {
    std::optional<std::int64_t> number;
    if (value.is_int64()) number = value.get_int64();
    if (number && *number >= range.least && *number <= range.most) return number;
    return std::nullopt;
}

std::int64_t Fields::number(std::string_view key, Range range) {
    const std::string expected =
        fmt::format("a whole number from {} to {}", range.least, range.most);
    const json::value* value = find(key, expected);
    if (!value) return range.least;
    if (const auto number = number_in(*value, range)) return *number;
    problem(key, expected);
    return range.least;
}

std::int64_t Fields::number(std::string_view key, Range range, std::int64_t otherwise) {
    return has(key) ? number(key, range) : otherwise;
}

double Fields::decimal(std::string_view key, double otherwise) {
    const json::value* value = raw(key);
    if (!value) return otherwise;
    if (value->is_int64()) return static_cast<double>(value->get_int64());
    if (value->is_double()) return value->get_double();
    problem(key, "a number");
    return otherwise;
}

bool Fields::flag(std::string_view key, bool otherwise) {
    const json::value* value = raw(key);
    if (!value) return otherwise;
    if (value->is_bool()) return value->get_bool();
    problem(key, "true or false");
    return otherwise;
}

std::uint16_t Fields::port(std::string_view key) {
    return static_cast<std::uint16_t>(number(key, {0, 65535}));
}

std::vector<std::int64_t> Fields::numbers(std::string_view key, Range range) {
    std::vector<std::int64_t> all;
    const json::value* value = raw(key);
    if (!value) return all;
    const std::string expected =
        fmt::format("a list of whole numbers from {} to {}", range.least, range.most);
    if (!value->is_array()) {
        problem(key, expected);
        return all;
    }
    for (const json::value& item : value->get_array()) {
        const auto number = number_in(item, range);
        if (!number) {
            problem(key, expected);
            return {};
        }
        all.push_back(*number);
    }
    return all;
}

std::vector<std::string> Fields::texts(std::string_view key) {
    std::vector<std::string> all;
    const json::value* value = raw(key);
    if (!value) return all;
    if (!value->is_array()) {
        problem(key, "a list of strings");
        return all;
    }
    for (const json::value& item : value->get_array()) {
        if (!item.is_string()) {
            problem(key, "a list of strings");
            return {};
        }
        all.emplace_back(item.get_string());
    }
    return all;
}

std::string Fields::word(std::string_view key, const std::vector<std::string_view>& words) {
    const json::value* value = raw(key);
    if (!value) return std::string(words.front());
    if (value->is_string()) {
        const std::string_view given = value->get_string();
        if (std::find(words.begin(), words.end(), given) != words.end()) return std::string(given);
    }
    problem(key, fmt::format("one of {}", fmt::join(words, ", ")));
    return std::string(words.front());
}

Result<> Fields::finish() {
    for (const auto& member : object_) {
        const std::string_view key = member.key();
        if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
        std::sort(asked_.begin(), asked_.end());
        asked_.erase(std::unique(asked_.begin(), asked_.end()), asked_.end());
        problems_.push_back(fmt::format(
            "{}: \"{}\" is not known here; known are {}", where_, key, fmt::join(asked_, ", ")));
    }
    if (problems_.empty()) return {};
    return fail(FaultCode::invalid_input, fmt::format("{}", fmt::join(problems_, "\n")));
}

}  // namespace lotgate::sim
