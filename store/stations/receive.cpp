// Receiving: the ASN is opened by its code or by a pallet of it, or finds itself from an announced
// serial; then goods are counted on its lines.

#include "store/stations/plan.hpp"

namespace lotgate::store {

using rules::Intent;

namespace {

void set_station(Draft& draft, const std::string& document) {
    if (draft.facts->station_document == document) return;
    draft.body.changes.emplace_back(
        StationSet{draft.attempt->station, document, {}, draft.facts->station_place});
}

void open_asn(Draft& draft) {
    const rules::DocumentFacts& asn = *draft.facts->scanned_document;
    set_station(draft, asn.id);
    if (draft.facts->carton && draft.facts->carton->state == "EXPECTED") {
        ContainerSet pallet = container_row(*draft.facts->carton);
        pallet.state = "RECEIVED";
        pallet.station = draft.attempt->station;
        draft.body.changes.emplace_back(std::move(pallet));
    }
    draft.body.did = "document_opened";
    draft.body.document = asn.id;
    draft.body.progress = progress_of(asn.done, asn.quantity);
}

void see_lot(Draft& draft) {
    const rules::ScannedIdentity& what = draft.attempt->what;
    if (!what.lot) return;
    LotSeen seen;
    seen.gtin = what.gtin->text();
    seen.lot_key = what.lot->key();
    seen.raw = what.lot->as_labelled();
    seen.expires_on = what.expires_on;
    seen.best_before = what.best_before;
    seen.sell_by = what.sell_by;
    seen.produced_on = what.produced_on;
    seen.packed_on = what.packed_on;
    seen.expires_at = what.expires_at;
    if (draft.facts->document) {
        seen.supplier = draft.facts->document->party;
        seen.po = draft.facts->document->po;
    }
    if (draft.facts->lot) {
        // Of two dates the earlier one counts until somebody decides.
        const auto& known = draft.facts->lot->expires_on;
        const rules::LotFacts& lot = *draft.facts->lot;
        const bool is_earlier = what.expires_on && (!known || *what.expires_on < *known);
        const auto is_new = [](const auto& said, const auto& known_date) {
            return said && said != known_date;
        };
        const bool is_news = is_earlier || is_new(what.best_before, lot.best_before) ||
                             is_new(what.sell_by, lot.sell_by) ||
                             is_new(what.produced_on, lot.produced_on) ||
                             is_new(what.packed_on, lot.packed_on) || seen.raw != lot.raw;
        if (!is_news) return;
        if (!is_earlier) seen.expires_on = known;
    }
    draft.body.changes.emplace_back(std::move(seen));
}

struct Counted {
    std::string document;
    std::int64_t line = 0;  ///< 0: announced on no line
};

Counted where_counted(const Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    if (facts.unit && facts.unit->state == UnitState::expected)
        return {facts.unit->document, facts.unit->line};
    Counted counted{facts.document->id, 0};
    if (const rules::LineFacts* line = facts.line_with_room(*draft.attempt))
        if (!(facts.is_serialised() && line->has_serials)) counted.line = line->line;
    if (counted.line == 0)
        if (const rules::LineFacts* line = facts.line_within_tolerance(*draft.attempt))
            if (!(facts.is_serialised() && line->has_serials)) counted.line = line->line;
    return counted;
}

std::string owner_of(const rules::Facts& facts) {
    if (facts.document && !facts.document->owner.empty()) return facts.document->owner;
    return facts.product->owner;
}

void receive_goods(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const rules::Attempt& attempt = *draft.attempt;
    const Counted counted = where_counted(draft);
    const std::int64_t quantity = facts.quantity(attempt);
    if (facts.station_document.empty()) set_station(draft, counted.document);
    see_lot(draft);
    if (facts.is_serialised()) {
        UnitMoved moved = unit_row(draft, UnitState::received);
        moved.lot_key = facts.lot_key(attempt);
        moved.expires_on = facts.expires_on(attempt);
        moved.location = facts.place(attempt);
        const std::string& capture = attempt.observation.capture;
        moved.capture = capture.empty() ? std::string("CASE") : capture;
        moved.confidence = rules::confidence_of(capture);
        moved.document = counted.document;
        moved.line = counted.line;
        if (!facts.unit) {
            moved.owner = owner_of(facts);
            moved.origin = "SCAN";
        }
        draft.body.changes.emplace_back(std::move(moved));
    } else {
        draft.body.changes.emplace_back(BalanceMoved{attempt.what.gtin->text(),
                                                     facts.lot_key(attempt),
                                                     {},
                                                     facts.place(attempt),
                                                     quantity,
                                                     owner_of(facts)});
    }
    draft.body.changes.emplace_back(LineDone{counted.document, counted.line, quantity, 0});
    draft.body.did = "received";
    draft.body.document = counted.document;
    const bool is_in_hand = facts.document && facts.document->id == counted.document;
    if (!is_in_hand) return;
    const std::int64_t done = facts.document->done + (counted.line == 0 ? 0 : quantity);
    draft.body.progress = progress_of(done, facts.document->quantity);
    if (done >= facts.document->quantity && facts.document->state == "open")
        draft.body.changes.emplace_back(DocumentState{counted.document, "done"});
}

}  // namespace

void plan_receive(Draft& draft) {
    if (draft.facts->intent == Intent::open_document) open_asn(draft);
    if (draft.facts->intent == Intent::take_unit) receive_goods(draft);
    if (draft.facts->intent == Intent::choose_location) plan_location(draft);
}

}  // namespace lotgate::store
