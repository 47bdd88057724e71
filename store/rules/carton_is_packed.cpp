#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict carton_is_packed(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::route_carton && facts.intent != Intent::load_carton) return {};
    if (!facts.carton || facts.carton->state == "PACKED" || facts.carton->state == "SHIPPED")
        return {};
    if (facts.carton->kind == "pallet")
        return refused(attempt.step,
                       "NOT_PACKED",
                       fmt::format("Pallet {} is {} and not closed. Bring it to its pallet station "
                                   "and scan its label there.",
                                   facts.carton->sscc,
                                   facts.carton->state));
    return refused(attempt.step,
                   "NOT_PACKED",
                   fmt::format("{} is not a packed carton. Bring it to a pack station.",
                               subject_of(facts, attempt)));
}

}  // namespace lotgate::rules
