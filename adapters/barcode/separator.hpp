#pragma once

// The lost separator (rule N-03): "(10)0329" GS "(15)210526" without its GS is a valid lot
// "032915210526". Nothing in the code tells; only what lots and serials of the product look like
// does. Here the other readings are found and weighed. None is ever chosen.

#include "adapters/barcode/decode.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lotgate::barcode {

/// What a lot or serial of the product looks like; empty = unknown. Called for texts of up to 90
/// characters; must not throw.
struct ProductPatterns {
    std::function<bool(std::string_view)> lot;
    std::function<bool(std::string_view)> serial;
};

enum class SeparatorVerdict {
    none,       ///< no other reading, or only the one as scanned fits the pattern
    possible,   ///< another reading is valid, and no pattern says which
    ambiguous,  ///< both fit the pattern: PARSE_AMBIGUOUS_NO_GS
    lost,       ///< only another reading fits the pattern: PARSE_AMBIGUOUS_NO_GS
};

/// Identifiers and values of the whole scan with one separator put back.
using OtherReading = std::vector<std::pair<std::string, std::string>>;

struct SeparatorFinding {
    SeparatorVerdict verdict = SeparatorVerdict::none;
    std::string ai;                      ///< of the value that may hold another element
    std::uint32_t position = 0;          ///< of that value in raw()
    std::vector<OtherReading> readings;  ///< those that support the verdict, at most 16
};

/// Looks at an element string; other kinds give `none` (their parts have visible borders).
[[nodiscard]] SeparatorFinding find_lost_separator(const Decoded& decoded,
                                                   const ProductPatterns& patterns);

}  // namespace lotgate::barcode
