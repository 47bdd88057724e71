#include "store/stations/plan.hpp"

#include "store/model/assert.hpp"
#include "store/projections/feed_fold.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

using rules::Intent;
using rules::Step;

namespace {

constexpr int ids_per_event = 16;

// What the attempt is about, as holds, cases and traces name it.
std::string key_of(const Draft& draft) {
    const rules::ScannedIdentity& what = draft.attempt->what;
    if (what.sscc) return container_target(what.sscc->text());
    if (what.gtin && what.serial) return unit_key(what.gtin->text(), what.serial->as_labelled());
    if (what.gtin && what.lot) return lot_target(what.gtin->text(), what.lot->key());
    if (what.gtin) return product_target(what.gtin->text());
    if (!what.product_codes.empty()) return "code:" + what.product_codes.front();
    if (draft.facts->scanned_document) return document_target(draft.facts->scanned_document->id);
    if (draft.facts->intent == Intent::show_badge) return "badge:" + draft.facts->spoken;
    if (draft.attempt->observation.is_no_read) return "station:" + draft.attempt->station;
    return "code:" + rules::subject_of(*draft.facts, *draft.attempt);
}

std::string hold_target_of(const Draft& draft) {
    const rules::ScannedIdentity& what = draft.attempt->what;
    const std::string& gtin = what.gtin->text();
    if (draft.facts->is_serialised() && what.serial)
        return unit_key(gtin, what.serial->as_labelled());
    return lot_target(gtin, draft.facts->lot_key(*draft.attempt));
}

std::string place_hold(Draft& draft, const rules::Verdict& finding) {
    const std::string_view reason = rules::hold_reason_of(finding.code);
    const bool is_lot_of_books = finding.code == "BALANCE_BROKEN" && draft.facts->broken;
    if (reason.empty() || (!draft.attempt->what.gtin && !is_lot_of_books)) return {};
    const std::string target =
        is_lot_of_books ? lot_target(draft.facts->broken->gtin, draft.facts->broken->lot_key)
                        : hold_target_of(draft);
    for (const rules::HoldFacts& hold : draft.facts->holds)
        if (hold.target == target && hold.reason == reason) return hold.id;
    HoldPlaced placed;
    placed.id = fmt::format("L{}-{}", draft.seq, draft.body.changes.size());
    placed.reason = reason;
    placed.target = target;
    placed.placed_by = "rule " + finding.rule;
    placed.note = finding.told;
    std::string id = placed.id;
    draft.body.changes.emplace_back(std::move(placed));
    return id;
}

// A pallet of many pieces that have the same to tell opens a few cards for them, not hundreds.
bool is_told_already(const Draft& draft, const std::string& code) {
    constexpr int cards_of_pieces = ids_per_event / 2;
    constexpr int left_for_the_whole = 4;
    if (!draft.is_part || draft.ids < cards_of_pieces) return false;
    if (draft.ids >= ids_per_event - left_for_the_whole) return true;
    return std::any_of(draft.body.changes.begin(), draft.body.changes.end(), [&](const Change& c) {
        const auto* opened = std::get_if<CaseOpened>(&c);
        return opened != nullptr && opened->kind == code;
    });
}

void open_case(Draft& draft, const rules::Verdict& finding, std::string hold) {
    const rules::CaseKind* kind = rules::case_kind_of(finding.code);
    if (kind == nullptr || is_told_already(draft, finding.code)) return;
    CaseOpened opened;
    opened.id = draft.next_id();
    opened.kind = finding.code;
    opened.subject = key_of(draft);
    opened.told = finding.told;
    opened.who = kind->who;
    opened.decisions = kind->decisions;
    opened.hold = std::move(hold);
    if (const auto limit_s = rules::case_due_s(finding.code))
        opened.due = Instant{draft.attempt->at.us + *limit_s * 1'000'000};
    draft.body.changes.emplace_back(std::move(opened));
}

// Whatever somebody let pass, the cloud is told of, with who and why.
void open_override_case(Draft& draft, const rules::Verdict& finding) {
    const rules::Authority& given = *draft.attempt->authority;
    rules::Verdict told = finding;
    told.code = "OVERRIDE_" + finding.code;
    std::string who = given.badge;
    if (!given.second_badge.empty()) who += " and " + given.second_badge;
    told.told = fmt::format("{} let this pass ({}) although: {}",
                            who,
                            given.reason.empty() ? "confirmed" : given.reason,
                            finding.told);
    open_case(draft, told, {});
}

// The named verdict, and every custody finding, is something a person looks at.
void plan_cases(Draft& draft) {
    const rules::Verdict& named = draft.judgement.verdict;
    const bool is_stale = draft.found("STALE_SCAN");
    if (is_stale) return;
    for (const rules::Verdict& finding : draft.judgement.findings) {
        if (!finding.overruled.empty()) {
            open_override_case(draft, finding);
            continue;
        }
        const bool is_named = finding.code == named.code && finding.rule == named.rule;
        const bool holds = finding.decision == rules::Decision::hold && !named.blocks();
        if (!is_named && !holds) continue;
        std::string hold;
        const bool twin_is_here = finding.code == "SERIAL_DUPLICATE" && draft.facts->unit &&
                                  rules::is_on_site(draft.facts->unit->state) &&
                                  draft.attempt->policy->duplicate_holds_both;
        // Nothing moves in the books, and what was brought must not be taken for stock.
        const bool is_custody =
            finding.code == "NEVER_SOLD" || finding.code == "RETURN_NO_OUTBOUND" ||
            finding.code == "SERIAL_RETIRED" || finding.code == "BALANCE_BROKEN";
        if (holds || twin_is_here || is_custody) hold = place_hold(draft, finding);
        open_case(draft, finding, std::move(hold));
    }
}

}  // namespace

std::int64_t Draft::next_id() {
    LG_ASSERT(ids < ids_per_event);
    return static_cast<std::int64_t>(seq) * ids_per_event + ids++;
}

bool Draft::found(std::string_view code) const {
    for (const rules::Verdict& finding : judgement.findings)
        if (finding.code == code) return true;
    return false;
}

void plan(Draft& draft) {
    draft.body.subject = rules::subject_of(*draft.facts, *draft.attempt);
    draft.body.mentions.push_back(key_of(draft));
    if (draft.facts->document) draft.body.document = draft.facts->document->id;
    const bool goes_on = !draft.judgement.verdict.blocks() && !draft.found("REREAD");
    const Step step = draft.attempt->step;
    plan_people(draft);
    if (step == Step::pack || step == Step::pick) note_considered(draft);
    if (goes_on && step == Step::receive) plan_receive(draft);
    if (goes_on && (step == Step::pack || step == Step::pick)) plan_pack(draft);
    if (goes_on && step == Step::ship) plan_ship(draft);
    if (goes_on && (step == Step::putaway || step == Step::quarantine)) plan_single_unit(draft);
    if (goes_on && step == Step::take_back) plan_return(draft);
    if (goes_on && step == Step::count) plan_count(draft);
    if (goes_on && step == Step::palletise) plan_palletise(draft);
    if (step == Step::divert) plan_divert(draft);
    if (draft.judgement.verdict.accepted() && draft.found("REREAD")) {
        draft.body.did = draft.facts->last_read->did;
        draft.body.document = draft.facts->last_read->document;
        draft.body.progress = draft.facts->last_read->progress;
    }
    plan_cases(draft);
}

void plan_part(Draft& draft) {
    draft.is_part = true;
    draft.body.mentions.push_back(key_of(draft));
    switch (draft.attempt->step) {
        case Step::receive:
            plan_receive(draft);
            break;
        case Step::pick:
            plan_pack(draft);
            break;
        case Step::ship:
            plan_ship(draft);
            break;
        case Step::take_back:
            plan_return(draft);
            break;
        default:
            plan_count(draft);
    }
    plan_cases(draft);
}

void plan_cards(Draft& draft) {
    draft.body.mentions.push_back(key_of(draft));
    plan_cases(draft);
}

UnitMoved unit_row(const Draft& draft, UnitState to) {
    const rules::ScannedIdentity& what = draft.attempt->what;
    const rules::UnitFacts none;
    UnitMoved moved = unit_row(what.gtin->text(),
                               what.serial->as_labelled(),
                               draft.facts->unit ? *draft.facts->unit : none);
    moved.way = way_to(draft, to);
    return moved;
}

std::vector<UnitState> way_to(const Draft& draft, UnitState to) {
    const UnitState from = draft.facts->unit ? draft.facts->unit->state : UnitState::none;
    if (from == to) return {to};
    return rules::way(from, to, rules::name_of(draft.attempt->step));
}

std::string progress_of(std::int64_t done, std::int64_t of) {
    return fmt::format("{} / {}", done, of);
}

}  // namespace lotgate::store
