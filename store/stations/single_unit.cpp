// The moves of goods one by one: put-away, taking back, quarantine, counting.

#include "store/projections/feed_fold.hpp"
#include "store/stations/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

using rules::Step;

namespace {

std::string_view done_by(Step step) {
    switch (step) {
        case Step::putaway:
            return "put_away";
        case Step::take_back:
            return "taken_back";
        case Step::count:
            return "counted";
        default:
            return "quarantined";
    }
}

// Quarantine and counting leave the state as it is; what was missing is found where it was lost.
UnitState state_after(const rules::UnitFacts& unit, Step step) {
    if (step == Step::count && unit.state == UnitState::missing)
        return rules::is_on_site(unit.state_before) ? unit.state_before : UnitState::received;
    if (step == Step::count || step == Step::quarantine) return unit.state;
    return rules::goal_of(step);
}

void put_away_goods(Draft& draft) {
    std::int64_t wanted = draft.facts->quantity(*draft.attempt);
    for (const rules::StockFacts& stock : draft.facts->stock) {
        const std::int64_t taken = std::min(wanted, stock.quantity);
        if (taken <= 0) break;
        draft.body.changes.emplace_back(BalanceMoved{draft.attempt->what.gtin->text(),
                                                     draft.facts->lot_key(*draft.attempt),
                                                     stock.place,
                                                     draft.attempt->station,
                                                     taken,
                                                     stock.owner});
        wanted -= taken;
    }
    draft.body.did = "put_away";
}

void quarantine(Draft& draft) {
    if (!draft.facts->holds.empty()) return;
    HoldPlaced placed;
    placed.id = fmt::format("L{}-q", draft.seq);
    placed.reason = "quarantine";
    placed.target =
        unit_key(draft.attempt->what.gtin->text(), draft.attempt->what.serial->as_labelled());
    placed.placed_by = draft.attempt->actor;
    draft.body.changes.emplace_back(std::move(placed));
}

}  // namespace

void plan_single_unit(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const Step step = draft.attempt->step;
    if (facts.intent != rules::Intent::take_unit) return;
    if (!facts.is_serialised()) return put_away_goods(draft);
    if (!facts.unit) return;
    if (step == Step::quarantine) quarantine(draft);
    UnitMoved moved = unit_row(draft, state_after(*facts.unit, step));
    moved.location = draft.attempt->station;
    draft.body.changes.emplace_back(std::move(moved));
    draft.body.did = done_by(step);
}

}  // namespace lotgate::store
