#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::rules {

// Held goods move to places of quarantine alone; suspect ones want a place that locks.
Verdict held_goods_go_to_quarantine(const Facts& facts, const Attempt& attempt) {
    if (facts.holds.empty() || !facts.moves_to_location()) return {};
    const LocationFacts& location = *facts.location;
    if (attempt.step == Step::putaway && !location.is_quarantine)
        return refused_for_ever(
            attempt.step,
            "HELD_TO_PICKABLE",
            fmt::format("{} is on hold ({}) and {} is no place of quarantine. Scan a "
                        "place of quarantine and bring it there.",
                        subject_of(facts, attempt),
                        facts.holds.front().reason,
                        location.id));
    const bool is_suspect = std::any_of(facts.holds.begin(), facts.holds.end(), [](const auto& h) {
        return h.reason == "suspect";
    });
    if (!is_suspect || !location.is_known || location.is_lockable) return {};
    return refused_for_ever(
        attempt.step,
        "SUSPECT_NEEDS_CAGE",
        fmt::format("{} is suspect and {} does not lock. Scan a cage and lock it in.",
                    subject_of(facts, attempt),
                    location.id));
}

}  // namespace lotgate::rules
