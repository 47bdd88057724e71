// Packing (and picking): the order is opened by its code; goods are verified against its lines and
// go into the open carton; the carton closes when the order is complete or the operator says so,
// gets its number from the leased range, and its label is printed and scanned back.

#include "store/projections/feed_fold.hpp"
#include "store/ranges.hpp"
#include "store/rules/need.hpp"
#include "store/stations/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace lotgate::store {

using rules::Intent;
using rules::Step;

namespace {

// Lots and units are promised when the order is opened, in the order of the rotation.
void promise(Draft& draft, const rules::AskFacts& ask) {
    const std::string& order = draft.facts->scanned_document->id;
    std::map<std::string, std::int64_t> of_lot;
    for (const rules::Candidate& pick : rules::direct(ask.candidates, ask.need).picks) {
        if (ask.allocation == "serial" && ask.is_serialised)
            draft.body.changes.emplace_back(UnitPromised{ask.gtin, pick.serial, order, ask.line});
        else
            of_lot[pick.lot_key] += pick.quantity;
    }
    for (const auto& [lot_key, quantity] : of_lot)
        draft.body.changes.emplace_back(Promised{order, ask.line, ask.gtin, lot_key, quantity});
}

void open_order(Draft& draft) {
    const rules::DocumentFacts& order = *draft.facts->scanned_document;
    for (const rules::AskFacts& ask : draft.facts->asks)
        if (ask.allocation == "serial" || ask.allocation == "lot") promise(draft, ask);
    const bool is_taken_over = draft.attempt->step == Step::pack && !order.station.empty() &&
                               order.station != draft.attempt->station;
    if (is_taken_over)
        draft.body.changes.emplace_back(DocumentReleased{order.id, draft.attempt->station});
    std::string carton = draft.facts->station_carton;
    if (carton.empty() && draft.attempt->step == Step::pack) {
        carton = fmt::format("C{}", draft.seq);
        draft.body.changes.emplace_back(
            ContainerSet{carton, {}, "carton", "OPEN", order.id, draft.attempt->station, {}, 0});
    }
    draft.body.changes.emplace_back(StationSet{draft.attempt->station, order.id, carton});
    draft.body.did = "document_opened";
    draft.body.document = order.id;
    draft.body.progress = progress_of(order.done, order.quantity);
}

// The carton in hand, made now where the last one was closed early.
std::string carton_in_hand(Draft& draft) {
    if (draft.facts->carton && draft.facts->carton->state == "OPEN") return draft.facts->carton->id;
    std::string id = fmt::format("C{}", draft.seq);
    const std::string& order = draft.facts->document->id;
    draft.body.changes.emplace_back(
        ContainerSet{id, {}, "carton", "OPEN", order, draft.attempt->station, {}, 0});
    draft.body.changes.emplace_back(StationSet{draft.attempt->station, order, id});
    return id;
}

rules::ContentFacts scanned_content(const Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    rules::ContentFacts content;
    content.gtin = draft.attempt->what.gtin->text();
    content.product_name = facts.product->name;
    if (facts.is_serialised()) content.serial = draft.attempt->what.serial->as_labelled();
    content.lot_key = facts.lot_key(*draft.attempt);
    content.lot_raw = facts.lot ? facts.lot->raw : content.lot_key;
    content.expires_on = facts.expires_on(*draft.attempt);
    content.quantity = facts.quantity(*draft.attempt);
    return content;
}

// The goods of the carton, one row for each product and lot.
std::vector<rules::ContentFacts> summed(const std::vector<rules::ContentFacts>& contents) {
    std::vector<rules::ContentFacts> sums;
    for (const rules::ContentFacts& content : contents) {
        const auto same = std::find_if(sums.begin(), sums.end(), [&](const auto& sum) {
            return sum.gtin == content.gtin && sum.lot_key == content.lot_key;
        });
        if (same == sums.end()) {
            sums.push_back(content);
            continue;
        }
        same->quantity += content.quantity;
        if (content.expires_on && (!same->expires_on || *content.expires_on < *same->expires_on))
            same->expires_on = content.expires_on;
    }
    return sums;
}

PrintRequest label_of(const Draft& draft,
                      const std::string& sscc,
                      const std::vector<rules::ContentFacts>& contents) {
    const rules::DocumentFacts& order = *draft.facts->document;
    const auto sums = summed(contents);
    std::string lines;
    std::int64_t count = 0;
    for (const rules::ContentFacts& sum : sums) {
        count += sum.quantity;
        if (!lines.empty()) lines += "\n";
        lines += fmt::format("{} x {}", sum.quantity, sum.product_name);
        if (!sum.lot_raw.empty()) lines += " lot " + sum.lot_raw;
    }
    PrintRequest print;
    print.printer = draft.attempt->policy->printer;
    print.label_template = draft.attempt->policy->label_template;
    print.stale_after.us =
        draft.attempt->at.us + draft.attempt->policy->label_stale_after_s * 1'000'000;
    print.fields = {{"sscc", sscc},
                    {"order", order.id},
                    {"customer", order.party_name},
                    {"route", order.route},
                    {"lines", lines},
                    {"count", std::to_string(count)}};
    if (sums.size() != 1) return print;
    print.fields.emplace_back("gtin", sums.front().gtin);
    print.fields.emplace_back("product", sums.front().product_name);
    print.fields.emplace_back("lot", sums.front().lot_raw);
    if (sums.front().expires_on) {
        print.fields.emplace_back("expires_on", yymmdd(*sums.front().expires_on));
        print.fields.emplace_back("expires_on_iso", to_string(*sums.front().expires_on));
    }
    return print;
}

void close_carton(Draft& draft,
                  const std::string& carton,
                  const std::vector<rules::ContentFacts>& contents,
                  bool order_is_complete) {
    const rules::Facts& facts = *draft.facts;
    const std::string& station = draft.attempt->station;
    std::string sscc = fmt::format("{:017}", facts.range_next);
    sscc.push_back(gs1_check_digit(sscc));
    draft.body.changes.emplace_back(SsccTaken{facts.range, facts.range_next});
    RangeFacts range;
    range.kind = "sscc";
    range.id = facts.range;
    range.left = facts.range_left;
    range.low = facts.range_low;
    if (auto low = low_water(range, draft.next_id()))
        draft.body.changes.emplace_back(std::move(*low));
    draft.body.changes.emplace_back(
        ContainerSet{carton, sscc, "carton", "PACKED", facts.document->id, station, "intended", 0});
    const std::string& order = facts.document->id;
    if (order_is_complete) draft.body.changes.emplace_back(DocumentState{order, "done"});
    draft.body.changes.emplace_back(
        StationSet{station, order_is_complete ? std::string() : order, {}});
    if (!draft.attempt->policy->printer.empty()) {
        EffectBody effect;
        effect.id = draft.next_id();
        effect.kind = "print";
        effect.subject = sscc;
        effect.print = label_of(draft, sscc, contents);
        draft.body.effects.push_back(std::move(effect));
    }
    draft.body.did = "carton_closed";
    draft.body.mentions.push_back(container_target(sscc));
    draft.body.mentions.push_back(document_target(order));
}

void take_from_stock(Draft& draft, const std::string& place) {
    std::int64_t wanted = draft.facts->quantity(*draft.attempt);
    for (const rules::StockFacts& stock : draft.facts->stock) {
        const std::int64_t taken = std::min(wanted, stock.quantity);
        if (taken <= 0) break;
        draft.body.changes.emplace_back(BalanceMoved{draft.attempt->what.gtin->text(),
                                                     draft.facts->lot_key(*draft.attempt),
                                                     stock.place,
                                                     place,
                                                     taken,
                                                     stock.owner});
        wanted -= taken;
    }
}

// What is taken of a promised lot is promised no more.
void use_promise(Draft& draft, std::int64_t line) {
    const rules::Facts& facts = *draft.facts;
    if (facts.unit && facts.unit->state == UnitState::picked) return;
    const std::string key = facts.lot_key(*draft.attempt);
    std::int64_t taken = facts.quantity(*draft.attempt);
    for (const rules::PromiseFacts& promise : facts.promised) {
        if (promise.line != line || promise.lot_key != key || !promise.serial.empty()) continue;
        const std::int64_t off = std::min(taken, promise.quantity);
        if (off <= 0) continue;
        taken -= off;
        draft.body.changes.emplace_back(
            Promised{facts.document->id, line, draft.attempt->what.gtin->text(), key, -off});
    }
}

void pick_goods(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const std::int64_t line = facts.line_with_room(*draft.attempt)->line;
    const std::int64_t quantity = facts.quantity(*draft.attempt);
    if (facts.is_serialised()) {
        UnitMoved moved = unit_row(draft, UnitState::picked);
        moved.location = draft.attempt->station;
        moved.container.clear();
        moved.order = facts.document->id;
        moved.order_line = line;
        draft.body.changes.emplace_back(std::move(moved));
    } else {
        take_from_stock(draft, "picked:" + facts.document->id);
    }
    use_promise(draft, line);
    draft.body.did = "picked";
    draft.body.progress = progress_of(facts.document->done + quantity, facts.document->quantity);
}

void pack_goods(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const std::string carton = carton_in_hand(draft);
    const std::int64_t line = facts.line_with_room(*draft.attempt)->line;
    const std::int64_t quantity = facts.quantity(*draft.attempt);
    if (facts.is_serialised()) {
        UnitMoved moved = unit_row(draft, UnitState::packed);
        moved.capture = draft.attempt->observation.capture;
        moved.confidence = rules::confidence_of(moved.capture);
        moved.location = draft.attempt->station;
        moved.container = carton;
        moved.order = facts.document->id;
        moved.order_line = line;
        draft.body.changes.emplace_back(std::move(moved));
    } else {
        take_from_stock(draft, "carton:" + carton);
    }
    const bool was_picked =
        !facts.stock.empty() && facts.stock.front().place == "picked:" + facts.document->id;
    if (!was_picked) use_promise(draft, line);
    draft.body.changes.emplace_back(LineDone{facts.document->id, line, quantity, 0});
    const std::int64_t done = facts.document->done + quantity;
    draft.body.did = "packed";
    draft.body.progress = progress_of(done, facts.document->quantity);
    if (!facts.carton_will_close) return;
    auto contents = facts.contents;
    contents.push_back(scanned_content(draft));
    close_carton(draft, carton, contents, true);
}

void close_early(Draft& draft) {
    const rules::DocumentFacts& order = *draft.facts->document;
    close_carton(
        draft, draft.facts->carton->id, draft.facts->contents, order.done >= order.quantity);
    draft.body.subject = order.id;
    draft.body.progress = progress_of(order.done, order.quantity);
}

void verify_label(Draft& draft) {
    const rules::CartonFacts& carton = *draft.facts->carton;
    draft.body.did = "label_verified";
    draft.body.document = carton.document;
    if (carton.label == "verified") return;
    ContainerSet row = container_row(carton);
    row.label = "verified";
    draft.body.changes.emplace_back(std::move(row));
    if (carton.print_effect != 0)
        draft.body.changes.emplace_back(EffectSet{carton.print_effect, "verified", "scanned", 0});
    if (carton.doubt_case != 0)
        draft.body.changes.emplace_back(
            CaseClosed{carton.doubt_case, "printed", "gateway", "the label was scanned"});
}

}  // namespace

void plan_pack(Draft& draft) {
    switch (draft.facts->intent) {
        case Intent::open_document:
            return open_order(draft);
        case Intent::take_unit:
            return draft.attempt->step == Step::pick ? pick_goods(draft) : pack_goods(draft);
        case Intent::close_carton:
            return close_early(draft);
        case Intent::verify_label:
            return verify_label(draft);
        default:
            return;
    }
}

}  // namespace lotgate::store
