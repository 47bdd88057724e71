// What was weighed against each other where stock was chosen: it stands in the event, so that "why
// this lot" is answered from the ledger alone, when the stock has long gone.

#include "store/rules/need.hpp"
#include "store/stations/plan.hpp"

namespace lotgate::store {

using rules::Intent;

namespace {

constexpr std::size_t lines_max = 20;
constexpr std::size_t stock_max = 5;  // of a line

ConsideredBody terms_of(const rules::Need& need) {
    ConsideredBody body;
    if (need.rotation != rules::Rotation::none) {
        body.rotation = rules::name_of(need.rotation);
        body.said_by = need.rotation_by;
    }
    body.delivered_on = need.delivered_on;
    body.min_life_days = need.min_life_days;
    return body;
}

void add(ConsideredBody& body, const rules::Candidate& candidate, std::string_view said) {
    ConsideredStock stock;
    stock.lot = candidate.lot_raw;
    stock.serial = candidate.serial;
    stock.place = candidate.place;
    stock.expires_on = candidate.expires_on;
    stock.quantity = candidate.quantity;
    stock.said = said;
    body.stock.push_back(std::move(stock));
}

void add_opened(Draft& draft) {
    for (const rules::AskFacts& ask : draft.facts->asks) {
        if (draft.body.considered.size() == lines_max) return;
        ConsideredBody body = terms_of(ask.need);
        body.line = ask.line;
        body.gtin = ask.gtin;
        for (const rules::Candidate& candidate : ask.candidates) {
            if (body.stock.size() == stock_max) break;
            add(body, candidate, body.stock.empty() ? "goes first" : "next");
        }
        draft.body.considered.push_back(std::move(body));
    }
}

void add_taken(Draft& draft) {
    const rules::Facts& facts = *draft.facts;
    const rules::LineFacts* line = rules::line_for(facts, *draft.attempt);
    if (!facts.document || !facts.product || line == nullptr) return;
    const rules::Need need = rules::need_of(facts, *draft.attempt, line);
    const bool was_chosen = need.rotation != rules::Rotation::none || !facts.promised.empty();
    if (!was_chosen) return;
    ConsideredBody body = terms_of(need);
    body.line = line->line;
    body.gtin = draft.attempt->what.gtin->text();
    rules::Candidate taken = rules::taken_by(facts, *draft.attempt);
    if (facts.unit) taken.place = facts.unit->location;
    if (facts.is_serialised() && draft.attempt->what.serial)
        taken.serial = draft.attempt->what.serial->as_labelled();
    add(body, taken, draft.judgement.verdict.blocks() ? "asked for" : "taken");
    for (const rules::Candidate& candidate : facts.shelf) add(body, candidate, "goes first");
    for (const rules::PromiseFacts& promise : facts.promised) {
        if (body.stock.size() == stock_max) break;
        rules::Candidate candidate;
        candidate.lot_raw = promise.lot_raw.empty() ? promise.lot_key : promise.lot_raw;
        candidate.serial = promise.serial;
        candidate.place = promise.place;
        candidate.quantity = promise.quantity;
        add(body, candidate, "promised");
    }
    draft.body.considered.push_back(std::move(body));
}

}  // namespace

void note_considered(Draft& draft) {
    if (draft.found("REREAD")) return;
    if (draft.facts->intent == Intent::open_document) add_opened(draft);
    if (draft.facts->intent == Intent::take_unit) add_taken(draft);
}

}  // namespace lotgate::store
