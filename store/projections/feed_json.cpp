#include "store/projections/feed_json.hpp"

#include "store/model/quantity.hpp"

#include <fmt/format.h>

namespace lotgate::store {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

bool flag_at(const json::object& object, std::string_view key, bool if_absent) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_bool() ? value->get_bool() : if_absent;
}

std::optional<std::int64_t> number_if(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return std::nullopt;
    boost::system::error_code error;
    const auto number = value->to_number<std::int64_t>(error);
    if (error) return std::nullopt;
    return number;
}

std::int64_t number_at(const json::object& object, std::string_view key) {
    return number_if(object, key).value_or(0);
}

std::int64_t quantity_at(const json::object& object, std::string_view key, int scale) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return 0;
    std::string text;
    if (value->is_string()) text = value->get_string();
    if (value->is_int64()) text = std::to_string(value->get_int64());
    if (value->is_uint64()) text = std::to_string(value->get_uint64());
    // The shortest text that reads back as the same number: "12.5" stays 12.5.
    if (value->is_double()) text = fmt::format("{}", value->get_double());
    return parse_quantity(text, scale).value_or(0);
}

std::optional<std::string> gtin_at(const json::object& object) {
    const auto gtin = Gtin::parse(text_at(object, "gtin"));
    if (!gtin) return std::nullopt;
    return gtin->text();
}

std::optional<std::string> date_at(const json::object& object, std::string_view key) {
    const auto date = parse_date(text_at(object, key));
    if (!date) return std::nullopt;
    return to_string(*date);
}

std::string words_at(const json::object& object, std::string_view key) {
    std::string words;
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_array()) return words;
    for (const json::value& word : value->get_array()) {
        if (!word.is_string()) continue;
        if (!words.empty()) words.push_back(' ');
        words += std::string_view(word.get_string());
    }
    return words;
}

bool tracks_both(const json::object& product) {
    return flag_at(product, "serial_tracked") && flag_at(product, "lot_tracked");
}

bool tracks_both(const std::string& product) {
    boost::system::error_code error;
    const json::value value = json::parse(product, error);
    return !error && value.is_object() && tracks_both(value.get_object());
}

std::string object_at(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_object() || value->get_object().empty()) return {};
    return json::serialize(*value);
}

}  // namespace lotgate::store
