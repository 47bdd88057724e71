// Goods go back to where they came from, under a document of their own. Held, recalled and expired
// goods may go: that is what the way back is for.

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"
#include "store/projections/feed_fold.hpp"

#include <fmt/format.h>

namespace lotgate::store {

void plan_return_to_vendor(OperationDraft& draft) {
    name_goods(draft);
    const std::string& id = draft.call->text("document");
    if (!goods_are_named(draft)) return;
    if (draft.facts->document && draft.facts->document->kind != "rtv")
        return draft.refuse("WRONG_DOCUMENT",
                            fmt::format("{} is an {}. Give the code of a return to the vendor.",
                                        rules::shown(id),
                                        draft.facts->document->kind));
    const std::int64_t quantity = draft.call->serial ? 1 : *draft.call->quantity;
    if (draft.call->serial) {
        if (!unit_may_become(draft, UnitState::shipped)) return;
        if (draft.facts->unit->state != UnitState::received &&
            draft.facts->unit->state != UnitState::in_inventory)
            return draft.refuse(
                fmt::format("BAD_STATE_{}_SHIPPED", rules::name_of(draft.facts->unit->state)),
                "Only what stands in the dock or the rack goes back. Unpack or put it back first.");
    }
    if (!draft.facts->document)
        draft.body.changes.emplace_back(DocumentMade{id, "rtv", draft.facts->supplier});
    if (draft.call->serial) {
        UnitMoved moved = unit_row(draft);
        moved.way.push_back(UnitState::shipped);
        moved.container.clear();
        moved.location.clear();
        moved.order = id;
        moved.order_line = 0;
        draft.body.changes.emplace_back(std::move(moved));
    } else if (!take_counted(draft, "shipped:" + id)) {
        return;
    }
    draft.body.changes.emplace_back(LineDone{id, 0, quantity, 0});
    draft.body.document = id;
    draft.body.mentions.push_back(document_target(id));
    draft.body.did = "returned_to_vendor";
}

}  // namespace lotgate::store
