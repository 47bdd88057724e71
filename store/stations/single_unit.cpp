// The moves of goods one by one: put-away and quarantine.

#include "store/projections/feed_fold.hpp"
#include "store/stations/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

using rules::Step;

namespace {

std::string_view done_by(Step step) {
    switch (step) {
        case Step::putaway:
            return "put_away";
        default:
            return "quarantined";
    }
}

// Quarantine leaves the state as it is; what came back and is held goes there as what it is: it is
// not restocked.
UnitState state_after(const rules::UnitFacts& unit, Step step, bool is_held) {
    if (step == Step::quarantine) return unit.state;
    if (unit.state == UnitState::returned && is_held) return unit.state;
    return rules::goal_of(step);
}

void put_away_goods(Draft& draft) {
    std::int64_t wanted = draft.facts->quantity(*draft.attempt);
    for (const rules::StockFacts& stock : draft.facts->stock) {
        const std::int64_t taken = std::min(wanted, stock.quantity);
        if (taken <= 0) break;
        draft.body.changes.emplace_back(BalanceMoved{draft.attempt->what.gtin->text(),
                                                     draft.facts->lot_key(*draft.attempt),
                                                     stock.place,
                                                     draft.facts->place(*draft.attempt),
                                                     taken,
                                                     stock.owner});
        wanted -= taken;
    }
    draft.body.did = done_by(draft.attempt->step);
}

// Counted goods stand in quarantine by their place; only where that is none is the lot held.
void hold_lot(Draft& draft) {
    if (draft.facts->location->is_quarantine || !draft.facts->holds.empty()) return;
    HoldPlaced placed;
    placed.id = fmt::format("L{}-q", draft.seq);
    placed.reason = "quarantine";
    placed.target =
        lot_target(draft.attempt->what.gtin->text(), draft.facts->lot_key(*draft.attempt));
    placed.placed_by = draft.attempt->actor;
    draft.body.changes.emplace_back(std::move(placed));
}

// A case that was announced on the pallet, and of which nothing has come.
bool is_awaited(const rules::CartonFacts& container,
                const std::vector<rules::ContentFacts>& contents) {
    if (container.state != "EXPECTED") return false;
    return std::none_of(contents.begin(), contents.end(), [&](const rules::ContentFacts& content) {
        return content.unit.container == container.id &&
               (content.serial.empty() || rules::is_on_site(content.state));
    });
}

void move_container(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const Step step = draft.attempt->step;
    std::int64_t moved_units = 0;
    for (const rules::ContentFacts& content : facts.contents) {
        if (content.serial.empty() || !rules::is_on_site(content.state)) continue;
        // Only what waits at the dock becomes stock by it; what an order has fetched stays fetched.
        const bool stays = step == Step::quarantine || content.state != UnitState::received;
        const auto way = rules::way(content.state, UnitState::in_inventory, rules::name_of(step));
        const rules::UnitFacts& unit = content.unit;
        UnitMoved moved;
        moved.gtin = content.gtin;
        moved.serial = content.serial;
        moved.way = stays || way.empty() ? std::vector<UnitState>{content.state} : way;
        moved.lot_key = unit.lot_key;
        moved.expires_on = unit.expires_on;
        moved.location = facts.place(*draft.attempt);
        moved.container = unit.container;
        moved.document = unit.document;
        moved.line = unit.line;
        moved.order = unit.order;
        moved.order_line = unit.order_line;
        moved.owner = unit.owner;
        moved.origin = unit.origin;
        draft.body.mentions.push_back(unit_key(content.gtin, content.serial));
        draft.body.changes.emplace_back(std::move(moved));
        ++moved_units;
    }
    // By itself it leaves what it stood on, unless all of that is held.
    const bool leaves = std::none_of(facts.holds.begin(), facts.holds.end(), [&](const auto& hold) {
        return hold.target.starts_with("container:");
    });
    ContainerSet row = container_row(*facts.carton);
    row.location = facts.place(*draft.attempt);
    if (leaves) row.parent.clear();
    draft.body.changes.emplace_back(std::move(row));
    for (const rules::CartonFacts& inside : facts.inside) {
        if (is_awaited(inside, facts.contents)) continue;
        ContainerSet one = container_row(inside);
        one.location = facts.place(*draft.attempt);
        draft.body.changes.emplace_back(std::move(one));
    }
    if (step == Step::quarantine && facts.holds.empty()) {
        HoldPlaced placed;
        placed.id = fmt::format("L{}-q", draft.seq);
        placed.reason = "quarantine";
        placed.target = container_target(facts.carton->sscc);
        placed.placed_by = draft.attempt->actor;
        draft.body.changes.emplace_back(std::move(placed));
    }
    draft.body.did = done_by(step);
    draft.body.progress = fmt::format("{}", moved_units);
}

// A unit that is put somewhere by itself stands on its pallet no more; a hold on the pallet keeps
// it.
void leave_pallet(const rules::Facts& facts, UnitMoved& moved) {
    if (facts.unit->state == UnitState::packed) return;
    for (const rules::HoldFacts& hold : facts.holds)
        if (hold.target.starts_with("container:")) return;
    moved.container.clear();
}

void quarantine(Draft& draft) {
    HoldPlaced placed;
    placed.id = fmt::format("L{}-q", draft.seq);
    placed.reason = "quarantine";
    placed.target =
        unit_key(draft.attempt->what.gtin->text(), draft.attempt->what.serial->as_labelled());
    for (const rules::HoldFacts& hold : draft.facts->holds)
        if (hold.target == placed.target && hold.reason == placed.reason) return;
    placed.placed_by = draft.attempt->actor;
    draft.body.changes.emplace_back(std::move(placed));
}

}  // namespace

void plan_location(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    draft.body.changes.emplace_back(StationSet{
        draft.attempt->station, facts.station_document, facts.station_carton, facts.location->id});
    draft.body.did = "location_chosen";
}

void plan_single_unit(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const Step step = draft.attempt->step;
    if (facts.intent == rules::Intent::choose_location) return plan_location(draft);
    if (facts.intent == rules::Intent::move_container) return move_container(draft);
    if (facts.intent != rules::Intent::take_unit) return;
    if (!facts.is_serialised()) {
        if (step == Step::quarantine) hold_lot(draft);
        return put_away_goods(draft);
    }
    if (!facts.unit) return;
    if (step == Step::quarantine) quarantine(draft);
    UnitMoved moved = unit_row(draft, state_after(*facts.unit, step, !facts.holds.empty()));
    moved.location = facts.place(*draft.attempt);
    leave_pallet(facts, moved);
    // Back on the shelf it is anybody's; what is put away the first time stays promised.
    if (step == Step::putaway && facts.unit->state != UnitState::received) {
        moved.order.clear();
        moved.order_line = 0;
    }
    draft.body.changes.emplace_back(std::move(moved));
    draft.body.did = done_by(step);
}

}  // namespace lotgate::store
