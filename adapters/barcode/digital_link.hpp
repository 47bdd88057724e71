#pragma once

// GS1 Digital Link URIs, uncompressed form 1.4.1 (GS1 Digital Link Standard: URI Syntax):
//   uri   := scheme domain [ stem ] key-pair { qualifier-pair } [ "?" query ] [ "#" fragment ]
//   pair  := "/" identifier "/" value;  query := item { "&" item };  item := identifier "=" value
// The scheme is all lower or all upper case. The domain means nothing: identity is in the pairs.
// decode() reads them; here is how to write them.

#include "adapters/barcode/decode.hpp"
#include "adapters/barcode/zpl_field.hpp"
#include "store/model/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace lotgate::barcode {

inline constexpr std::string_view canonical_stem = "https://id.gs1.org";

/// The first element that is a primary key, its qualifiers in order, then the attributes (those
/// of fixed length first). A fault where there is no key, or where an element has no place.
[[nodiscard]] Result<std::string> digital_link_uri(std::span<const LabelElement> elements,
                                                   std::string_view stem = canonical_stem);

/// The same of what was read.
[[nodiscard]] Result<std::string> digital_link_uri(const Decoded& decoded,
                                                   std::string_view stem = canonical_stem);

/// Everything but A-Z a-z 0-9 - . _ ~ as %HH.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace lotgate::barcode
