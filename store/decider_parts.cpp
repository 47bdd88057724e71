// A pallet that is loaded, taken back or counted by one scan of its number: each piece on it is
// judged as if it had been scanned by itself, behind the pieces before it. One that is refused
// stops the pallet, and is named; then nothing of it is done.

#include "store/decider.hpp"
#include "store/stations/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace {

rules::Attempt attempt_of(const rules::Attempt& whole, const rules::PartFacts& part) {
    rules::Attempt one = whole;
    one.what = {};
    // Not a second read of the pallet's label: a read of the piece.
    one.observation.raw.clear();
    one.observation.other_codes.clear();
    if (!part.sscc.empty()) {
        if (auto sscc = Sscc::parse(part.sscc)) one.what.sscc = std::move(*sscc);
        return one;
    }
    if (auto gtin = Gtin::parse(part.gtin)) one.what.gtin = std::move(*gtin);
    if (auto lot = Lot::parse(part.lot)) one.what.lot = std::move(*lot);
    one.what.expires_on = part.expires_on;
    one.what.announced = part.announced;
    one.what.taken_from = part.taken_from;
    if (part.announced) one.observation.capture = "PALLET_INFERRED";
    if (part.serial.empty()) {
        one.what.exact_quantity = part.quantity;
        return one;
    }
    if (auto serial = Serial::parse(part.serial)) one.what.serial = std::move(*serial);
    return one;
}

void add_findings(std::vector<rules::Verdict>& all, const std::vector<rules::Verdict>& more) {
    for (const rules::Verdict& finding : more) {
        const bool is_known = std::any_of(all.begin(), all.end(), [&](const auto& known) {
            return known.code == finding.code && known.rule == finding.rule;
        });
        if (!is_known) all.push_back(finding);
    }
}

}  // namespace

rules::Facts Decider::facts_for(const rules::Attempt& attempt,
                                const UnderBody& versions,
                                bool clock_became_suspect) {
    rules::Facts facts = People::are_named_by(attempt) ? rules::Facts() : facts_.read(attempt);
    people_.read(attempt, facts);
    facts.clock_became_suspect = clock_became_suspect;
    facts.hold_age_s = versions.urgent_age_s;
    facts.doc_age_s = versions.main_age_s;
    return facts;
}

void Decider::do_parts(Draft& draft, const UnderBody& versions) {
    const rules::Attempt& attempt = *draft.attempt;
    const rules::Facts& facts = *draft.facts;
    const rules::Judgement whole = draft.judgement;
    std::vector<rules::Verdict> findings = whole.findings;
    draft.body.subject = rules::subject_of(facts, attempt);
    draft.body.mentions.push_back("container:" + facts.carton->sscc);
    plan_people(draft);
    const std::size_t by_people = draft.body.changes.size();
    const std::size_t named_by_then = draft.body.mentions.size();
    // What the pieces change is tried, so that each is judged behind those before it, and taken
    // back: the event as a whole is folded once, like any other.
    const Deferred::Unwritten unsettled = projections_.unsettled();
    database_->execute("SAVEPOINT pieces");
    bool is_stopped = false;
    for (const rules::PartFacts& part : facts.parts) {
        const rules::Attempt one = attempt_of(attempt, part);
        const rules::Facts known = facts_for(one, versions, false);
        draft.attempt = &one;
        draft.facts = &known;
        draft.judgement = rules::judge(known, one);
        is_stopped = draft.judgement.verdict.blocks();
        if (is_stopped) {
            draft.body.changes.resize(by_people);
            draft.body.mentions.resize(named_by_then);
            draft.body.effects.clear();
            draft.body.document.clear();
            draft.body.did.clear();
            draft.body.progress.clear();
            rules::Verdict& stopped = draft.judgement.verdict;
            plan_cards(draft);
            stopped.told = fmt::format("{} stays as a whole. {}", facts.carton->sscc, stopped.told);
            break;
        }
        const std::size_t before = draft.body.changes.size();
        plan_part(draft);
        add_findings(findings, draft.judgement.findings);
        projections_.try_changes(draft.seq,
                                 attempt.station,
                                 std::span<const Change>(draft.body.changes).subspan(before));
    }
    database_->execute("ROLLBACK TO pieces; RELEASE pieces");
    projections_.go_back_to(unsettled);
    draft.attempt = &attempt;
    draft.facts = &facts;
    if (is_stopped) return;
    draft.is_part = false;
    draft.judgement = whole;
    plan_cards(draft);
    draft.judgement.findings = std::move(findings);
    draft.judgement.verdict = rules::named_of(draft.judgement.findings);
    plan_container_done(draft);
}

}  // namespace lotgate::store
