// A unit gets another serial. A serial's value never changes: the old one ends, a new row begins,
// and the chain between them makes both histories one; a hold on the old serial, today's or a later
// one, is a hold on the new.

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"
#include "store/projections/feed_fold.hpp"

#include <fmt/format.h>

namespace lotgate::store {

namespace {

using enum UnitState;

// How a new serial comes to stand where the old one stood, by moves of the life cycle.
std::vector<UnitState> way_of_new(UnitState old) {
    switch (old) {
        case in_inventory:
            return {none, received, in_inventory};
        case allocated:
            return {none, received, in_inventory, allocated};
        case picked:
            return {none, received, picked};
        case packed:
            return {none, received, picked, packed};
        default:
            return {none, received};
    }
}

bool new_serial_is_free(OperationDraft& draft) {
    const std::string& serial = draft.call->text("new_serial");
    if (!draft.facts->new_unit && draft.facts->new_near.empty()) return true;
    if (draft.facts->new_unit)
        draft.refuse("SERIAL_DUPLICATE",
                     fmt::format("Serial {} exists: it is {}. Take another number.",
                                 serial,
                                 rules::name_of(draft.facts->new_unit->state)));
    else
        draft.refuse("SERIAL_NEAR_DUP",
                     fmt::format("Serial {} looks like {}, which exists. Take another number.",
                                 serial,
                                 draft.facts->new_near));
    return false;
}

// The old row ends in `end`, the new one stands where it stood.
void replace(OperationDraft& draft, UnitState end, bool keeps_place, std::string_view how) {
    const std::string old_name = name_goods(draft);
    if (!unit_may_become(draft, end) || !new_serial_is_free(draft)) return;
    const std::string& serial = draft.call->text("new_serial");
    const std::string new_name = unit_key(draft.call->gtin->text(), serial);
    UnitMoved successor = unit_row(draft);
    successor.serial = serial;
    successor.way = way_of_new(draft.facts->unit->state);
    if (!keeps_place) {
        successor.container.clear();
        successor.order.clear();
        successor.order_line = 0;
    }
    UnitMoved ended = unit_row(draft);
    ended.way.push_back(end);
    ended.location.clear();
    ended.container.clear();
    draft.body.changes.emplace_back(std::move(ended));
    draft.body.changes.emplace_back(std::move(successor));
    draft.body.changes.emplace_back(Descends{new_name, old_name, std::string(how), 1});
    draft.body.mentions.push_back(new_name);
    draft.body.did = how;
}

}  // namespace

void plan_relabel(OperationDraft& draft) {
    if (draft.facts->unit && draft.facts->unit->state == returned)
        return draft.refuse("BAD_STATE_RETURNED_RELABELLED",
                            "It came back from a customer. Refurbish it instead (refurbish).");
    replace(draft, relabelled, true, "relabelled");
}

void plan_refurbish(OperationDraft& draft) {
    if (draft.facts->unit && draft.facts->unit->state != returned)
        return draft.refuse(
            fmt::format("BAD_STATE_{}_RELABELLED", rules::name_of(draft.facts->unit->state)),
            "Only what came back from a customer is refurbished. Relabel it instead (relabel).");
    replace(draft, relabelled, false, "refurbished");
}

// A serial that was typed or printed wrongly, mended before anybody outside has seen it. The wrong
// one is void: the real unit of that number may still come.
void plan_typo_fix(OperationDraft& draft) {
    if (draft.facts->was_shipped)
        return draft.refuse("SHIPPED_BEFORE",
                            "It was shipped under this serial, so others know it. Relabel it "
                            "instead (relabel).");
    replace(draft, voided, true, "typo_fixed");
}

}  // namespace lotgate::store
