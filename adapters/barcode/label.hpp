#pragma once

// Several codes of one label as one identity. Which reads belong to one label is the station's
// business (time window, photo-eye edges); here they are merged, never reconciled by guessing.

#include "adapters/barcode/decode.hpp"
#include "adapters/barcode/identity.hpp"

#include <span>
#include <string>
#include <vector>

namespace lotgate::barcode {

/// Two codes of the label that cannot both be true (LABEL_CONFLICT, rule N-14).
struct Contradiction {
    std::string what;  ///< "GTIN", "lot", "(17)", "HIBC link", "pairing" …
    std::string first;
    std::string second;
    std::size_t first_scan = 0;  ///< index into the scans
    std::size_t second_scan = 0;
};

struct Label {
    Identity identity;  ///< of contradicting fields the first scan's
    std::vector<Contradiction> contradictions;
    std::vector<std::string> missing_for;  ///< identifiers whose companions no code carries
    std::size_t refused_scans = 0;         ///< scans with an error: they add nothing

    [[nodiscard]] bool is_consistent() const { return contradictions.empty(); }

    /// Consistent, and every mandatory pairing is met by the codes together.
    [[nodiscard]] bool is_complete() const { return is_consistent() && missing_for.empty(); }
};

/// `today` decides the century of two-digit years; `dictionary` null: the built-in table. At most
/// 64 scans are looked at.
[[nodiscard]] Label merge_label(std::span<const Decoded> scans,
                                Date today,
                                const Dictionary* dictionary = nullptr);

}  // namespace lotgate::barcode
