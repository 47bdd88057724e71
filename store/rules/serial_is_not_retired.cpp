#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// No move leads out of a unit's last state, so nothing is booked; what stands at the dock under
// that serial is held all the same (the plan places the hold).
Verdict serial_is_not_retired(const Facts& facts, const Attempt& attempt) {
    if (!facts.unit || facts.intent != Intent::take_unit) return {};
    const UnitState state = facts.unit->state;
    if (state != UnitState::scrapped && state != UnitState::relabelled) return {};
    return refused_for_ever(attempt.step,
                            "SERIAL_RETIRED",
                            fmt::format("Serial {} was {} before. It is held: put the goods in the "
                                        "cage and call quality.",
                                        attempt.what.serial->as_labelled(),
                                        name_of(state)));
}

}  // namespace lotgate::rules
