#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict goods_are_packed(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit) return {};
    if (attempt.policy->pack_verify)
        return refused(
            attempt.step,
            "NOT_PACKED",
            fmt::format("{} leaves in a packed carton. Scan the carton's label, or bring "
                        "it to a pack station.",
                        subject_of(facts, attempt)));
    if (!facts.unit || facts.unit->state != UnitState::packed) return {};
    return refused(
        attempt.step,
        "NOT_PACKED",
        fmt::format("{} is in a carton. Scan the carton's label.", subject_of(facts, attempt)));
}

}  // namespace lotgate::rules
