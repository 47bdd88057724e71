#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict route_has_a_lane(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::route_carton || !facts.document) return {};
    if (attempt.policy->lane_by_route.contains(facts.document->route)) return {};
    return refused(attempt.step,
                   "NO_LANE",
                   fmt::format("No lane serves route {} at this point. Add it to lane_by_route, or "
                               "carry the carton.",
                               facts.document->route.empty() ? "(none)" : facts.document->route));
}

}  // namespace lotgate::rules
