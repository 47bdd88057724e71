#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// A returned prescription drug is sold again only after its identifier was verified with the
// manufacturer; until the answer is here it stays held, also with the network down.
Verdict return_is_verified(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product) return {};
    const bool is_rx = facts.product->is_under("rx") || facts.product->is_under("dscsa");
    if (!is_rx) return {};
    return held("RETURN_UNVERIFIED",
                fmt::format("{} is a prescription drug. It is taken into custody: quality lifts "
                            "the hold when the manufacturer has verified it.",
                            subject_of(facts, attempt)));
}

}  // namespace lotgate::rules
