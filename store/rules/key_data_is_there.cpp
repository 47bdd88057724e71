#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// What the law wants on the shipment's record (FSMA 204, DSCSA): without it the goods stay.
Verdict key_data_is_there(const Facts& facts, const Attempt& attempt) {
    const bool leaves = facts.intent == Intent::load_carton || facts.intent == Intent::take_unit;
    if (!leaves || facts.data_missing.empty()) return {};
    std::string words;
    for (const std::string& one : facts.data_missing) words += (words.empty() ? "" : ", ") + one;
    return refused(attempt.step,
                   "KDE_MISSING",
                   fmt::format("{} may not leave: {} missing. Have it filled in, then load it "
                               "again.",
                               subject_of(facts, attempt),
                               words));
}

}  // namespace lotgate::rules
