#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// The other unit may be the false one, so the one already here is held as well (the plan places
// that hold); neither moves before somebody has looked at both.
Verdict serial_is_new(const Facts& facts, const Attempt& attempt) {
    if (facts.twin && facts.intent == Intent::take_unit)
        return refused_for_ever(
            attempt.step,
            "SERIAL_DUPLICATE",
            fmt::format("Serial {} is taken by product {} (serial {}, {}). Put this one aside and "
                        "call quality: one of the two is false.",
                        attempt.what.serial->as_labelled(),
                        facts.twin->gtin,
                        facts.twin->serial,
                        name_of(facts.twin->state)));
    if (!facts.unit || facts.intent != Intent::take_unit) return {};
    const UnitState state = facts.unit->state;
    if (!is_on_site(state) && state != UnitState::shipped && state != UnitState::missing) return {};
    const std::string where =
        facts.unit->location.empty() ? std::string(name_of(state)) : "at " + facts.unit->location;
    return refused_for_ever(attempt.step,
                            "SERIAL_DUPLICATE",
                            fmt::format("Serial {} was received before and is {}. Put this one "
                                        "aside and call quality: one of the two is false.",
                                        attempt.what.serial->as_labelled(),
                                        state == UnitState::shipped ? "shipped" : where));
}

}  // namespace lotgate::rules
