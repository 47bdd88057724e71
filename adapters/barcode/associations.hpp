#pragma once

// Pairing rules over the union of a label's codes (GenSpecs 4.13, 4.14). Internal to this library.

#include "adapters/barcode/decode.hpp"
#include "adapters/barcode/dictionary.hpp"

#include <span>
#include <vector>

namespace lotgate::barcode {

struct AssociationFinding {
    ErrorClass error = ErrorClass::none;
    std::size_t element = 0;  ///< index of the one it is about
};

/// The first exclusive pair, contradicting repetition or unserialised signed key.
[[nodiscard]] AssociationFinding find_conflict(const Dictionary& dictionary,
                                               std::span<const Element> elements,
                                               bool gtin_beside);

/// The elements whose mandatory companions are missing.
[[nodiscard]] std::vector<std::size_t> find_unmet_needs(const Dictionary& dictionary,
                                                        std::span<const Element> elements,
                                                        bool gtin_beside);

}  // namespace lotgate::barcode
