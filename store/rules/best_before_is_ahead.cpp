#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict best_before_is_ahead(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product) return {};
    // Where it blocks it counts as an expiry date (rules ).
    if (facts.product->best_before_blocks) return {};
    std::optional<Date> passed;
    const auto look_at = [&](const std::optional<Date>& date) {
        if (date && !passed && is_expired(*date, attempt.site_date)) passed = date;
    };
    look_at(attempt.what.best_before);
    look_at(attempt.what.sell_by);
    if (facts.lot) look_at(facts.lot->best_before);
    if (facts.lot) look_at(facts.lot->sell_by);
    if (!passed) return {};
    return warned(
        "BEST_BEFORE_PASSED",
        fmt::format("{} was best before {}. Go on, and ask whether the customer takes it.",
                    subject_of(facts, attempt),
                    to_string(*passed)));
}

}  // namespace lotgate::rules
