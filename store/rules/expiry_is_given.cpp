#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict expiry_is_given(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product || !facts.product->expiry_required)
        return {};
    if (facts.expires_on(attempt)) return {};
    return held("EXPIRY_MISSING",
                fmt::format("{} needs an expiry date and none is known. It is held: bring it to "
                            "quarantine.",
                            subject_of(facts, attempt)));
}

}  // namespace lotgate::rules
