#pragma once

// All codes of one read event as one label: decoded, merged into one identity, contradictions
// named. Pure; it chooses nothing that the codes do not say.

#include "adapters/scan.hpp"
#include "store/rules/attempt.hpp"

namespace lotgate::barcode {
class Dictionary;
}

namespace lotgate::site {

struct LabelRead {
    /// Only what the codes say: raw, other_codes, aim, parse_error, parse_told, label_conflict,
    /// warnings, other_readings.
    rules::Observation seen;
    rules::ScannedIdentity what;  ///< empty where the label was refused
};

/// `site_date` decides the century of two-digit years; `dictionary` null: the built-in table.
[[nodiscard]] LabelRead read_label(const adapters::Scan& scan,
                                   Date site_date,
                                   const barcode::Dictionary* dictionary);

}  // namespace lotgate::site
