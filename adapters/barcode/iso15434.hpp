#pragma once

// Small questions about data identifiers (ANSI MH10.8.2). decode() reads the messages.

#include <cstddef>
#include <string_view>

namespace lotgate::barcode {

/// The length of the identifier that `text` begins with (0 to 3 digits, one letter); 0 for none.
[[nodiscard]] std::size_t data_identifier_size(std::string_view text);

/// Pharmacy Product Number (DI 9N): the last two digits are the sum of the characters' codes,
/// weighted 2, 3, 4 …, modulo 97.
[[nodiscard]] bool ppn_check_is_right(std::string_view ppn);

}  // namespace lotgate::barcode
