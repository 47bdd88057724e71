#pragma once

// Text that a person typed or a spreadsheet wrote, made what it means (rules N-04 and N-05): never
// used on what a scanner read.

#include <string>
#include <string_view>

namespace lotgate {

/// Invisible characters gone, every kind of space a space, every kind of dash a '-', full-width
/// letters and digits plain, no space at either end. What is no UTF-8 comes back as it is.
[[nodiscard]] std::string keyed_text(std::string_view text);

}  // namespace lotgate
