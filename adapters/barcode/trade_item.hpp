#pragma once

// Arithmetic of trade item numbers.

#include <string>
#include <string_view>

namespace lotgate::barcode {

/// UPC-E (6 digits; 7 with number system; 8 with check digit too) as 12 digits of UPC-A, or ""
/// where it is none (GenSpecs 5.2.2.4.2).
[[nodiscard]] std::string upc_e_expanded(std::string_view digits);

/// 8, 12, 13 or 14: the shortest GTIN that the digits fit, leading zeros aside.
[[nodiscard]] int gtin_native_length(std::string_view digits);

}  // namespace lotgate::barcode
