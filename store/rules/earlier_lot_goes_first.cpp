#include "store/rules/every_rule.hpp"
#include "store/rules/need.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

// Only where stock is taken: what was picked before was judged then.
Verdict earlier_lot_goes_first(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.product || !facts.document) return {};
    if (facts.unit && facts.unit->state == UnitState::picked) return {};
    const LineFacts* line = line_for(facts, attempt);
    if (line == nullptr || !line->lot_key.empty()) return {};
    const Need need = need_of(facts, attempt, line);
    const Candidate taken = taken_by(facts, attempt);
    const bool is_bound = need.single_lot && !facts.lots_taken.empty();
    const Candidate* first =
        is_bound ? nullptr
                 : goes_before(facts.shelf, taken, need, facts.product->fefo_tolerance_days);
    if (first == nullptr) return {};
    const std::string until =
        first->expires_on ? " (good until " + to_string(*first->expires_on) + ")" : std::string();
    std::string told = fmt::format("Lot {}{} goes first. Take it from {}; put this one back.",
                                   first->lot_raw,
                                   until,
                                   first->place);
    if (facts.product->fefo_policy != "reject") return warned("FEFO_VIOLATION", std::move(told));
    return overrulable(OverrideClass::supervisor,
                       refused(attempt.step, "FEFO_VIOLATION", std::move(told)));
}

}  // namespace lotgate::rules
