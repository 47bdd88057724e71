#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::rules {

Verdict shelf_life_is_enough(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product) return {};
    const ProductFacts& product = *facts.product;
    const auto expires_on = facts.expires_on(attempt);
    // What has expired is another rule's.
    if (!expires_on || is_expired(*expires_on, attempt.site_date)) return {};
    // A part of a day is a day too few: percent are rounded up.
    const std::int64_t by_percent =
        (product.life_days_max * product.min_life_in_percent + 99) / 100;
    const std::int64_t wanted = std::max(product.min_life_in_days, by_percent);
    const std::int64_t left = days_between(attempt.site_date, *expires_on);
    if (left >= wanted) return {};
    return overrulable(
        OverrideClass::supervisor,
        held("SHELF_LIFE_SHORT_IN",
             fmt::format("{} expires on {}: {} days are left, {} are agreed. It is held: bring "
                         "it to quarantine.",
                         subject_of(facts, attempt),
                         to_string(*expires_on),
                         left,
                         wanted)));
}

}  // namespace lotgate::rules
