#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict label_matches_carton(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::verify_label) return {};
    const bool is_from_here = facts.carton && facts.carton->kind == "carton" &&
                              facts.carton->station == attempt.station &&
                              facts.carton->state != "OPEN" && facts.carton->state != "VOIDED";
    if (is_from_here) return {};
    return refused(attempt.step,
                   "LABEL_VERIFY_FAIL",
                   fmt::format("{} is not the label of a carton closed here. Remove it and ask for "
                               "a reprint.",
                               attempt.what.sscc->text()));
}

}  // namespace lotgate::rules
