#pragma once

// Content checks of GS1 values: character sets and the 34 named checks of the dictionary.

#include "adapters/barcode/decode.hpp"
#include "adapters/barcode/dictionary.hpp"
#include "adapters/barcode/digits.hpp"

#include <cstdint>
#include <string_view>

namespace lotgate::barcode {

/// What a check found: nothing (error none), or a class and the offset of the bad byte.
struct LintFinding {
    ErrorClass error = ErrorClass::none;
    std::uint32_t offset = 0;
};

[[nodiscard]] LintFinding check_charset(Charset charset, std::string_view text);
[[nodiscard]] LintFinding check(Linter linter, std::string_view text);

[[nodiscard]] bool is_cset82(char c);

/// Modulo 10 check digit is right; digits only, at least two.
[[nodiscard]] bool mod10_is_right(std::string_view digits);

/// The two check characters of AI 8013 and 8014 over `data` (GenSpecs 7.9.5); at most 97 bytes
/// of CSET 82, else "".
struct CheckPair {
    char first = 0;
    char second = 0;
};

[[nodiscard]] CheckPair check_pair(std::string_view data);

/// YYMMDD where month and day are of the calendar; day 00 if `day_zero`.
[[nodiscard]] LintFinding check_yymmdd(std::string_view text, bool day_zero);

// linters_codes.cpp: membership in code lists.
[[nodiscard]] bool is_country_number(std::string_view three_digits);
[[nodiscard]] bool is_country_letters(std::string_view two_letters);
[[nodiscard]] bool is_currency_number(std::string_view three_digits);
[[nodiscard]] bool is_package_type(std::string_view code);

// linters_coupon.cpp
[[nodiscard]] LintFinding check_coupon(std::string_view text);
[[nodiscard]] LintFinding check_positive_offer(std::string_view text);

}  // namespace lotgate::barcode
