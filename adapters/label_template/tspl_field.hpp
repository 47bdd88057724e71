#pragma once

// Element strings and texts as TSPL contents: what stands between the quotes. Whatever the values
// hold, the result ends neither the text nor the line. A refused value is a Fault, never a near
// miss.

#include "adapters/barcode/zpl_field.hpp"
#include "adapters/label_template/label_template.hpp"
#include "store/model/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace lotgate::adapters {

/// UTF-8 text for TEXT and BLOCK with CODEPAGE UTF-8. A quote becomes \["], control characters
/// become spaces; a backslash before "[", which would begin a control of TSPL, becomes a slash.
[[nodiscard]] std::string tspl_text(std::string_view utf8);

/// All shapes but code128 and datamatrix.
[[nodiscard]] Result<std::string> tspl_shaped(LabelTemplate::Shape shape, const std::string& value);

/// For `BARCODE x,y,"128M",…`: subsets and FNC1 as !105 !100 !102. A value with "!" is refused: not
/// every model can print one there.
[[nodiscard]] Result<std::string> tspl_code128(std::span<const barcode::LabelElement> elements);

/// For `DMATRIX x,y,w,h,c126,…`: FNC1 as ~1, quotes and tildes as ~dNNN.
[[nodiscard]] Result<std::string> tspl_datamatrix(std::span<const barcode::LabelElement> elements);

}  // namespace lotgate::adapters
