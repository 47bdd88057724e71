#pragma once
// Digits in ASCII, as every barcode format writes numbers.

#include <algorithm>
#include <string_view>

namespace lotgate::barcode {

[[nodiscard]] constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// At least one, and nothing else.
[[nodiscard]] constexpr bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// Of at most nine digits; 0 of none.
[[nodiscard]] constexpr int number_in(std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}

}  // namespace lotgate::barcode
