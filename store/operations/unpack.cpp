// A carton is opened again, or comes back from the truck before it has left the yard.

#include "store/events/rows_as_they_are.hpp"
#include "store/operations/every_operation.hpp"
#include "store/projections/feed_fold.hpp"

#include <fmt/format.h>

namespace lotgate::store {

namespace {

std::int64_t line_of(const OperationFacts& facts, const rules::ContentFacts& content) {
    std::int64_t any = 0;
    for (const rules::LineFacts& line : facts.lines) {
        if (line.gtin != content.gtin) continue;
        if (line.lot_key == content.lot_key && !line.lot_key.empty()) return line.line;
        if (line.lot_key.empty() && any == 0) any = line.line;
    }
    return any;
}

bool carton_is(OperationDraft& draft, std::string_view state, std::string_view told) {
    if (draft.facts->carton && draft.facts->carton->kind == "carton" &&
        draft.facts->carton->state == state)
        return true;
    draft.refuse(fmt::format("NOT_{}", state), std::string(told));
    return false;
}

}  // namespace

void plan_unpack(OperationDraft& draft) {
    if (!carton_is(draft, "PACKED", "That is no closed carton of this site. Scan its label."))
        return;
    const rules::CartonFacts& carton = *draft.facts->carton;
    for (const rules::ContentFacts& content : draft.facts->contents) {
        if (content.serial.empty()) {
            draft.body.changes.emplace_back(BalanceMoved{content.gtin,
                                                         content.lot_key,
                                                         "carton:" + carton.id,
                                                         "picked:" + carton.document,
                                                         content.quantity,
                                                         content.unit.owner});
            draft.body.changes.emplace_back(
                LineDone{carton.document, line_of(*draft.facts, content), -content.quantity, 0});
            draft.body.mentions.push_back(lot_target(content.gtin, content.lot_key));
            continue;
        }
        UnitMoved moved = unit_row(content.gtin, content.serial, content.unit);
        moved.way.push_back(UnitState::picked);
        moved.container.clear();
        if (!draft.call->operation->station.empty())
            moved.location = draft.call->operation->station;
        draft.body.mentions.push_back(unit_key(content.gtin, content.serial));
        draft.body.changes.emplace_back(LineDone{moved.order, moved.order_line, -1, 0});
        draft.body.changes.emplace_back(std::move(moved));
    }
    ContainerSet row = container_row(carton);
    row.state = "VOIDED";
    row.sscc.clear();
    row.parent.clear();
    draft.body.changes.emplace_back(std::move(row));
    draft.body.changes.emplace_back(
        LabelSet{container_target(carton.sscc), "void", 1, {}, "unpacked"});
    if (draft.facts->carton_order && draft.facts->carton_order->state == "done")
        draft.body.changes.emplace_back(DocumentState{carton.document, "open"});
    draft.body.document = carton.document;
    draft.body.subject = container_target(carton.sscc);
    draft.body.mentions.push_back(draft.body.subject);
    draft.body.mentions.push_back(document_target(carton.document));
    draft.body.did = "unpacked";
    draft.body.verdict.told =
        "Take the label off and destroy it. The goods are picked, not packed.";
}

void plan_unship(OperationDraft& draft) {
    if (draft.facts->carton && draft.facts->carton->kind == "pallet")
        return plan_unship_pallet(draft);
    if (!carton_is(
            draft, "SHIPPED", "That carton was not loaded here. Scan the label of one that was."))
        return;
    if (draft.facts->is_archived)
        return draft.refuse("ARCHIVED",
                            "It left so long ago that its loading is in an archive. Take the goods "
                            "back as a return.");
    const rules::CartonFacts& carton = *draft.facts->carton;
    for (const rules::ContentFacts& content : draft.facts->contents) {
        UnitMoved moved = unit_row(content.gtin, content.serial, content.unit);
        moved.way.push_back(UnitState::packed);
        draft.body.mentions.push_back(unit_key(content.gtin, content.serial));
        draft.body.changes.emplace_back(LineDone{moved.order, moved.order_line, 0, -1});
        draft.body.changes.emplace_back(std::move(moved));
    }
    // Goods counted by lot have no carton any more; what was loaded says what comes back.
    for (const BalanceMoved& loaded : draft.facts->loaded) {
        rules::ContentFacts content;
        content.gtin = loaded.gtin;
        content.lot_key = loaded.lot_key;
        draft.body.changes.emplace_back(BalanceMoved{
            loaded.gtin, loaded.lot_key, loaded.to, loaded.from, loaded.quantity, loaded.owner});
        draft.body.changes.emplace_back(
            LineDone{carton.document, line_of(*draft.facts, content), 0, -loaded.quantity});
        draft.body.mentions.push_back(lot_target(loaded.gtin, loaded.lot_key));
    }
    ContainerSet row = container_row(carton);
    row.state = "PACKED";
    row.parent.clear();
    if (!draft.call->operation->station.empty()) row.station = draft.call->operation->station;
    draft.body.changes.emplace_back(std::move(row));
    if (draft.facts->carton_order && draft.facts->carton_order->state == "shipped")
        draft.body.changes.emplace_back(DocumentState{carton.document, "done"});
    draft.body.document = carton.document;
    draft.body.subject = container_target(carton.sscc);
    draft.body.mentions.push_back(draft.body.subject);
    draft.body.mentions.push_back(document_target(carton.document));
    draft.body.did = "unshipped";
}

}  // namespace lotgate::store
