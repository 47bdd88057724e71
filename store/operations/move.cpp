// Goods go from one place to another and stay what they are.

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"

#include <fmt/format.h>

namespace lotgate::store {

void plan_move(OperationDraft& draft) {
    name_goods(draft);
    const std::string& place = draft.call->text("place");
    if (!goods_are_named(draft)) return;
    if (!draft.facts->holds.empty() && draft.facts->place_is_pickable)
        return draft.refuse("HELD_TO_PICKABLE",
                            fmt::format("It is on hold ({}), and {} is picked from. Bring it to "
                                        "quarantine.",
                                        draft.facts->holds.front().reason,
                                        place));
    if (!draft.call->serial) {
        if (take_counted(draft, place)) draft.body.did = "moved";
        return;
    }
    const rules::UnitFacts* unit = draft.facts->unit ? &*draft.facts->unit : nullptr;
    if (unit == nullptr || !rules::is_on_site(unit->state) || unit->state == UnitState::packed)
        return draft.refuse(
            "BAD_STATE_MOVE",
            fmt::format("Serial {} cannot be moved. {}",
                        draft.call->serial->as_labelled(),
                        rules::next_step_from(unit == nullptr ? UnitState::none : unit->state)));
    UnitMoved moved = unit_row(draft);
    moved.location = place;
    draft.body.changes.emplace_back(std::move(moved));
    draft.body.did = "moved";
}

}  // namespace lotgate::store
