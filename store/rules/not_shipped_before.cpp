#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict not_shipped_before(const Facts& facts, const Attempt& attempt) {
    const bool unit_left =
        facts.intent == Intent::take_unit && facts.unit && facts.unit->state == UnitState::shipped;
    const bool carton_left =
        (facts.intent == Intent::route_carton || facts.intent == Intent::load_carton) &&
        facts.carton && facts.carton->state == "SHIPPED";
    if (!unit_left && !carton_left) return {};
    return refused_for_ever(attempt.step,
                            "DOUBLE_SHIP",
                            fmt::format("{} was shipped before. Stop it and call a supervisor: it "
                                        "may be a second label.",
                                        subject_of(facts, attempt)));
}

}  // namespace lotgate::rules
