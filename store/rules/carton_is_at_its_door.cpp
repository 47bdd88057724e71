#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

Verdict carton_is_at_its_door(const Facts& facts, const Attempt& attempt) {
    const bool leaves = facts.intent == Intent::load_carton || facts.intent == Intent::take_unit;
    if (!leaves || !facts.document) return {};
    const StationPolicy& here = *attempt.policy;
    const DocumentFacts& order = *facts.document;
    const bool is_other_door = !here.door.empty() && !order.door.empty() && here.door != order.door;
    const bool is_other_carrier =
        !here.carrier.empty() && !order.carrier.empty() && here.carrier != order.carrier;
    if (!is_other_door && !is_other_carrier) return {};
    return overrulable(OverrideClass::supervisor,
                       refused(attempt.step,
                               "WRONG_DOOR",
                               fmt::format("{} leaves {}. Take it there.",
                                           subject_of(facts, attempt),
                                           is_other_door ? "through door " + order.door
                                                         : "with carrier " + order.carrier)));
}

}  // namespace lotgate::rules
