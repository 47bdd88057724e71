#pragma once

// Text that people typed or spreadsheets exported, made comparable (rules N-04, N-05, N-08).
// Never applied to GS1 payloads.

#include <optional>
#include <string>
#include <string_view>

namespace lotgate::barcode {

/// Hidden characters out (zero width, soft hyphen, byte order mark), spaces of all kinds to one
/// kind, trimmed; dashes of all kinds to '-', full-width ASCII to ASCII. UTF-8 in and out; bytes
/// that are not UTF-8 stay as they are.
[[nodiscard]] std::string keyed_text(std::string_view utf8);

/// "LOT: A12" -> "A12", "S/N 77" -> "77"; nothing where no such word stands in front. The caller
/// uses it only if the rest matches a key it expects (rule N-08).
[[nodiscard]] std::optional<std::string_view> without_prefix_word(std::string_view text);

/// A number that a spreadsheet has mangled ("1.23E+11"): rule N-10.
[[nodiscard]] bool looks_mangled_by_spreadsheet(std::string_view text);

}  // namespace lotgate::barcode
