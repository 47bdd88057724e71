#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict label_is_the_live_one(const Facts& facts, const Attempt& attempt) {
    if (!attempt.what.sscc || facts.replaced_by.empty()) return {};
    if (facts.replaced_by == "none")
        return refused(attempt.step,
                       "LABEL_DUP_LIVE",
                       fmt::format("The carton of {} was opened. Take the label off and destroy "
                                   "it.",
                                   attempt.what.sscc->text()));
    return refused(attempt.step,
                   "LABEL_DUP_LIVE",
                   fmt::format("The label {} was replaced by {}. Take it off and destroy it, then "
                               "scan the other one.",
                               attempt.what.sscc->text(),
                               facts.replaced_by));
}

}  // namespace lotgate::rules
