#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// Every pair of states that transitions.csv does not have is refused by name.
Verdict state_allows_step(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.is_serialised() || !attempt.what.serial)
        return {};
    if (!facts.unit) return {};
    const UnitState from = facts.unit->state;
    const UnitState to = goal_of(attempt.step);
    if (attempt.step == Step::quarantine && !is_on_site(from))
        return refused(attempt.step,
                       fmt::format("BAD_STATE_{}_QUARANTINE", name_of(from)),
                       fmt::format("Serial {} is {} and is not in the building. {}",
                                   attempt.what.serial->as_labelled(),
                                   name_of(from),
                                   next_step_from(from)));
    if (to == UnitState::none || from == to) return {};
    // Their own rules speak of these.
    if (attempt.step == Step::receive && from != UnitState::expected) return {};
    if (from == UnitState::packed || (from == UnitState::shipped && to != UnitState::returned))
        return {};
    const auto path = way(from, to, name_of(attempt.step));
    const bool waits_for_putaway = from == UnitState::received && path.size() > 1 &&
                                   path[1] == UnitState::picked &&
                                   attempt.policy->available_on != "received";
    if (!path.empty() && !waits_for_putaway) return {};
    return refused(attempt.step,
                   fmt::format("BAD_STATE_{}_{}", name_of(from), name_of(to)),
                   fmt::format("Serial {} is {} and cannot become {} here. {}",
                               attempt.what.serial->as_labelled(),
                               name_of(from),
                               name_of(to),
                               next_step_from(from)));
}

}  // namespace lotgate::rules
