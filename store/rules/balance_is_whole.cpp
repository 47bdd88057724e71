#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// What came in of a counted lot is here, shipped or gone. A lot whose books do not add up is
// stopped, and no other; the station goes on (the plan places the hold).
Verdict balance_is_whole(const Facts& facts, const Attempt& attempt) {
    if (!facts.broken) return {};
    return overrulable(
        OverrideClass::two_people,
        refused(attempt.step,
                "BALANCE_BROKEN",
                fmt::format("The books of lot {} do not add up: {} came in, {} are accounted for. "
                            "The lot is held: leave it and go on with another one; quality counts "
                            "it.",
                            facts.broken->lot_raw,
                            facts.broken->received,
                            facts.broken->found)));
}

}  // namespace lotgate::rules
