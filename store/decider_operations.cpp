// What a person does that is no scan: checked, read, planned, written, in one transaction. A
// refusal is written too; only an operation that does not exist is not.

#include "store/decider.hpp"
#include "store/operations/goods.hpp"
#include "store/operations/reader.hpp"
#include "store/operations/table.hpp"
#include "store/projections/feed_fold.hpp"

#include <fmt/format.h>

namespace lotgate::store {

namespace {

bool is_all_utf8(const Operation& operation) {
    const rules::Authority& who = operation.authority;
    for (const std::string* text : {&operation.request_id,
                                    &operation.station,
                                    &who.badge,
                                    &who.role,
                                    &who.reason,
                                    &who.second_badge,
                                    &who.second_role})
        if (!is_utf8(*text)) return false;
    for (const auto& [name, value] : operation.arguments)
        if (!is_utf8(name) || !is_utf8(value)) return false;
    return true;
}

std::string told_of(std::string_view lacking, const OperationRow& row) {
    if (lacking == "BADGE_REQUIRED") return fmt::format("{} needs a badge. Scan yours.", row.id);
    if (lacking == "REASON_REQUIRED")
        return fmt::format("{} needs a reason. Say why, in a few words.", row.id);
    if (lacking == "SECOND_BADGE_REQUIRED")
        return fmt::format("{} needs two people. Have a second one scan a badge.", row.id);
    if (lacking == "PIN_WRONG")
        return fmt::format(
            "The PIN is wrong. Try again; after {} wrong ones in a row the badge is "
            "locked.",
            rules::wrong_pins_max);
    if (lacking == "BADGE_UNKNOWN")
        return "Nobody here has this badge. Ask for it to be sent to this site.";
    if (lacking == "BADGE_LOCKED")
        return "The badge is locked after wrong PINs. Ask another supervisor, or wait.";
    if (lacking == "GATEWAYS_OWN")
        return fmt::format("{} is done by the gateway itself, at its time.", row.id);
    return fmt::format("{} is not allowed with this badge. Ask a supervisor.", row.id);
}

// what came in of a counted lot is here, shipped or gone; else it is held before it moves.
void stop_broken_lot(OperationDraft& draft, const rules::BrokenFacts& broken) {
    const std::string target = lot_target(broken.gtin, broken.lot_key);
    const std::string told = fmt::format(
        "The books of lot {} do not add up: {} came in, {} are accounted for. It is "
        "held: count it, and have quality decide its card.",
        broken.lot_raw,
        broken.received,
        broken.found);
    draft.refuse("BALANCE_BROKEN", told);
    draft.body.subject = target;
    draft.body.mentions.push_back(target);
    HoldPlaced placed;
    placed.id = fmt::format("L{}-0", draft.seq);
    placed.reason = "conflict";
    placed.target = target;
    placed.placed_by = "rule R-31";
    placed.note = told;
    open_case(draft, "BALANCE_BROKEN", target, told, placed.id);
    draft.body.changes.emplace_back(std::move(placed));
}

}  // namespace

Outcome outcome_from(Seq seq, OperationBody body) {
    Outcome outcome;
    outcome.verdict = std::move(body.verdict);
    outcome.seq = seq;
    outcome.did = std::move(body.did);
    outcome.document = std::move(body.document);
    outcome.subject = std::move(body.subject);
    outcome.effects = effects_from(std::move(body.effects));
    return outcome;
}

std::string_view Decider::lacking(const Operation& operation, const OperationRow& row) {
    if (operation.is_housekeeping) return {};
    const rules::Authority& who = operation.authority;
    if (row.is_housekeeping || who.badge == gateway_badge) return "GATEWAYS_OWN";
    for (const std::string* badge : {&who.badge, &who.second_badge})
        if (const auto person = people_.person(*badge, operation.at); person && person->is_locked)
            return "BADGE_LOCKED";
    return rules::lacking(who, row.who, people_.are_known());
}

// Only PINs that were asked for count: nobody is locked by what needs no PIN.
void Decider::count_pins(const Operation& operation, OperationDraft& draft) {
    const rules::Authority& who = operation.authority;
    if (operation.is_housekeeping || draft.row->who == rules::OverrideClass::operator_confirms)
        return;
    const auto count = [&](const std::string& badge) {
        const auto person = people_.person(badge, operation.at);
        if (!person) return;
        PinChanges changes = pin_changes(badge, *person, who.wrong_pin == badge, operation.at);
        if (changes.locked) {
            changes.locked->id = draft.next_id();
            draft.body.changes.emplace_back(std::move(*changes.locked));
        }
        if (changes.tried) draft.body.changes.emplace_back(std::move(*changes.tried));
    };
    count(who.badge);
    if (who.wrong_pin != who.badge) count(who.second_badge);
}

Result<Outcome> Decider::carry_out(Operation& operation) {
    const OperationRow* row_of_kind = operation_named(operation.kind);
    if (row_of_kind == nullptr)
        return fail(FaultCode::invalid_input,
                    "there is no such operation; `lotgate operations` lists them",
                    operation.kind);
    if (!is_all_utf8(operation))
        return fail(FaultCode::invalid_input, "an operation is written in UTF-8");
    if (auto before = replay(operation.request_id)) return std::move(*before);
    static_cast<void>(trust_clock(operation.site_date, operation.clock_quality));
    const Instant now = site_clock_.now();
    if (is_importing()) LG_CHECK(write_what_concerns(operation));
    people_.complete(operation.authority);
    spelling_.as_known(operation);
    const CheckedCall checked = check_arguments(*row_of_kind, operation);
    OperationDraft draft;
    draft.row = row_of_kind;
    draft.call = &checked.call;
    draft.seq = number_of(next(ledger_.head().seq));
    draft.body.verdict = checked.refusal;
    const std::string_view lacks = lacking(operation, *row_of_kind);
    if (!draft.is_refused() && !lacks.empty())
        draft.refuse(std::string(lacks), told_of(lacks, *row_of_kind));
    OperationFacts facts;
    if (!draft.is_refused()) {
        facts = read_operation_facts(*database_, facts_, checked.call);
        if (row_of_kind->read_more != nullptr)
            row_of_kind->read_more(*database_, checked.call, facts);
        facts.has_exclusive_tracking = config_.has_exclusive_tracking;
        draft.facts = &facts;
        if (facts.broken && row_of_kind->moves_goods)
            stop_broken_lot(draft, *facts.broken);
        else
            row_of_kind->plan(draft);
    }
    count_pins(operation, draft);
    OperationBody& body = draft.body;
    body.at = operation.at;
    body.kind = operation.kind;
    body.under = under(now);
    body.under.clock = operation.clock_quality;
    body.under.site_date = operation.site_date;
    body.authority = std::move(operation.authority);
    body.arguments = std::move(operation.arguments);

    LedgerRow event = row("operation");
    event.station = operation.station;
    event.actor = body.authority.badge;
    event.request_id = operation.request_id;
    event.body = to_json(body);
    ledger_.append(event, now);
    projections_.apply(event.seq, event.station, body);
    if (body.kind == "park_scan") read_parked();
    if (body.kind.starts_with("import_")) read_imports();
    if (body.kind == "archive") load_base();
    return outcome_from(event.seq, std::move(body));
}

}  // namespace lotgate::store
