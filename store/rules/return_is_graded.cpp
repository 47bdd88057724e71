#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// Only what was graded for the rack goes back into it.
Verdict return_is_graded(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.unit) return {};
    if (facts.unit->state != UnitState::returned || facts.return_route == "restock") return {};
    // What is held goes to quarantine, graded or not: its holds say so.
    if (!facts.holds.empty()) return {};
    const std::string& serial = attempt.what.serial->as_labelled();
    if (facts.return_route.empty())
        return refused(attempt.step,
                       "RETURN_NOT_GRADED",
                       fmt::format("Serial {} came back and was not graded. Grade it first "
                                   "(operation grade).",
                                   serial));
    return refused(attempt.step,
                   "RETURN_GRADE_" + code_word(facts.return_route),
                   fmt::format("Serial {} was graded for {}. Bring it there, or grade it again.",
                               serial,
                               facts.return_route));
}

}  // namespace lotgate::rules
