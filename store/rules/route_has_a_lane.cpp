#include "store/rules/every_rule.hpp"
#include "store/rules/lane_choice.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict route_has_a_lane(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::route_carton || !facts.document) return {};
    if (lane_for(facts, *attempt.policy)) return {};
    return refused(
        attempt.step,
        "NO_LANE",
        fmt::format("No lane serves route {} at this point. Add it to lanes, or carry the "
                    "carton.",
                    facts.document->route.empty() ? "(none)" : facts.document->route));
}

}  // namespace lotgate::rules
