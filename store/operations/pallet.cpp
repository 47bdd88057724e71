// A pallet is taken apart as a whole, or comes back from the truck as a whole.

#include "store/events/rows_as_they_are.hpp"
#include "store/operations/every_operation.hpp"
#include "store/projections/feed_fold.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace {

std::string place_of(const OperationDraft& draft) {
    const std::string& station = draft.call->operation->station;
    if (!station.empty()) return station;
    const rules::CartonFacts& pallet = *draft.facts->carton;
    return pallet.location.empty() ? pallet.station : pallet.location;
}

void release_content(OperationDraft& draft, const rules::ContentFacts& content) {
    if (content.serial.empty()) {
        draft.body.changes.emplace_back(BalanceMoved{content.gtin,
                                                     content.lot_key,
                                                     "carton:" + draft.facts->carton->id,
                                                     place_of(draft),
                                                     content.quantity,
                                                     content.unit.owner});
        draft.body.mentions.push_back(lot_target(content.gtin, content.lot_key));
        return;
    }
    UnitMoved moved = unit_row(content.gtin, content.serial, content.unit);
    moved.container.clear();
    draft.body.mentions.push_back(unit_key(content.gtin, content.serial));
    draft.body.changes.emplace_back(std::move(moved));
}

void name_pallet(OperationDraft& draft) {
    const rules::CartonFacts& pallet = *draft.facts->carton;
    draft.body.document = pallet.document;
    draft.body.subject = container_target(pallet.sscc);
    draft.body.mentions.push_back(draft.body.subject);
}

// A hold on the pallet is a hold on what stands on it, and would be lost.
bool is_held_as_a_whole(OperationDraft& draft) {
    const std::string target = container_target(draft.facts->carton->sscc);
    for (const rules::HoldFacts& hold : draft.facts->holds) {
        if (hold.target != target) continue;
        draft.refuse("ON_HOLD_PALLET",
                     fmt::format("The pallet is on hold ({}, {}). It is taken apart when that hold "
                                 "is lifted, or each piece has its own.",
                                 hold.id,
                                 hold.reason));
        return true;
    }
    return false;
}

}  // namespace

void plan_break_pallet(OperationDraft& draft) {
    const auto& carton = draft.facts->carton;
    if (!carton || carton->kind == "carton")
        return draft.refuse("NO_PALLET", "That is no pallet of this site. Scan its label.");
    if (carton->state == "SHIPPED" || carton->state == "VOIDED" || carton->state == "RETURNED")
        return draft.refuse(
            "PALLET_GONE",
            fmt::format("The pallet is {}. Nothing on it is to be taken off.", carton->state));
    const bool is_received =
        std::all_of(draft.facts->contents.begin(), draft.facts->contents.end(), [](const auto& c) {
            return c.serial.empty() || c.unit.state != UnitState::expected;
        });
    if (!is_received)
        return draft.refuse("PALLET_NOT_RECEIVED",
                            "Some of what was announced on it was not received yet. Receive it, or "
                            "close the receipt, first.");
    if (is_held_as_a_whole(draft)) return;
    for (const rules::ContentFacts& content : draft.facts->contents)
        release_content(draft, content);
    const std::string place = place_of(draft);
    for (const rules::CartonFacts& inside : draft.facts->inside) {
        ContainerSet row = container_row(inside);
        row.parent.clear();
        // One that was announced on it and has not come is nowhere yet.
        if (row.state != "EXPECTED") row.location = place;
        draft.body.mentions.push_back(container_target(inside.sscc));
        draft.body.changes.emplace_back(std::move(row));
    }
    ContainerSet row = container_row(*carton);
    row.state = "VOIDED";
    row.sscc.clear();
    row.parent.clear();
    draft.body.changes.emplace_back(std::move(row));
    draft.body.changes.emplace_back(
        LabelSet{container_target(carton->sscc), "void", 1, {}, "taken apart"});
    name_pallet(draft);
    draft.body.did = "pallet_broken";
    draft.body.verdict.told = fmt::format(
        "{} cartons and {} loose pieces stand at {} by themselves. Take the pallet's label off and "
        "destroy it.",
        draft.facts->inside.size(),
        draft.facts->contents.size(),
        place);
}

// What its loading has changed is changed back, as long as all of it is still away.
void plan_unship_pallet(OperationDraft& draft) {
    const OperationFacts& facts = *draft.facts;
    if (facts.carton->state != "SHIPPED")
        return draft.refuse("NOT_SHIPPED",
                            "That pallet was not loaded here. Scan the label of one that was.");
    const bool is_away = std::all_of(
        facts.loaded_units.begin(), facts.loaded_units.end(), [](const rules::ContentFacts& unit) {
            return unit.unit.state == UnitState::shipped;
        });
    if (!is_away || facts.loaded_lines.empty())
        return draft.refuse("NOT_ALL_SHIPPED",
                            "Some of it has come back already. Bring the cartons back one by one.");
    for (const rules::ContentFacts& content : facts.loaded_units) {
        UnitMoved moved = unit_row(content.gtin, content.serial, content.unit);
        const bool was_packed = content.state == UnitState::packed;
        moved.way = {UnitState::shipped, UnitState::packed};
        if (!was_packed) moved.way.push_back(UnitState::picked);
        draft.body.mentions.push_back(unit_key(content.gtin, content.serial));
        draft.body.changes.emplace_back(std::move(moved));
    }
    for (const BalanceMoved& loaded : facts.loaded) {
        draft.body.changes.emplace_back(BalanceMoved{
            loaded.gtin, loaded.lot_key, loaded.to, loaded.from, loaded.quantity, loaded.owner});
        draft.body.mentions.push_back(lot_target(loaded.gtin, loaded.lot_key));
    }
    for (const LineDone& line : facts.loaded_lines) {
        draft.body.changes.emplace_back(
            LineDone{line.document, line.line, -line.done, -line.shipped});
        draft.body.mentions.push_back(document_target(line.document));
    }
    for (const DocumentState& order : facts.loaded_orders)
        draft.body.changes.emplace_back(DocumentState{order});
    const auto back = [&](const rules::CartonFacts& container) {
        ContainerSet row = container_row(container);
        row.state = "PACKED";
        row.location = place_of(draft);
        draft.body.mentions.push_back(container_target(container.sscc));
        draft.body.changes.emplace_back(std::move(row));
    };
    back(*facts.carton);
    for (const rules::CartonFacts& inside : facts.inside)
        if (inside.state == "SHIPPED") back(inside);
    name_pallet(draft);
    draft.body.did = "unshipped";
}

}  // namespace lotgate::store
