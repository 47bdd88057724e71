#include "store/rules/every_rule.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// After a crash, or a lamp that nobody saw, the operator scans the same unit again. The same code
// as this station's last read, which was accepted a moment ago and left the unit standing here, is
// that unit and not a second one. It settles the attempt with the answer that was given before.
Verdict second_read_of_one(const Facts& facts, const Attempt& attempt) {
    if (!facts.last_read || facts.last_read->did.empty()) return {};
    const std::int64_t age_us = attempt.at.us - facts.last_read->at.us;
    if (age_us < 0 || age_us > attempt.policy->reread_s_max * 1'000'000) return {};
    const bool unit_is_here = facts.intent == Intent::take_unit && facts.unit &&
                              facts.unit->state == goal_of(attempt.step) &&
                              facts.unit->location == facts.place(attempt);
    const bool carton_is_loaded = facts.intent == Intent::load_carton && facts.carton &&
                                  facts.carton->state == "SHIPPED" &&
                                  facts.carton->station == attempt.station;
    const bool pallet_is_picked = facts.intent == Intent::each_part && attempt.step == Step::pick &&
                                  facts.carton && facts.parts.empty();
    if (!unit_is_here && !carton_is_loaded && !pallet_is_picked) return {};
    Verdict verdict;
    verdict.code = "REREAD";
    verdict.told = fmt::format("{} was done here already. Go on with the next one.",
                               subject_of(facts, attempt));
    return verdict;
}

}  // namespace lotgate::rules
