#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict not_expired_at_receipt(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product) return {};
    const auto expires_on = facts.expires_on(attempt);
    if (!expires_on || !is_expired(*expires_on, attempt.site_date)) return {};
    Verdict verdict = overrulable(
        OverrideClass::supervisor,
        held("EXPIRED_AT_RECEIPT",
             fmt::format("{} expired on {}. It is taken into custody: bring it to quarantine.",
                         subject_of(facts, attempt),
                         to_string(*expires_on))));
    if (facts.product->is_regulated()) verdict.override_class = OverrideClass::never;
    return verdict;
}

}  // namespace lotgate::rules
