#pragma once

// What names a product where its label carries no GTIN, written "scheme:value":
//   hibc:A123BJC5D6E71   HIBC: labeler, product and unit of measure, as in the primary code
//   ppn:111234567842     Pharmacy Product Number (data identifier 9N)
//   part:4711-B          part number of supplier or customer (1P, P, PNR): not unique in the world
// The catalogue says which product (GTIN) a code stands for; several may stand for one.

#include <cstddef>
#include <string_view>

namespace lotgate {

inline constexpr std::size_t product_code_bytes_max = 80;

/// One of the schemes above and a value of printable ASCII without spaces.
[[nodiscard]] bool is_product_code(std::string_view text);

/// A part number means something only within its supplier's catalogue.
[[nodiscard]] bool is_unique_in_the_world(std::string_view product_code);

}  // namespace lotgate
