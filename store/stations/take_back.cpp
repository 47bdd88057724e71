// Returns: the document is opened by its code; a unit comes back from where it was shipped, goods
// counted by lot from what is out with that customer. Nothing is credited that was not shipped.

#include "store/facts_reader.hpp"
#include "store/projections/feed_fold.hpp"
#include "store/stations/plan.hpp"

#include <algorithm>

namespace lotgate::store {

namespace {

void open_return(Draft& draft) {
    const rules::DocumentFacts& document = *draft.facts->scanned_document;
    draft.body.changes.emplace_back(
        StationSet{draft.attempt->station, document.id, draft.facts->station_carton});
    draft.body.did = "document_opened";
    draft.body.document = document.id;
    draft.body.progress = progress_of(document.done, document.quantity);
}

// On the return's own line, or beside its lines; an order's lines count what left.
void count_on_return(Draft& draft, std::int64_t quantity) {
    const rules::Facts& facts = *draft.facts;
    if (!facts.document || facts.document->kind != "rma") return;
    const rules::LineFacts* line = facts.line_with_room(*draft.attempt);
    const std::int64_t number = line == nullptr ? 0 : line->line;
    draft.body.changes.emplace_back(LineDone{facts.document->id, number, quantity, 0});
    draft.body.mentions.push_back(document_target(facts.document->id));
    draft.body.progress = progress_of(facts.document->done + quantity, facts.document->quantity);
}

void take_back_goods(Draft& draft) {
    std::int64_t wanted = draft.facts->quantity(*draft.attempt);
    count_on_return(draft, wanted);
    for (const rules::StockFacts& stock : draft.facts->shipped_stock) {
        const std::int64_t taken = std::min(wanted, stock.quantity);
        if (taken <= 0) break;
        BalanceMoved moved{draft.attempt->what.gtin->text(),
                           draft.facts->lot_key(*draft.attempt),
                           stock.place,
                           draft.attempt->station,
                           taken};
        moved.owner = stock.owner;
        draft.body.mentions.push_back(document_target(stock.place.substr(8)));
        draft.body.changes.emplace_back(std::move(moved));
        wanted -= taken;
    }
    draft.body.did = "taken_back";
}

void choose_grade(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const bool is_none = facts.spoken == "NONE";
    draft.body.changes.emplace_back(
        StationSet{draft.attempt->station,
                   facts.station_document,
                   is_none ? std::string() : std::string(station_grade) + facts.spoken});
    draft.body.did = "grade_chosen";
}

}  // namespace

void plan_return(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    if (facts.intent == rules::Intent::open_document) return open_return(draft);
    if (facts.intent == rules::Intent::choose_grade) return choose_grade(draft);
    if (facts.intent != rules::Intent::take_unit) return;
    if (!facts.is_serialised()) return take_back_goods(draft);
    if (!facts.unit) return;
    UnitMoved moved = unit_row(draft, UnitState::returned);
    moved.location = draft.attempt->station;
    moved.container.clear();
    draft.body.changes.emplace_back(std::move(moved));
    // The grade of an earlier return says nothing about this one; the station's says all.
    const bool comes_now = facts.unit->state == UnitState::shipped;
    if (!facts.station_grade.empty() || (comes_now && !facts.return_route.empty()))
        draft.body.changes.emplace_back(Graded{
            unit_key(draft.attempt->what.gtin->text(), draft.attempt->what.serial->as_labelled()),
            facts.station_grade,
            std::string(rules::route_of_grade(facts.station_grade))});
    if (comes_now) count_on_return(draft, 1);
    draft.body.did = "taken_back";
}

}  // namespace lotgate::store
