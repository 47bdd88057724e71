#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// A unit the books have in the building, or never sent out, cannot come back from a customer:
// somebody took it, or two units bear one serial.
Verdict return_was_sold(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.is_serialised() || !facts.unit) return {};
    const UnitState state = facts.unit->state;
    if (state == UnitState::shipped || state == UnitState::returned) return {};
    return refused(attempt.step,
                   "NEVER_SOLD",
                   fmt::format("Serial {} is {} in the books and was never sold. Keep it apart "
                               "under hold, and call a supervisor; no credit is given.",
                               attempt.what.serial->as_labelled(),
                               name_of(state)));
}

}  // namespace lotgate::rules
