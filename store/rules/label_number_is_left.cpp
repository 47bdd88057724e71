#include "store/rules/every_rule.hpp"

namespace lotgate::rules {

Verdict label_number_is_left(const Facts& facts, const Attempt& attempt) {
    if (!facts.carton_will_close || !facts.range.empty()) return {};
    return refused(
        attempt.step,
        "SSCC_RANGE_EMPTY",
        "No carton number is left at this site. Connect to the cloud to get a new range, "
        "then scan again.");
}

}  // namespace lotgate::rules
