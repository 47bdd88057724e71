#pragma once

// Barcodes as modules. Linear ones from the printer's own notation of subsets, so that they are as
// wide as the printer makes them; the square ones by zint.

#include "store/model/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lotgate::adapters {

/// Rows of modules; '1' is dark. A linear symbol has one row.
using Modules = std::vector<std::string>;

/// Code 128 from ZPL field data (`>;` `>:` begin a subset, `>8` FNC1, `>6` `>5` change it, `>0`
/// ">").
[[nodiscard]] Result<Modules> code128_of_zpl(std::string_view field);
/// Code 128 from TSPL's 128M (`!105` `!104` `!102` `!100` `!099`).
[[nodiscard]] Result<Modules> code128_of_tspl(std::string_view content);
/// Code 128 of printable ASCII, subset B.
[[nodiscard]] Result<Modules> code128_plain(std::string_view text);

/// A DataMatrix; with `is_gs1`, GS (0x1D) in the text is FNC1 and one stands before it.
[[nodiscard]] Result<Modules> datamatrix(const std::string& text, bool is_gs1);
[[nodiscard]] Result<Modules> qr_code(const std::string& text);

}  // namespace lotgate::adapters
