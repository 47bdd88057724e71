#pragma once

// The voice pick code of the Produce Traceability Initiative: four digits that a picker says
// instead of scanning the case.

#include "store/model/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace lotgate::store {

/// Of GTIN, lot as it is printed and, where the label has one, the pack date; "" without a lot.
/// The CRC-16 of the text (polynomial 0x8005, reflected, from zero), its last four digits.
[[nodiscard]] std::string voice_code(std::string_view gtin,
                                     std::string_view lot,
                                     const std::optional<Date>& packed_on);

}  // namespace lotgate::store
