#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// Since 2025 GS1 does not allow day 00 on regulated healthcare items (rule N-11).
Verdict expiry_has_a_day(const Facts& facts, const Attempt& attempt) {
    if (!attempt.what.expiry_day_zero || !facts.product || !facts.product->is_regulated())
        return {};
    return warned("EXP_DAY00_REGULATED",
                  fmt::format("The label of {} gives a month without a day. It counts to the "
                              "month's end; tell the supplier that the label must name a day.",
                              subject_of(facts, attempt)));
}

}  // namespace lotgate::rules
