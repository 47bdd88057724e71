#include "store/rules/every_rule.hpp"

namespace lotgate::rules {

Verdict code_was_read(const Facts&, const Attempt& attempt) {
    if (!attempt.observation.is_no_read) return {};
    return refused(attempt.step,
                   "NOREAD",
                   "No code was read. Turn the label to the scanner, or key it in at the exception "
                   "lane.");
}

}  // namespace lotgate::rules
