#pragma once

// Reads the fields of a feed item: what is absent or of another type reads as empty.

#include "store/model/identity.hpp"
#include "store/model/time.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lotgate::store {

[[nodiscard]] std::string text_at(const boost::json::object& object, std::string_view key);
[[nodiscard]] bool flag_at(const boost::json::object& object,
                           std::string_view key,
                           bool if_absent = false);
[[nodiscard]] std::int64_t number_at(const boost::json::object& object, std::string_view key);
[[nodiscard]] std::optional<std::int64_t> number_if(const boost::json::object& object,
                                                    std::string_view key);
/// A number or a text like "12.5", as a whole number of 10^-scale units; 0 where it is none.
[[nodiscard]] std::int64_t quantity_at(const boost::json::object& object,
                                       std::string_view key,
                                       int scale);
[[nodiscard]] std::optional<std::string> gtin_at(const boost::json::object& object);
[[nodiscard]] std::optional<std::string> date_at(const boost::json::object& object,
                                                 std::string_view key);
/// The texts of an array, separated by spaces.
[[nodiscard]] std::string words_at(const boost::json::object& object, std::string_view key);
/// An object as JSON text, or "".
[[nodiscard]] std::string object_at(const boost::json::object& object, std::string_view key);

/// A product that is tracked by serial and by lot at once: what some sites forbid
/// (docs/data/feed.md, "Products").
[[nodiscard]] bool tracks_both(const boost::json::object& product);
[[nodiscard]] bool tracks_both(const std::string& product);

}  // namespace lotgate::store
