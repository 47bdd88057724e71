#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict step_is_in_service(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::not_in_service) return {};
    return refused(attempt.step,
                   "NOT_IN_SERVICE",
                   fmt::format("A {} station has no procedure for this code. Take it to a station "
                               "that has one.",
                               name_of(attempt.step)));
}

}  // namespace lotgate::rules
