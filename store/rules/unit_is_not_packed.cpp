#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict unit_is_not_packed(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.unit) return {};
    if (facts.unit->state != UnitState::packed) return {};
    if (attempt.step == Step::pick)
        return refused(attempt.step,
                       "ALREADY_PACKED",
                       fmt::format("Serial {} is packed in a carton already. Put it back into it; "
                                   "it is picked again when the carton is opened (unpack).",
                                   attempt.what.serial->as_labelled()));
    if (facts.carton && facts.unit->container == facts.carton->id) return {};
    return refused(attempt.step,
                   "ALREADY_PACKED",
                   fmt::format("Serial {} is packed in another carton. Take it out of this one.",
                               attempt.what.serial->as_labelled()));
}

}  // namespace lotgate::rules
