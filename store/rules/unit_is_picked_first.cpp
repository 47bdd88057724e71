#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// Goods counted by lot are looked at by stock_covers_it: at such a station only what was picked
// for the order counts as stock.
Verdict unit_is_picked_first(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || attempt.policy->packs_unpicked) return {};
    if (!facts.is_serialised() || !facts.unit) return {};
    if (facts.unit->state != UnitState::received && facts.unit->state != UnitState::in_inventory &&
        facts.unit->state != UnitState::allocated)
        return {};
    return refused(attempt.step,
                   "NOT_PICKED",
                   fmt::format("{} was not picked. Scan it at a pick station first.",
                               subject_of(facts, attempt)));
}

}  // namespace lotgate::rules
