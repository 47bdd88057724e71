#pragma once

// How old the hold list and the documents may be for a product, and what happens beyond that. A
// site that never heard of a cloud works alone: there is no list that could be old.

#include "store/rules/facts.hpp"

#include <cstdint>
#include <optional>

namespace lotgate::rules {

enum class Freshness { fresh, warns, blocks };

/// The product's own limit, else that of its regime: medicines 15 minutes and no further, food of
/// the traceability list 4 hours, everything else a day. Null product: a day.
[[nodiscard]] Freshness freshness_of_holds(const ProductFacts* product,
                                           const std::optional<std::int64_t>& age_s);
/// Documents never block by age: the product's own limit, else a day.
[[nodiscard]] Freshness freshness_of_documents(const ProductFacts* product,
                                               const std::optional<std::int64_t>& age_s);

}  // namespace lotgate::rules
