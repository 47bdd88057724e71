// Receiving: the ASN is opened by its code or by a pallet of it, or finds itself from an announced
// serial; then goods are counted on its lines.

#include "store/projections/feed_fold.hpp"
#include "store/ranges.hpp"
#include "store/stations/plan.hpp"

#include <fmt/format.h>

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

// Its number is a lot's of this site, and every read of the goods prints its label once more: each
// case gets one.
void print_own_lot(Draft& draft, const std::string& lot) {
    const rules::StationPolicy& policy = *draft.attempt->policy;
    if (policy.printer.empty()) return;
    const std::string gtin = draft.attempt->what.gtin->text();
    EffectBody effect;
    effect.id = draft.next_id();
    effect.kind = "print";
    effect.subject = lot_target(gtin, lot_key_of(lot));
    PrintRequest print;
    print.printer = policy.printer;
    print.label_template = policy.lot_label_template;
    print.stale_after.us = draft.attempt->at.us + policy.label_stale_after_s * 1'000'000;
    print.fields = {{"gtin", gtin}, {"product", draft.facts->product->name}, {"lot", lot}};
    if (const auto expires = draft.facts->expires_on(*draft.attempt)) {
        print.fields.emplace_back("expires_on", yymmdd(*expires));
        print.fields.emplace_back("expires_on_iso", to_string(*expires));
    }
    effect.print = std::move(print);
    draft.body.effects.push_back(std::move(effect));
}

// Goods without a lot get one of ours; the next ones of the same document and date share it.
void assign_lot(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const rules::NumberFacts& own = *facts.own_lot;
    if (!own.range.empty()) {
        const rules::ScannedIdentity& what = draft.attempt->what;
        LotSeen seen;
        seen.gtin = what.gtin->text();
        seen.lot_key = lot_key_of(own.number);
        seen.raw = own.number;
        seen.expires_on = what.expires_on;
        seen.best_before = what.best_before;
        seen.produced_on = what.produced_on;
        seen.packed_on = what.packed_on;
        seen.own = true;
        seen.supplier = facts.document->party;
        seen.po = facts.document->po;
        seen.assigned_for = facts.document->id;
        draft.body.changes.emplace_back(std::move(seen));
        draft.body.changes.emplace_back(NumberTaken{"lot", own.range, own.next});
        RangeFacts range;
        range.kind = "lot";
        range.id = own.range;
        range.left = own.left;
        range.low = own.low;
        if (auto low = low_water(range, draft.next_id()))
            draft.body.changes.emplace_back(std::move(*low));
    }
    draft.body.mentions.push_back(
        lot_target(draft.attempt->what.gtin->text(), lot_key_of(own.number)));
    print_own_lot(draft, own.number);
}

void see_lot(Draft& draft) {
    const rules::ScannedIdentity& what = draft.attempt->what;
    if (draft.facts->own_lot) return assign_lot(draft);
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

struct CountedOn {
    std::string document;
    std::int64_t line = 0;  ///< 0: announced on no line
};

CountedOn where_counted(const Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    if (facts.unit && facts.unit->state == UnitState::expected)
        return {facts.unit->document, facts.unit->line};
    CountedOn counted{facts.document->id, 0};
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
    const CountedOn counted = where_counted(draft);
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
        // What came in a case nobody has opened stays in it.
        const auto& announced = attempt.what.announced;
        draft.body.changes.emplace_back(
            BalanceMoved{attempt.what.gtin->text(),
                         facts.lot_key(attempt),
                         {},
                         announced ? "carton:" + announced->container : facts.place(attempt),
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

// The case or pallet came, and whatever stands on it with it. A case that comes after its pallet
// was put away stands by itself.
void plan_announced_done(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const std::string& place = facts.place(*draft.attempt);
    const auto came = [&](const rules::CartonFacts& container) {
        ContainerSet row = container_row(container);
        row.state = "RECEIVED";
        row.station = draft.attempt->station;
        row.location = place;
        return row;
    };
    ContainerSet scanned = came(*facts.carton);
    const bool pallet_is_elsewhere =
        facts.pallet && !facts.pallet->location.empty() && facts.pallet->location != place;
    if (pallet_is_elsewhere) scanned.parent.clear();
    draft.body.changes.emplace_back(std::move(scanned));
    for (const rules::CartonFacts& inside : facts.inside) {
        if (inside.state != "EXPECTED") continue;
        draft.body.mentions.push_back(container_target(inside.sscc));
        draft.body.changes.emplace_back(came(inside));
    }
    set_station(draft, facts.scanned_document->id);
    draft.body.document = facts.scanned_document->id;
}

void plan_receive(Draft& draft) {
    if (draft.facts->intent == Intent::open_document) open_asn(draft);
    if (draft.facts->intent == Intent::take_unit) receive_goods(draft);
    if (draft.facts->intent == Intent::choose_location) plan_location(draft);
}

}  // namespace lotgate::store
