#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// A unit alone on a belt is one that came back: its grade says where it goes.
Verdict return_has_a_lane(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::route_return) return {};
    const std::string subject = subject_of(facts, attempt);
    if (!facts.unit || facts.unit->state != UnitState::returned)
        return refused(attempt.step,
                       "NOT_RETURNED",
                       fmt::format("{} did not come back from a customer. Take it off the belt; "
                                   "goods travel in cartons.",
                                   subject));
    if (facts.return_route.empty())
        return refused(attempt.step,
                       "RETURN_NOT_GRADED",
                       fmt::format("{} came back and was not graded. Grade it first.", subject));
    if (attempt.policy->lane_by_grade.contains(facts.return_route)) return {};
    return refused(attempt.step,
                   "NO_LANE",
                   fmt::format("No lane takes returns for {} at this point. Add it to "
                               "lanes_by_grade, or carry the unit.",
                               facts.return_route));
}

}  // namespace lotgate::rules
