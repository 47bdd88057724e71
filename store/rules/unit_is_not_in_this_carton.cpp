#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// Amber, not red: the unit is where it belongs, and the second read has no effect.
Verdict unit_is_not_in_this_carton(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.unit || !facts.carton) return {};
    if (facts.unit->state != UnitState::packed || facts.unit->container != facts.carton->id)
        return {};
    return warned("REREAD",
                  fmt::format("Serial {} is already in this carton. Go on with the next one.",
                              attempt.what.serial->as_labelled()));
}

}  // namespace lotgate::rules
