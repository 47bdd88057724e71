// Counting: what is scanned stands where the station counts; while a place is being counted, it is
// noted as seen there, so that closing the count knows what was not.

#include "store/projections/feed_fold.hpp"
#include "store/stations/plan.hpp"

namespace lotgate::store {

namespace {

void count_goods(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const std::string name =
        lot_target(draft.attempt->what.gtin->text(), facts.lot_key(*draft.attempt));
    const std::int64_t counted = facts.counted_so_far + facts.quantity(*draft.attempt);
    draft.body.changes.emplace_back(Counted{facts.count_place, name, counted});
    draft.body.progress = std::to_string(counted);
    draft.body.did = "counted";
}

}  // namespace

// What was missing is found where it was lost in its life.
void plan_count(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    if (facts.intent != rules::Intent::take_unit) return;
    if (!facts.is_serialised()) return count_goods(draft);
    if (!facts.unit) return;
    UnitState state = facts.unit->state;
    const std::string name =
        unit_key(draft.attempt->what.gtin->text(), draft.attempt->what.serial->as_labelled());
    if (state == UnitState::missing) {
        const UnitState before = facts.unit->state_before;
        state = rules::is_on_site(before) ? before : UnitState::received;
        draft.body.changes.emplace_back(Missed{name, {}, 0});
    }
    UnitMoved moved = unit_row(draft, state);
    moved.location = facts.count_place;
    draft.body.changes.emplace_back(std::move(moved));
    if (facts.is_counting) draft.body.changes.emplace_back(Counted{facts.count_place, name, 1});
    draft.body.did = "counted";
}

}  // namespace lotgate::store
