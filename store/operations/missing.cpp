// What is not found is looked for twice before it is missing; what is found stands again where it
// was in its life.

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"

#include <fmt/format.h>

namespace lotgate::store {

void plan_mark_missing(OperationDraft& draft) {
    const std::string name = name_goods(draft);
    if (!unit_may_become(draft, UnitState::missing)) return;
    const std::string& serial = draft.call->serial->as_labelled();
    if (draft.facts->times_missed == 0) {
        draft.body.changes.emplace_back(Missed{name, draft.facts->unit->location, 1});
        open_case(draft,
                  "COUNT_MISSING",
                  name,
                  fmt::format("Serial {} was not found at {}. Look again; the second time it is "
                              "booked as missing.",
                              serial,
                              draft.facts->unit->location));
        draft.body.verdict.told = "Noted. Look a second time before it is booked as missing.";
        draft.body.did = "missed_once";
        return;
    }
    UnitMoved moved = unit_row(draft);
    moved.way.push_back(UnitState::missing);
    draft.body.changes.emplace_back(std::move(moved));
    draft.body.changes.emplace_back(Missed{name, draft.facts->unit->location, 2});
    draft.body.did = "missing";
}

void plan_found(OperationDraft& draft) {
    const std::string name = name_goods(draft);
    const UnitState back = draft.facts->unit && rules::is_on_site(draft.facts->unit->state_before)
                               ? draft.facts->unit->state_before
                               : UnitState::received;
    if (!unit_may_become(draft, back)) return;
    UnitMoved moved = unit_row(draft);
    moved.way.push_back(back);
    if (!draft.call->text("place").empty()) moved.location = draft.call->text("place");
    draft.body.changes.emplace_back(std::move(moved));
    draft.body.changes.emplace_back(Missed{name, {}, 0});
    draft.body.did = "found";
}

}  // namespace lotgate::store
