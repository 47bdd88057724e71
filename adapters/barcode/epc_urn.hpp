#pragma once

// EPC URNs (GS1 EPC Tag Data Standard, section 6) to and from elements. From a URN nothing else
// is needed; to a URN the length of the company prefix must be known, which no label says.

#include "adapters/barcode/zpl_field.hpp"
#include "store/model/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace lotgate::barcode {

/// (00) -> sscc; (01)(21) -> sgtin; (01)(10) -> class lgtin; (01) -> idpat sgtin.
/// `company_prefix_digits` is 6 to 12.
[[nodiscard]] Result<std::string> epc_urn(std::span<const LabelElement> elements,
                                          int company_prefix_digits);

}  // namespace lotgate::barcode
