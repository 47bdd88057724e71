#include "store/rules/every_rule.hpp"

namespace lotgate::rules {

// Work goes on by the ledger's own order; what is judged by date is judged by the last date that
// can be trusted. Told once, when it begins.
Verdict clock_is_steady(const Facts& facts, const Attempt&) {
    if (!facts.clock_became_suspect) return {};
    return warned("CLOCK_SUSPECT",
                  "The clock of the gateway jumped and no time server confirms it. Work goes on; "
                  "dates are judged by the last trusted one. Have the time server looked at.");
}

}  // namespace lotgate::rules
