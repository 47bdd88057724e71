// Routing cartons at a conveyor's decision point, and loading them at the door.

#include "store/projections/feed_fold.hpp"
#include "store/rules/lane_choice.hpp"
#include "store/stations/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

using rules::Step;

namespace {

const rules::LineFacts* line_of(const rules::Facts& facts, const rules::ContentFacts& content) {
    const rules::LineFacts* any = nullptr;
    for (const rules::LineFacts& line : facts.lines) {
        if (line.gtin != content.gtin) continue;
        if (line.lot_key == content.lot_key && !line.lot_key.empty()) return &line;
        if (line.lot_key.empty() && any == nullptr) any = &line;
    }
    return any;
}

void ship_unit(Draft& draft, const rules::ContentFacts& content) {
    const rules::UnitFacts& unit = content.unit;
    UnitMoved moved;
    moved.gtin = content.gtin;
    moved.serial = content.serial;
    moved.way = rules::way(unit.state, UnitState::shipped, rules::name_of(Step::ship));
    moved.lot_key = unit.lot_key;
    moved.expires_on = unit.expires_on;
    moved.location = draft.attempt->station;
    moved.container = unit.container;
    moved.document = unit.document;
    moved.line = unit.line;
    moved.order = unit.order;
    moved.order_line = unit.order_line;
    moved.owner = unit.owner;
    moved.origin = unit.origin;
    draft.body.mentions.push_back(unit_key(content.gtin, content.serial));
    draft.body.changes.emplace_back(std::move(moved));
    draft.body.changes.emplace_back(LineDone{unit.order, unit.order_line, 0, 1});
}

void ship_goods(Draft& draft, const rules::ContentFacts& content) {
    const rules::CartonFacts& carton = *draft.facts->carton;
    draft.body.changes.emplace_back(BalanceMoved{content.gtin,
                                                 content.lot_key,
                                                 "carton:" + carton.id,
                                                 "shipped:" + carton.document,
                                                 content.quantity,
                                                 content.unit.owner});
    draft.body.mentions.push_back(lot_target(content.gtin, content.lot_key));
    if (const rules::LineFacts* line = line_of(*draft.facts, content))
        draft.body.changes.emplace_back(LineDone{carton.document, line->line, 0, content.quantity});
}

void open_order_to_ship(Draft& draft) {
    const rules::DocumentFacts& order = *draft.facts->scanned_document;
    draft.body.changes.emplace_back(
        StationSet{draft.attempt->station, order.id, {}, draft.facts->station_place});
    draft.body.did = "document_opened";
    draft.body.document = order.id;
    draft.body.progress = progress_of(order.shipped, order.quantity);
}

// Where nothing is packed: a picked unit, or picked goods of a lot, leave as they are.
void ship_unpacked(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const rules::ContentFacts& content = facts.contents.front();
    const std::string& order = facts.document->id;
    if (content.serial.empty()) {
        std::int64_t wanted = content.quantity;
        for (const rules::StockFacts& stock : facts.stock) {
            const std::int64_t taken = std::min(wanted, stock.quantity);
            if (taken <= 0) break;
            draft.body.changes.emplace_back(BalanceMoved{content.gtin,
                                                         content.lot_key,
                                                         stock.place,
                                                         "shipped:" + order,
                                                         taken,
                                                         stock.owner});
            wanted -= taken;
        }
        draft.body.mentions.push_back(lot_target(content.gtin, content.lot_key));
    } else {
        ship_unit(draft, content);
    }
    const rules::LineFacts* line = line_of(facts, content);
    const std::int64_t number = line == nullptr ? content.unit.order_line : line->line;
    // Packing is where goods are counted on their line; here it is the door. ship_unit() has
    // counted the unit as shipped.
    const std::int64_t shipped = content.serial.empty() ? content.quantity : 0;
    draft.body.changes.emplace_back(
        LineDone{order,
                 content.serial.empty() ? number : content.unit.order_line,
                 content.quantity,
                 shipped});
    draft.body.did = "shipped";
    draft.body.document = order;
    draft.body.mentions.push_back(document_target(order));
    const std::int64_t gone = facts.document->shipped + content.quantity;
    draft.body.progress = progress_of(gone, facts.document->quantity);
    if (gone >= facts.document->quantity)
        draft.body.changes.emplace_back(DocumentState{order, "shipped"});
}

}  // namespace

void plan_ship(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    if (facts.intent == rules::Intent::open_document) return open_order_to_ship(draft);
    if (facts.intent == rules::Intent::take_unit) return ship_unpacked(draft);
    if (facts.intent != rules::Intent::load_carton) return;
    std::int64_t loaded = 0;
    for (const rules::ContentFacts& content : facts.contents) {
        loaded += content.quantity;
        if (content.serial.empty())
            ship_goods(draft, content);
        else
            ship_unit(draft, content);
    }
    const rules::CartonFacts& carton = *facts.carton;
    ContainerSet row = container_row(carton);
    row.state = "SHIPPED";
    row.station = draft.attempt->station;
    // By itself it was taken off the pallet it stood on.
    if (!draft.is_part) row.parent.clear();
    draft.body.changes.emplace_back(std::move(row));
    draft.body.did = "shipped";
    draft.body.document = carton.document;
    draft.body.mentions.push_back(document_target(carton.document));
    if (!facts.document) return;
    const std::int64_t shipped = facts.document->shipped + loaded;
    draft.body.progress = progress_of(shipped, facts.document->quantity);
    if (shipped >= facts.document->quantity)
        draft.body.changes.emplace_back(DocumentState{carton.document, "shipped"});
}

// The PLC is told a lane whatever the verdict is: a carton nobody decides about takes the
// conveyor's default, which may be the wrong truck. Only a stale read says nothing, since the
// carton it speaks of has gone by.
void plan_divert(Draft& draft) {
    const rules::Attempt& attempt = *draft.attempt;
    if (draft.found("STALE_SCAN")) return;
    const rules::Verdict& verdict = draft.judgement.verdict;
    const auto [lane, did] = rules::choose_lane(*draft.facts, attempt, verdict);
    if (!verdict.blocks() && draft.facts->carton && draft.facts->document) {
        ContainerSet row = container_row(*draft.facts->carton);
        row.lane = lane;
        draft.body.changes.emplace_back(std::move(row));
    }
    if (attempt.divert) {
        DivertRequest request;
        request.conveyor = attempt.divert->conveyor;
        request.point = attempt.divert->point;
        request.sequence = attempt.divert->sequence;
        request.tracking_id = attempt.divert->tracking_id;
        request.lane = lane;
        request.reason = rules::divert_reason_of(verdict);
        request.deadline = attempt.divert->deadline;
        EffectBody effect;
        effect.id = draft.next_id();
        effect.kind = "divert";
        effect.subject = draft.body.subject;
        effect.divert = std::move(request);
        draft.body.effects.push_back(std::move(effect));
    }
    draft.body.did = std::string(did);
}

}  // namespace lotgate::store
