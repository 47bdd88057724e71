#include "store/rules/every_rule.hpp"
#include "store/rules/need.hpp"

#include <fmt/format.h>

namespace lotgate::rules {

namespace {

std::string where_to_go(const std::vector<PromiseFacts>& promised) {
    Directed directed;
    for (const PromiseFacts& promise : promised) {
        Candidate candidate;
        candidate.serial = promise.serial;
        candidate.lot_raw = promise.lot_raw;
        candidate.place = promise.place.empty() ? "its place" : promise.place;
        candidate.quantity = promise.quantity;
        directed.picks.push_back(std::move(candidate));
    }
    return directed.told();
}

bool has_order_of_its_own(const UnitFacts& unit) {
    return !unit.order.empty() &&
           (unit.state == UnitState::allocated || unit.state == UnitState::picked ||
            unit.state == UnitState::received || unit.state == UnitState::in_inventory);
}

}  // namespace

// A line that was promised single units takes those; one that was promised lots takes any unit of
// them (that is the swap the rules page allows); one that asks for a quantity takes what fits.
Verdict promise_is_kept(const Facts& facts, const Attempt& attempt) {
    if (facts.intent != Intent::take_unit || !facts.document || !facts.product) return {};
    const std::string subject = subject_of(facts, attempt);
    const bool is_ours = facts.unit && facts.unit->order == facts.document->id;
    if (facts.unit && has_order_of_its_own(*facts.unit) && !is_ours)
        return refused(
            attempt.step,
            "WRONG_SERIAL",
            fmt::format("{} is promised to order {}. Put it back.", subject, facts.unit->order));
    const LineFacts* line = line_for(facts, attempt);
    if (line == nullptr || is_ours || facts.promised.empty()) return {};
    if (line->allocation == "serial" && facts.is_serialised())
        return refused(attempt.step,
                       "WRONG_SERIAL",
                       fmt::format("{} is not what order {} was promised. Take {}.",
                                   subject,
                                   facts.document->id,
                                   where_to_go(facts.promised)));
    if (line->allocation != "lot") return {};
    const std::string key = facts.lot_key(attempt);
    for (const PromiseFacts& promise : facts.promised)
        if (promise.lot_key == key) return {};
    return refused(attempt.step,
                   "WRONG_LOT",
                   fmt::format("{} is not of a lot that order {} was promised. Take {}.",
                               subject,
                               facts.document->id,
                               where_to_go(facts.promised)));
}

}  // namespace lotgate::rules
