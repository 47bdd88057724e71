#include "store/rules/every_rule.hpp"

namespace lotgate::rules {

Verdict code_is_understood(const Facts&, const Attempt& attempt) {
    const Observation& seen = attempt.observation;
    if (seen.parse_error.empty() || seen.is_no_read) return {};
    std::string told = seen.parse_told;
    if (told.empty()) told = "The code cannot be understood. Scan it again, or relabel the goods.";
    return refused(attempt.step, "PARSE_" + code_word(seen.parse_error), std::move(told));
}

}  // namespace lotgate::rules
