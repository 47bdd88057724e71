#pragma once

// Small questions about Digital Links. Internal to this library.

#include <cstddef>
#include <string_view>

namespace lotgate::barcode {

/// 8 for https:// and HTTPS://, 7 for http:// and HTTP://, 0 for anything else.
[[nodiscard]] std::size_t digital_link_scheme(std::string_view text);

/// Begins with http(s):// in any case.
[[nodiscard]] bool looks_like_web_uri(std::string_view text);

/// "gtin" -> "01": the words of Digital Link 1.2 and before. "" for none.
[[nodiscard]] std::string_view ai_of_old_word(std::string_view word);

/// The last segment of the path is a compressed Digital Link: base64url whose first bits are a
/// GTIN or SSCC with a right check digit, after its identifier's code.
[[nodiscard]] bool looks_compressed(std::string_view path);

}  // namespace lotgate::barcode
