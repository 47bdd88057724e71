#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// A count is a fact: what stands here is moved here in the books, and asked about.
Verdict count_agrees(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !attempt.what.serial || !facts.is_serialised())
        return {};
    const std::string& serial = attempt.what.serial->as_labelled();
    const UnitState state = facts.unit ? facts.unit->state : UnitState::none;
    if (state == UnitState::missing) return {};
    if (!is_on_site(state))
        return refused(attempt.step,
                       "COUNT_UNEXPECTED",
                       fmt::format("Serial {} is {} in the books. Put it aside and ask a "
                                   "supervisor.",
                                   serial,
                                   state == UnitState::none ? "not" : name_of(state)));
    const std::string& place = facts.count_place.empty() ? attempt.station : facts.count_place;
    if (facts.unit->location == place) return {};
    return warned(
        "COUNT_ELSEWHERE",
        fmt::format(
            "Serial {} was booked at {}. It is booked here now.", serial, facts.unit->location));
}

}  // namespace lotgate::rules
