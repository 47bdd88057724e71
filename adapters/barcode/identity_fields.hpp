#pragma once

// From texts of elements to the words of the model. Internal to this library.

#include "adapters/barcode/identity.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace lotgate::barcode {

/// One field of an HIBC label, or one data identifier.
void put_hibc(Identity& identity, const Element& element, Date today);
void put_data_identifier(Identity& identity, const Element& element, Date today);

/// The digits of text() that are the number, without an add-on or a composite part.
[[nodiscard]] std::size_t trade_item_digits(const Decoded& decoded);

/// With its native length: the shortest GTIN it fits.
[[nodiscard]] std::optional<Gtin> gtin_of(std::string_view digits);
[[nodiscard]] std::optional<Sscc> sscc_of(std::string_view digits);
[[nodiscard]] std::optional<Serial> serial_of(std::string_view text);
[[nodiscard]] std::optional<Lot> lot_of(std::string_view text);
/// At most 18 digits.
[[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view digits);
/// AI 310n to 369n and 390n to 395n.
[[nodiscard]] std::optional<Quantity> quantity_of(std::string_view ai, std::string_view value);

}  // namespace lotgate::barcode
