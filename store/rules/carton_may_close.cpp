#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// Orders of several cartons close all but the last one early; a station that packs one carton an
// order asks first.
Verdict carton_may_close(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::close_carton || !facts.document) return {};
    if (attempt.policy->partial_carton == "allow") return {};
    if (facts.document->done >= facts.document->quantity) return {};
    const OverrideClass by = attempt.policy->partial_carton == "confirm"
                                 ? OverrideClass::operator_confirms
                                 : OverrideClass::supervisor;
    return overrulable(by,
                       refused(attempt.step,
                               "PACK_INCOMPLETE",
                               fmt::format("Order {} has {} of {} packed. Pack the rest, or close "
                                           "the carton with your badge.",
                                           facts.document->id,
                                           facts.document->done,
                                           facts.document->quantity)));
}

}  // namespace lotgate::rules
