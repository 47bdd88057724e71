#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

std::string_view route_of_grade(std::string_view grade) {
    if (grade == "A") return "restock";
    if (grade == "B") return "repair";
    if (grade == "C") return "recycle";
    if (grade == "D") return "scrap";
    return {};
}

Verdict grade_is_known(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::choose_grade || facts.spoken == "NONE") return {};
    if (!route_of_grade(facts.spoken).empty()) return {};
    return refused(attempt.step,
                   "GRADE_UNKNOWN",
                   fmt::format("{} is no grade. Scan LG:GRADE:A (back to the rack), B (repair), C "
                               "(recycling), D (scrap) or NONE.",
                               shown(facts.spoken)));
}

}  // namespace lotgate::rules
