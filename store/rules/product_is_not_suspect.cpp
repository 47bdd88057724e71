#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// A medicine whose label contradicts what its maker sent is suspect until somebody has
// investigated; nobody overrules that at the dock.
Verdict product_is_not_suspect(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product || !facts.product->is_regulated())
        return {};
    if (label_agrees_with_asn(facts, attempt).accepted()) return {};
    Verdict verdict = held("SUSPECT_PRODUCT",
                           fmt::format("{} does not agree with what was announced: it is suspect. "
                                       "Lock it into the cage, scan the cage, and call quality: it "
                                       "is decided within 24 hours.",
                                       subject_of(facts, attempt)));
    verdict.override_class = OverrideClass::never;
    return verdict;
}

}  // namespace lotgate::rules
