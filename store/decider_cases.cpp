// What a decision about a case does beyond closing it: the operation of the table of effects, as if
// its person had asked for it, in the event that closes the case.

#include "store/decider.hpp"
#include "store/operations/reader.hpp"
#include "store/operations/table.hpp"
#include "store/rules/case_effects.hpp"
#include "store/rules/rule.hpp"

#include <fmt/format.h>

namespace lotgate::store {

namespace {

using Arguments = std::vector<std::pair<std::string, std::string>>;

// "unit:<gtin>/<serial>", "container:<sscc>", "document:<id>" as arguments; none where the subject
// does not say it all (a lot does not say how much).
Arguments arguments_of(const std::string& subject, const CaseDecision& decision) {
    const std::size_t colon = subject.find(':');
    const std::string kind = subject.substr(0, colon);
    const std::string name = colon == std::string::npos ? "" : subject.substr(colon + 1);
    if (kind == "container") return {{"sscc", name}};
    if (kind == "document") return {{"document", name}};
    const std::size_t slash = name.find('/');
    if (kind != "unit" || slash == std::string::npos) return {};
    Arguments arguments{{"gtin", name.substr(0, slash)}, {"serial", name.substr(slash + 1)}};
    if (decision.decision == "return_to_vendor")
        arguments.emplace_back("document", fmt::format("RTV-{}", decision.case_id));
    return arguments;
}

}  // namespace

// As for operations: what anybody may decide needs a badge, the rest a role and its PIN. A wrong
// PIN is written down and counts; what is lacking else is only told.
Result<std::string> Decider::may_decide(const CaseDecision& decision, std::string_view kind) {
    const rules::CaseKind* row = rules::case_kind_of(kind);
    if (row == nullptr || !people_.are_known()) return std::string();
    const auto person = people_.person(decision.actor, decision.at);
    const auto wanted = rules::role_named(row->who).value_or(rules::Role::worker);
    if (!person || person->role < wanted)
        return fail(FaultCode::conflict,
                    fmt::format("case {} is decided by {}; ask one of them, or their badge is not "
                                "known at this site",
                                decision.case_id,
                                row->who));
    if (wanted == rules::Role::worker) return std::string();
    if (person->is_locked)
        return fail(FaultCode::conflict,
                    "the badge is locked after wrong PINs; ask another one, or wait");
    return std::string(decision.wrong_pin.empty() ? "" : "PIN_WRONG");
}

void Decider::count_pin(const CaseDecision& decision, std::string_view kind, ReportBody& body) {
    const rules::CaseKind* row = rules::case_kind_of(kind);
    if (row == nullptr || row->who == rules::name_of(rules::Role::worker)) return;
    const auto person = people_.person(decision.actor, decision.at);
    if (!person) return;
    const bool is_wrong = !decision.wrong_pin.empty();
    PinChanges changes = pin_changes(decision.actor, *person, is_wrong, decision.at);
    if (changes.locked) {
        changes.locked->id = static_cast<std::int64_t>(number_of(next(ledger_.head().seq))) * 16;
        body.changes.emplace_back(std::move(*changes.locked));
    }
    if (changes.tried) body.changes.emplace_back(std::move(*changes.tried));
}

Result<Outcome> Decider::refuse(const CaseDecision& decision, ReportBody body) {
    rules::Verdict verdict = rules::refused(
        rules::Step::count,
        "PIN_WRONG",
        fmt::format(
            "The PIN is wrong. Try again; after {} wrong ones in a row the badge is locked.",
            rules::wrong_pins_max));
    verdict.rule = "G-20";
    body.refusal = verdict;
    LedgerRow event = row("case_decided");
    event.actor = decision.actor;
    event.request_id = decision.request_id;
    Outcome outcome = write(event, body);
    outcome.verdict = std::move(verdict);
    return outcome;
}

Result<> Decider::do_effect(const CaseDecision& decision,
                            const std::string& subject,
                            ReportBody& body) {
    const rules::CaseEffect* effect = rules::case_effect_of(decision.decision);
    if (effect == nullptr || effect->operation.empty() || effect->operation == "lift_hold")
        return {};
    const OperationRow* kind = operation_named(effect->operation);
    if (kind == nullptr)
        return fail(FaultCode::invalid_input, "this site has no such operation", decision.decision);
    Operation operation;
    operation.kind = kind->id;
    operation.authority.badge = decision.actor;
    operation.authority.reason = decision.reason.empty() ? decision.decision : decision.reason;
    operation.arguments = arguments_of(subject, decision);
    operation.at = decision.at;
    if (operation.arguments.empty())
        return fail(FaultCode::conflict,
                    fmt::format("{} is not one unit, carton or document: do it with `lotgate do "
                                "{}`, then decide the case as handled",
                                subject,
                                kind->id));
    const CheckedCall checked = check_arguments(*kind, operation);
    OperationDraft draft;
    draft.row = kind;
    draft.call = &checked.call;
    draft.seq = number_of(next(ledger_.head().seq));
    draft.body.verdict = checked.refusal;
    if (!draft.is_refused()) {
        OperationFacts facts = read_operation_facts(*database_, facts_, checked.call);
        if (kind->read_more != nullptr) kind->read_more(*database_, checked.call, facts);
        draft.facts = &facts;
        kind->plan(draft);
        draft.facts = nullptr;
    }
    if (draft.is_refused())
        return fail(FaultCode::conflict, "nothing was decided: " + draft.body.verdict.told);
    for (Change& change : draft.body.changes) body.changes.push_back(std::move(change));
    for (std::string& mention : draft.body.mentions) body.mentions.push_back(std::move(mention));
    for (EffectBody& one : draft.body.effects) body.effects.push_back(std::move(one));
    return {};
}

}  // namespace lotgate::store
