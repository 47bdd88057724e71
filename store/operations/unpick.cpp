// What was fetched and is not wanted goes back into a bin; what was promised and not fetched is
// free again.

#include "store/operations/every_operation.hpp"
#include "store/projections/feed_fold.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace {

void unpick_unit(OperationDraft& draft) {
    const rules::UnitFacts* unit = draft.facts->unit ? &*draft.facts->unit : nullptr;
    const std::string& serial = draft.call->serial->as_labelled();
    if (unit == nullptr || unit->state != UnitState::picked)
        return draft.refuse(
            fmt::format("BAD_STATE_{}_IN_INVENTORY",
                        rules::name_of(unit == nullptr ? UnitState::none : unit->state)),
            fmt::format("Serial {} is not picked. Scan what is in the cart.", serial));
    UnitMoved moved;
    moved.gtin = draft.call->gtin->text();
    moved.serial = serial;
    moved.way = {UnitState::picked, UnitState::in_inventory};
    moved.lot_key = unit->lot_key;
    moved.expires_on = unit->expires_on;
    moved.location = draft.call->text("place");
    moved.document = unit->document;
    moved.line = unit->line;
    moved.owner = unit->owner;
    moved.origin = unit->origin;
    draft.body.document = unit->order;
    draft.body.subject = unit_key(moved.gtin, serial);
    draft.body.mentions.push_back(draft.body.subject);
    draft.body.changes.emplace_back(std::move(moved));
    draft.body.did = "unpicked";
}

void unpick_goods(OperationDraft& draft) {
    const OperationCall& call = *draft.call;
    std::int64_t left = call.quantity.value_or(0);
    for (const rules::StockFacts& stock : draft.facts->picked) {
        const std::int64_t taken = std::min(left, stock.quantity);
        if (taken <= 0) break;
        draft.body.changes.emplace_back(BalanceMoved{call.gtin->text(),
                                                     call.lot->key(),
                                                     stock.place,
                                                     call.text("place"),
                                                     taken,
                                                     stock.owner});
        left -= taken;
    }
    if (left > 0 || !call.quantity)
        return draft.refuse(
            "LOT_NEGATIVE",
            fmt::format("That much of lot {} was not picked for {}. Count the cart.",
                        call.lot->as_labelled(),
                        call.text("document")));
    draft.body.document = call.text("document");
    draft.body.subject = lot_target(call.gtin->text(), call.lot->key());
    draft.body.mentions.push_back(draft.body.subject);
    draft.body.did = "unpicked";
}

}  // namespace

void plan_unpick(OperationDraft& draft) {
    const OperationCall& call = *draft.call;
    if (call.serial) return unpick_unit(draft);
    if (!call.lot || call.text("document").empty())
        return draft.refuse("ARGUMENT_MISSING",
                            "Name the serial, or the order with lot and quantity.");
    unpick_goods(draft);
}

void plan_cancel_allocation(OperationDraft& draft) {
    if (!draft.facts->document || draft.facts->document->kind != "order")
        return draft.refuse("DOCUMENT_UNKNOWN", "Nothing here is an order of that code.");
    const std::string& order = draft.facts->document->id;
    for (const rules::PromiseFacts& promise : draft.facts->promises) {
        if (promise.serial.empty())
            draft.body.changes.emplace_back(
                Promised{order, promise.line, promise.gtin, promise.lot_key, -promise.quantity});
        else
            draft.body.changes.emplace_back(UnitPromised{promise.gtin, promise.serial, {}, 0});
    }
    if (draft.body.changes.empty())
        return draft.refuse(
            "NOTHING_PROMISED",
            fmt::format("Order {} is promised nothing. There is nothing to free.", order));
    draft.body.document = order;
    draft.body.subject = document_target(order);
    draft.body.mentions.push_back(draft.body.subject);
    draft.body.did = "allocation_cancelled";
}

}  // namespace lotgate::store
