#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict expiry_is_plausible(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product || !attempt.what.expires_on) return {};
    const Date expires_on = *attempt.what.expires_on;
    const auto implausible = [&](const std::string& why) {
        return overrulable(
            OverrideClass::supervisor,
            held("EXPIRY_IMPLAUSIBLE",
                 fmt::format("{} says it expires on {}, {}. It is held: have the label checked.",
                             subject_of(facts, attempt),
                             to_string(expires_on),
                             why)));
    };
    for (const auto& made : {attempt.what.produced_on, attempt.what.packed_on})
        if (made && expires_on < *made)
            return implausible("before it was made on " + to_string(*made));
    const std::int64_t life_max = facts.product->life_days_max;
    if (life_max == 0) return {};
    const Date from = attempt.what.produced_on.value_or(attempt.site_date);
    if (days_between(from, expires_on) <= life_max) return {};
    return implausible(fmt::format("more than its {} days of life away", life_max));
}

}  // namespace lotgate::rules
