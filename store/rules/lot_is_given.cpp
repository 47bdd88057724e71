#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// A unit already known brings its lot with it: the ASN or its receipt named it.
Verdict lot_is_given(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product || !facts.product->lot_tracked)
        return {};
    if (facts.is_serialised() && attempt.step != Step::receive) return {};
    if (!facts.lot_key(attempt).empty()) return {};
    return refused(
        attempt.step,
        "LOT_REQUIRED",
        fmt::format("{} needs its lot. Scan the code that holds the lot.", facts.product->name));
}

}  // namespace lotgate::rules
