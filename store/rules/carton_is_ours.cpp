#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict carton_is_ours(const Facts& facts, const Attempt& attempt) {
    if (!attempt.what.sscc || facts.carton) return {};
    return refused(attempt.step,
                   "UNKNOWN_CARTON",
                   fmt::format("Carton {} is not known here. Put it in the exception lane and look "
                               "for its papers.",
                               attempt.what.sscc->text()));
}

}  // namespace lotgate::rules
