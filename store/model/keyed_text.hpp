#pragma once

// Text that a person typed or a spreadsheet wrote, made what it means (rules N-04 and N-05): never
// used on what a scanner read.

#include <optional>
#include <string>
#include <string_view>

namespace lotgate {

/// Invisible characters gone, every kind of space a space, every kind of dash a '-', full-width
/// letters and digits plain, no space at either end. What is no UTF-8 comes back as it is.
[[nodiscard]] std::string keyed_text(std::string_view text);

/// "LOT: A12" -> "A12", "S/N 77" -> "77"; nothing where no such word stands in front. The caller
/// uses it only where the rest is a key it knows or expects (rule N-08).
[[nodiscard]] std::optional<std::string_view> without_prefix_word(std::string_view text);

}  // namespace lotgate
