// Pallets: begun, built and taken apart at a pallet station, and what becomes of a container whose
// content was loaded, taken back or counted piece by piece.

#include "store/facts_reader.hpp"
#include "store/projections/feed_fold.hpp"
#include "store/ranges.hpp"
#include "store/stations/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

using rules::Intent;
using rules::Step;

namespace {

void take_in_hand(Draft& draft, const std::string& carton) {
    draft.body.changes.emplace_back(StationSet{
        draft.attempt->station, draft.facts->station_document, carton, draft.facts->station_place});
}

std::string held_by(const rules::LoadFacts& load, std::int64_t more) {
    return fmt::format("{}", std::max<std::int64_t>(load.containers + load.units + more, 0));
}

// What is on it is not known yet: its number is, so that goods are scanned onto it.
void print_label(Draft& draft, const std::string& sscc) {
    const rules::StationPolicy& policy = *draft.attempt->policy;
    if (policy.printer.empty()) return;
    EffectBody effect;
    effect.id = draft.next_id();
    effect.kind = "print";
    effect.subject = sscc;
    PrintRequest print;
    print.printer = policy.printer;
    print.label_template = policy.label_template;
    print.stale_after.us = draft.attempt->at.us + policy.label_stale_after_s * 1'000'000;
    print.fields = {{"sscc", sscc},
                    {"order", ""},
                    {"customer", ""},
                    {"route", ""},
                    {"lines", "PALLET"},
                    {"count", ""}};
    effect.print = std::move(print);
    draft.body.effects.push_back(std::move(effect));
}

std::string number_taken(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    RangeFacts range;
    range.kind = "sscc";
    range.id = facts.range;
    range.next = facts.range_next;
    range.left = facts.range_left;
    range.low = facts.range_low;
    draft.body.changes.emplace_back(SsccTaken{facts.range, facts.range_next});
    if (auto low = low_water(range, draft.next_id()))
        draft.body.changes.emplace_back(std::move(*low));
    return range.number();
}

void open_pallet(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    ContainerSet pallet;
    if (facts.carton) {
        pallet = container_row(*facts.carton);
        if (pallet.kind == "pallet") pallet.state = "OPEN";
    } else {
        const bool is_ours = !draft.attempt->what.sscc;
        pallet.sscc = is_ours ? number_taken(draft) : draft.attempt->what.sscc->text();
        pallet.id = pallet.sscc;
        pallet.kind = "pallet";
        pallet.state = "OPEN";
        pallet.location = facts.place(*draft.attempt);
        if (is_ours) {
            pallet.label = "intended";
            print_label(draft, pallet.sscc);
        }
    }
    pallet.station = draft.attempt->station;
    take_in_hand(draft, pallet.id);
    draft.body.mentions.push_back(container_target(pallet.sscc));
    draft.body.subject = pallet.sscc;
    draft.body.did = "pallet_opened";
    draft.body.changes.emplace_back(std::move(pallet));
}

// The order of a pallet is that of all its cartons, or none.
std::string order_of(const rules::Facts& facts) {
    const std::string& document = facts.carton->document;
    if (facts.carton->kind == "inbound") return {};
    if (facts.load.is_empty()) return document;
    return !facts.load.is_of_many_orders && facts.load.document == document ? document
                                                                            : std::string();
}

void set_pallet(Draft& draft, const std::string& document) {
    ContainerSet pallet = container_row(*draft.facts->pallet);
    pallet.document = document;
    pallet.location = draft.facts->place(*draft.attempt);
    draft.body.changes.emplace_back(std::move(pallet));
}

void done(Draft& draft, std::int64_t more) {
    const rules::Facts& facts = *draft.facts;
    draft.body.did = facts.comes_off ? "taken_off_pallet" : "put_on_pallet";
    draft.body.progress = held_by(facts.load, facts.comes_off ? -more : more);
    draft.body.mentions.push_back(container_target(facts.pallet->sscc));
}

void put_container(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    ContainerSet carton = container_row(*facts.carton);
    carton.parent = facts.comes_off ? std::string() : facts.pallet->id;
    carton.location = facts.place(*draft.attempt);
    draft.body.changes.emplace_back(std::move(carton));
    const bool was_last = facts.comes_off && facts.load.containers + facts.load.units == 1;
    std::string document = facts.pallet->document;
    if (!facts.comes_off) document = order_of(facts);
    set_pallet(draft, was_last ? std::string() : document);
    done(draft, 1);
}

void put_goods(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const std::string own = "carton:" + facts.pallet->id;
    const std::string& place = facts.place(*draft.attempt);
    if (facts.is_serialised()) {
        UnitMoved moved = unit_row(draft, facts.unit->state);
        moved.container = facts.comes_off ? std::string() : facts.pallet->id;
        moved.location = place;
        draft.body.changes.emplace_back(std::move(moved));
    } else {
        std::int64_t wanted = facts.quantity(*draft.attempt);
        for (const rules::StockFacts& stock : facts.stock) {
            const std::int64_t taken = std::min(wanted, stock.quantity);
            if (taken <= 0) break;
            draft.body.changes.emplace_back(BalanceMoved{draft.attempt->what.gtin->text(),
                                                         facts.lot_key(*draft.attempt),
                                                         stock.place,
                                                         facts.comes_off ? place : own,
                                                         taken,
                                                         stock.owner});
            wanted -= taken;
        }
    }
    if (!facts.comes_off) set_pallet(draft, facts.pallet->document);
    done(draft, 1);
}

void close_pallet(Draft& draft) {
    ContainerSet pallet = container_row(*draft.facts->pallet);
    if (pallet.kind == "pallet") pallet.state = "PACKED";
    if (draft.attempt->what.sscc && pallet.label == "intended") pallet.label = "verified";
    draft.body.mentions.push_back(container_target(pallet.sscc));
    draft.body.subject = pallet.sscc;
    draft.body.document = pallet.document;
    draft.body.changes.emplace_back(std::move(pallet));
    take_in_hand(draft, {});
    draft.body.did = "pallet_closed";
    draft.body.progress = held_by(draft.facts->load, 0);
}

void turn(Draft& draft) {
    const bool comes_off = draft.facts->spoken == off_pallet_code;
    const std::string& id = draft.facts->pallet->id;
    take_in_hand(draft, comes_off ? std::string(station_off) + id : id);
    draft.body.mentions.push_back(container_target(draft.facts->pallet->sscc));
    draft.body.did = comes_off ? "pallet_turned_off" : "pallet_turned_on";
}

}  // namespace

void plan_palletise(Draft& draft) {
    switch (draft.facts->intent) {
        case Intent::open_pallet:
            return open_pallet(draft);
        case Intent::put_on_pallet:
            return put_container(draft);
        case Intent::take_unit:
            return put_goods(draft);
        case Intent::close_pallet:
            return close_pallet(draft);
        case Intent::turn_pallet:
            return turn(draft);
        case Intent::choose_location:
            return plan_location(draft);
        default:
            return;
    }
}

void plan_container_done(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const Step step = draft.attempt->step;
    if (step == Step::receive) return plan_announced_done(draft);
    const auto done_with = [&](const rules::CartonFacts& container, bool is_scanned) {
        ContainerSet row = container_row(container);
        if (step == Step::count) {
            row.location = facts.count_place;
        } else if (step == Step::pick) {
            row.location = facts.place(*draft.attempt);
        } else {
            row.state = step == Step::ship ? "SHIPPED" : "RETURNED";
            row.station = draft.attempt->station;
            row.location.clear();
        }
        if (is_scanned) row.parent.clear();
        draft.body.changes.emplace_back(std::move(row));
    };
    done_with(*facts.carton, true);
    for (const rules::CartonFacts& container : facts.inside)
        if (step != Step::ship || container.kind != "carton") done_with(container, false);
    draft.body.subject = facts.carton->sscc;
    // A picker is told how far the order is.
    if (step == Step::pick) draft.body.document = facts.document->id;
    if (step == Step::pick) return;
    draft.body.progress = fmt::format("{}", facts.parts.size());
    if (step == Step::ship) draft.body.document = facts.carton->document;
}

}  // namespace lotgate::store
