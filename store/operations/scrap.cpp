// Goods end here: destroyed or thrown away. Held, recalled and expired goods may always be
// scrapped; nothing follows it.

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"

#include <fmt/format.h>

namespace lotgate::store {

namespace {

void end_unit(OperationDraft& draft, std::string_view did) {
    if (!unit_may_become(draft, UnitState::scrapped)) return;
    UnitMoved moved = unit_row(draft);
    moved.way.push_back(UnitState::scrapped);
    leave_carton_and_order(draft, moved);
    moved.location.clear();
    draft.body.changes.emplace_back(std::move(moved));
    draft.body.did = did;
}

}  // namespace

void plan_scrap(OperationDraft& draft) {
    name_goods(draft);
    if (!goods_are_named(draft)) return;
    if (draft.call->serial) {
        if (draft.facts->unit && draft.facts->unit->state == UnitState::returned)
            return draft.refuse("BAD_STATE_RETURNED_SCRAPPED",
                                fmt::format("Serial {} came back from a customer. Write it off "
                                            "instead (write_off).",
                                            draft.call->serial->as_labelled()));
        return end_unit(draft, "scrapped");
    }
    if (take_counted(draft, "gone:scrapped")) draft.body.did = "scrapped";
}

void plan_write_off(OperationDraft& draft) {
    name_goods(draft);
    if (draft.facts->unit && draft.facts->unit->state != UnitState::returned)
        return draft.refuse(
            fmt::format("BAD_STATE_{}_SCRAPPED", rules::name_of(draft.facts->unit->state)),
            fmt::format("Serial {} is {}: only what came back is written off. Scrap it instead.",
                        draft.call->serial->as_labelled(),
                        rules::name_of(draft.facts->unit->state)));
    end_unit(draft, "written_off");
}

}  // namespace lotgate::store
