#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict serial_is_not_retired(const Facts& facts, const Attempt& attempt) {
    if (!facts.unit || facts.intent != Intent::take_unit) return {};
    const UnitState state = facts.unit->state;
    if (state != UnitState::scrapped && state != UnitState::relabelled) return {};
    return refused_for_ever(attempt.step,
                            "SERIAL_RETIRED",
                            fmt::format("Serial {} was {} before. Put the goods in quarantine and "
                                        "call quality.",
                                        attempt.what.serial->as_labelled(),
                                        name_of(state)));
}

}  // namespace lotgate::rules
