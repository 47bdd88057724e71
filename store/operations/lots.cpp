// Counted lots are split and merged. The chain of lots keeps every parent, so that a recall of a
// parent reaches what was made of it.

#include "store/operations/every_operation.hpp"
#include "store/operations/goods.hpp"
#include "store/projections/feed_fold.hpp"

#include <fmt/format.h>

namespace lotgate::store {

namespace {

bool is_counted_lot(OperationDraft& draft) {
    if (draft.facts->product && draft.facts->product->serial_tracked) {
        draft.refuse("LOT_HAS_SERIALS",
                     "Its units carry their lot on their own labels. Relabel them one by one.");
        return false;
    }
    if (draft.facts->product && draft.facts->lot) return true;
    draft.refuse(
        "LOT_UNKNOWN",
        fmt::format("Lot {} is not known here. Receive it first.", draft.call->lot->as_labelled()));
    return false;
}

LotSeen same_lot_as(const OperationDraft& draft, const std::string& raw) {
    LotSeen seen;
    seen.gtin = draft.call->gtin->text();
    seen.lot_key = lot_key_of(raw);
    seen.raw = raw;
    seen.expires_on = draft.facts->lot->expires_on;
    seen.best_before = draft.facts->lot_best_before;
    seen.supplier = draft.facts->supplier;
    return seen;
}

// What leaves one lot arrives in another, place by place: `changes` holds what leaves.
void arrive(OperationDraft& draft, const std::string& lot_key, std::string_view how) {
    std::int64_t quantity = 0;
    std::vector<Change> arriving;
    for (const Change& change : draft.body.changes) {
        const auto* left = std::get_if<BalanceMoved>(&change);
        if (left == nullptr) continue;
        quantity += left->quantity;
        arriving.emplace_back(
            BalanceMoved{left->gtin, lot_key, {}, left->from, left->quantity, left->owner});
    }
    const std::string gtin = draft.call->gtin->text();
    const std::string child = lot_target(gtin, lot_key);
    for (Change& change : arriving) draft.body.changes.push_back(std::move(change));
    draft.body.changes.emplace_back(
        Descends{child, lot_target(gtin, draft.call->lot->key()), std::string(how), quantity});
    draft.body.mentions.push_back(child);
}

}  // namespace

void plan_split_lot(OperationDraft& draft) {
    name_goods(draft);
    const std::string& raw = draft.call->text("new_lot");
    if (!is_counted_lot(draft)) return;
    if (draft.facts->other_lot)
        return draft.refuse(
            "LOT_EXISTS",
            fmt::format("Lot {} exists. Give the new lot a name of its own.", rules::shown(raw)));
    if (!take_counted(draft, "gone:split")) return;
    draft.body.changes.insert(draft.body.changes.begin(), same_lot_as(draft, raw));
    arrive(draft, lot_key_of(raw), "split");
    draft.body.did = "lot_split";
}

void plan_merge_lots(OperationDraft& draft) {
    name_goods(draft);
    const std::string& raw = draft.call->text("into_lot");
    if (!is_counted_lot(draft)) return;
    if (lot_key_of(raw) == draft.call->lot->key())
        return draft.refuse("LOT_EXISTS", "A lot is not merged into itself. Name another one.");
    if (!draft.facts->other_lot)
        return draft.refuse(
            "LOT_UNKNOWN",
            fmt::format("Lot {} is not known here. Receive it first.", rules::shown(raw)));
    if (draft.facts->other_lot->expires_on != draft.facts->lot->expires_on)
        return draft.refuse("LOT_EXPIRY_CONFLICT",
                            "The two lots expire on different days. Keep them apart.");
    for (const rules::StockFacts& stock : draft.facts->stock)
        draft.body.changes.emplace_back(BalanceMoved{draft.call->gtin->text(),
                                                     draft.call->lot->key(),
                                                     stock.place,
                                                     "gone:merged",
                                                     stock.quantity,
                                                     stock.owner});
    if (draft.body.changes.empty())
        return draft.refuse("LOT_NEGATIVE", "Nothing of that lot is in the building.");
    arrive(draft, lot_key_of(raw), "merge");
    draft.body.did = "lots_merged";
}

}  // namespace lotgate::store
