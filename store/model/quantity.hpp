#pragma once

// Quantities are whole numbers of 10^-scale units ("12.5" at scale 3 is 12500), never floating
// point. Scale is 0 to 6.

#include "store/model/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace lotgate {

inline constexpr int quantity_scale_max = 6;
/// Room for sums of many.
inline constexpr std::int64_t quantity_max = 1'000'000'000'000'000;

/// "12", "12.50", never a sign or an exponent; more decimals than `scale` only where they are 0.
[[nodiscard]] Result<std::int64_t> parse_quantity(std::string_view text, int scale);

/// 12500 at scale 3 is "12.5".
[[nodiscard]] std::string quantity_text(std::int64_t quantity, int scale);

/// One whole unit: 10^scale.
[[nodiscard]] std::int64_t one_unit(int scale);

}  // namespace lotgate
