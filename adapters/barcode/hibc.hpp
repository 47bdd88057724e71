#pragma once

// HIBC arithmetic (ANSI/HIBC 2.6). decode() reads the labels.

#include <string_view>

namespace lotgate::barcode {

/// The check character over `text`, which begins with '+'; '\0' where a character is not of the
/// 43. It may be a space.
[[nodiscard]] char hibc_check_character(std::string_view text);

/// Begins like an HIBC primary or secondary of at least the shortest length.
[[nodiscard]] bool looks_like_hibc(std::string_view text);

}  // namespace lotgate::barcode
