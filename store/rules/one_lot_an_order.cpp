#include "store/rules/every_rule.hpp"
#include "store/rules/need.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::rules {

// Dye lots: two of them on one wall are seen.
Verdict one_lot_an_order(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.document) return {};
    if (!need_of(facts, attempt, line_for(facts, attempt)).single_lot) return {};
    const std::string key = facts.lot_key(attempt);
    const auto& taken = facts.lots_taken;
    if (taken.empty() || std::find(taken.begin(), taken.end(), key) != taken.end()) return {};
    return overrulable(
        OverrideClass::supervisor,
        refused(attempt.step,
                "SINGLE_LOT_REQUIRED",
                fmt::format("Order {} wants one lot and has lot {} already. Put this one back.",
                            facts.document->id,
                            taken.front())));
}

}  // namespace lotgate::rules
