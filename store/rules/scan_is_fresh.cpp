#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// Network and buffers can hold a read back for minutes: by then the box has moved, and an answer
// would be about another one.
Verdict scan_is_fresh(const Facts&, const Attempt& attempt) {
    if (attempt.observation.age_ms <= attempt.policy->scan_age_ms_max) return {};
    return refused(attempt.step,
                   "STALE_SCAN",
                   fmt::format("This read is {} s old and decides nothing. Scan it again.",
                               attempt.observation.age_ms / 1000));
}

}  // namespace lotgate::rules
