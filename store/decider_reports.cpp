// The commands that are no attempts: the cloud's feed and acknowledgements, what became of
// effects, and what people decided about cases.

#include "store/decider.hpp"
#include "store/labels/label_record.hpp"
#include "store/model/assert.hpp"
#include "store/projections/feed_json.hpp"
#include "store/rules/rule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace {

std::string case_kind_for(const std::string& effect_kind, const EffectReport& report) {
    if (effect_kind == "print") {
        if (report.state == "in_doubt") return "LABEL_IN_DOUBT";
        if (report.state == "failed" || report.state == "expired") return "LABEL_FAILED";
        return {};
    }
    const bool is_bad = report.state != "confirmed" && is_final_effect_state(report.state);
    return is_bad ? "DIVERT_" + rules::code_word(report.state) : std::string();
}

std::string told_about(const std::string& kind,
                       const std::string& subject,
                       const EffectReport& report) {
    const std::string why = report.because.empty() ? std::string() : " (" + report.because + ")";
    if (kind == "LABEL_IN_DOUBT")
        return fmt::format(
            "Nobody knows whether the label of {} was printed{}. Look: if it is "
            "there, scan it; if not, reprint it.",
            subject,
            why);
    if (kind == "LABEL_FAILED")
        return fmt::format(
            "The label of {} was not printed{}. See to the printer and reprint it.", subject, why);
    if (kind == "DIVERT_WRONG_LANE")
        return fmt::format("{} went to lane {} instead of the one it was sent to. Fetch it.",
                           subject,
                           report.lane);
    return fmt::format("The divert of {} ended as {}{}. Look for the carton in the default lane.",
                       subject,
                       report.state,
                       why);
}

bool is_one_of(std::string_view words, std::string_view word) {
    while (!words.empty()) {
        const std::size_t end = words.find(' ');
        if (words.substr(0, end) == word) return true;
        if (end == std::string_view::npos) break;
        words.remove_prefix(end + 1);
    }
    return false;
}

}  // namespace

Outcome Decider::write(LedgerRow& event, const ReportBody& body) {
    event.body = to_json(body);
    ledger_.append(event, site_clock_.now());
    projections_.apply(event.seq, event.station, body);
    Outcome outcome;
    outcome.seq = event.seq;
    outcome.effects = effects_from(body.effects);
    return outcome;
}

Result<Outcome> Decider::carry_out(FeedPage& page) {
    if (page.lane != "main" && page.lane != "urgent")
        return fail(FaultCode::invalid_input, "a feed page is of lane main or urgent", page.lane);
    std::optional<FeedLane>& lane = page.lane == "main" ? main_ : urgent_;
    std::uint64_t cursor = lane ? lane->cursor : 0;
    if (page.after > cursor)
        return fail(FaultCode::conflict,
                    fmt::format("the feed page continues {}, this site stands at {}; send from "
                                "there",
                                page.after,
                                cursor));
    if (is_importing()) LG_CHECK(write_what_concerns(page));
    const Instant now = site_clock_.now();
    // A page without items says that the copy is as new as the cloud's.
    lane = FeedLane{cursor, now};
    Outcome outcome;
    outcome.seq = ledger_.head().seq;
    for (FeedItem& item : page.items) {
        if (item.dseq <= cursor) continue;
        cursor = item.dseq;
        if (!is_utf8(item.kind) || !is_utf8(item.body)) item.body.clear();
        FeedBody body{page.lane, item.dseq, std::move(item.kind), std::move(item.body)};
        if (config_.has_exclusive_tracking && body.kind == "product" && tracks_both(body.item))
            body.refused = "TRACKING_EXCLUSIVE";
        lane->cursor = item.dseq;
        if (page.lane == "main") known_cursor_ = item.dseq;
        LedgerRow event = row("feed_applied");
        event.body = to_json(body);
        ledger_.append(event, now);
        projections_.apply(event.seq, event.hlc, body);
        outcome.seq = event.seq;
        if (database_->fault()) break;
    }
    return outcome;
}

std::vector<Change> Decider::changes_of(const EffectReport& report,
                                        const std::string& kind,
                                        const std::string& request) {
    std::vector<Change> changes;
    changes.emplace_back(EffectSet{report.effect_id, report.state, report.because, report.lane});
    const auto effect = read_effect_body(request);
    const std::string subject = effect ? effect->subject : std::string();
    std::string case_kind = case_kind_for(kind, report);
    if (case_kind.empty() && report.state == "confirmed" && effect && effect->divert &&
        report.lane != 0 && report.lane != effect->divert->lane)
        case_kind = "DIVERT_WRONG_LANE";
    const std::string about = "effect:" + subject;
    if (report.state == "confirmed" || report.state == "verified")
        if (auto rows = case_open_("LABEL_IN_DOUBT", about); rows.next())
            changes.emplace_back(
                CaseClosed{rows.integer(0), "printed", "gateway", "the printer confirmed it"});
    if (case_kind.empty()) return changes;
    const rules::CaseKind* row = rules::case_kind_of(case_kind);
    CaseOpened opened;
    opened.id = static_cast<std::int64_t>(number_of(next(ledger_.head().seq))) * 16;
    opened.kind = case_kind;
    opened.subject = about;
    opened.told = told_about(case_kind, subject, report);
    opened.who = row == nullptr ? "operator" : row->who;
    opened.decisions = row == nullptr ? "handled" : row->decisions;
    changes.emplace_back(std::move(opened));
    return changes;
}

Result<Outcome> Decider::carry_out(EffectReport& report) {
    std::string kind;
    std::string state;
    std::string request;
    std::string subject;
    if (auto rows = effect_(report.effect_id); rows.next()) {
        kind = rows.text(0);
        state = rows.text(1);
        request = rows.text(2);
        subject = rows.text(3);
    }
    if (kind.empty())
        return fail(FaultCode::invalid_input,
                    fmt::format("no effect has the number {}", report.effect_id));
    const bool is_move = !report.printer.empty();
    if (is_move && (kind != "print" || state != "intended" || report.state != "intended"))
        return fail(FaultCode::conflict,
                    fmt::format("label {} is {} already: it cannot go to another printer",
                                report.effect_id,
                                state));
    if (!is_move && (state == report.state || is_final_effect_state(state))) {
        Outcome outcome;
        outcome.seq = ledger_.head().seq;
        outcome.is_replay = true;
        return outcome;
    }
    if (!is_utf8(report.because)) report.because.clear();
    ReportBody body;
    body.at = report.at;
    body.effect = report.effect_id;
    body.state = report.state;
    body.because = report.because;
    body.lane = report.lane;
    if (is_move) {
        body.printer = report.printer;
        body.changes.emplace_back(EffectMoved{report.effect_id, report.printer, report.because});
    } else {
        body.changes = changes_of(report, kind, request);
    }
    if (kind == "print") body.mentions.push_back(label_target(subject));
    LedgerRow event = row("effect_reported");
    return write(event, body);
}

// One case for each decision point: a scanner that is dead is one thing to see to, however many
// cartons go by.
Result<Outcome> Decider::carry_out(const CartonPassed& carton) {
    const std::string about = fmt::format("conveyor:{}/{}", carton.conveyor, carton.point);
    ReportBody body;
    body.at = carton.at;
    body.state = "undecided";
    body.because = fmt::format("tracking {}, sequence {}", carton.tracking_id, carton.sequence);
    body.lane = carton.lane;
    body.mentions.push_back(about);
    const rules::CaseKind* kind = rules::case_kind_of("DIVERT_UNDECIDED");
    LG_ASSERT(kind != nullptr);
    CaseOpened opened;
    opened.id = static_cast<std::int64_t>(number_of(next(ledger_.head().seq))) * 16;
    opened.kind = "DIVERT_UNDECIDED";
    opened.subject = about;
    opened.told = fmt::format(
        "A carton passed decision point {} of {} undecided and went to lane {}. Fetch it there and "
        "look whether the scanner reads.",
        carton.point,
        carton.conveyor,
        carton.lane);
    opened.who = kind->who;
    opened.decisions = kind->decisions;
    body.changes.emplace_back(std::move(opened));
    LedgerRow event = row("carton_passed");
    event.station = carton.station;
    return write(event, body);
}

Result<Outcome> Decider::carry_out(CaseDecision& decision) {
    if (!is_utf8(decision.request_id) || !is_utf8(decision.actor) || !is_utf8(decision.reason))
        return fail(FaultCode::invalid_input, "a decision is written in UTF-8");
    if (auto before = replay(decision.request_id)) return std::move(*before);
    std::string status;
    std::string decisions;
    std::string hold;
    std::string subject;
    std::string kind;
    if (auto rows = case_(decision.case_id); rows.next()) {
        kind = rows.text(4);
        status = rows.text(0);
        decisions = rows.text(1);
        hold = rows.text(2);
        subject = rows.text(3);
    }
    if (status.empty())
        return fail(FaultCode::invalid_input,
                    fmt::format("no case has the number {}", decision.case_id));
    if (status != "open")
        return fail(FaultCode::conflict,
                    fmt::format("case {} was decided before", decision.case_id));
    if (!is_one_of(decisions, decision.decision))
        return fail(FaultCode::invalid_input,
                    fmt::format("case {} can be decided as: {}", decision.case_id, decisions),
                    decision.decision);
    LG_TRY(const std::string lacks, may_decide(decision, kind));
    ReportBody body;
    body.at = decision.at;
    body.case_id = decision.case_id;
    body.decision = decision.decision;
    body.reason = decision.reason;
    count_pin(decision, kind, body);
    if (!lacks.empty()) return refuse(decision, std::move(body));
    body.changes.emplace_back(
        CaseClosed{decision.case_id, decision.decision, decision.actor, decision.reason});
    if (decision.decision == "release" && !hold.empty())
        body.changes.emplace_back(HoldLifted{hold});
    body.mentions.push_back(subject);
    if (decision.decision == "reprint" && subject.starts_with("effect:"))
        LG_CHECK(reprint(subject.substr(subject.find(':') + 1), body));
    LG_CHECK(do_effect(decision, subject, body));
    LedgerRow event = row("case_decided");
    event.actor = decision.actor;
    event.request_id = decision.request_id;
    Outcome outcome = write(event, body);
    if (kind == "SCAN_PARKED") read_parked();
    return outcome;
}

Result<Outcome> Decider::carry_out(UplinkAcknowledged& acknowledged) {
    Outcome outcome;
    outcome.seq = ledger_.head().seq;
    if (acknowledged.epoch != identity_.epoch)
        return fail(FaultCode::conflict,
                    fmt::format("the acknowledgement is for epoch {}, this site writes epoch {}",
                                acknowledged.epoch,
                                identity_.epoch));
    if (number_of(acknowledged.seq) <= acked_) return outcome;
    Hash own{};
    bool is_there = false;
    if (auto rows = hash_at_(number_of(acknowledged.seq)); rows.next()) {
        is_there = true;
        std::copy_n(rows.blob(0).begin(), own.size(), own.begin());
    }
    if (!is_there || own != acknowledged.hash)
        return fail(FaultCode::conflict,
                    fmt::format("the cloud has another row {} than this site: one of the two was "
                                "restored or copied; stop the uplink and ask which one is real",
                                number_of(acknowledged.seq)));
    ack_.run(number_of(acknowledged.seq),
             std::span<const std::uint8_t>(acknowledged.hash),
             site_clock_.now().us);
    acked_ = number_of(acknowledged.seq);
    return outcome;
}

// Rows written before the first contact are of epoch 0, which no cloud has seen: their chain is
// made anew under the granted epoch. After that the epoch never changes here.
Result<Outcome> Decider::carry_out(EpochGranted& granted) {
    Outcome outcome;
    outcome.seq = ledger_.head().seq;
    if (granted.epoch == identity_.epoch) return outcome;
    if (granted.epoch == 0)
        return fail(FaultCode::invalid_input, "an epoch that is granted is not 0");
    if (identity_.epoch != 0 && number_of(ledger_.head().seq) > 0)
        return fail(FaultCode::conflict,
                    fmt::format("the ledger has rows of epoch {}; epoch {} needs a new database",
                                identity_.epoch,
                                granted.epoch));
    if (base_.seq > 0)
        return fail(FaultCode::conflict,
                    fmt::format("rows up to {} are in archive files, and no cloud has them: a site "
                                "that has archived without a cloud cannot join one later",
                                base_.seq));
    identity_.epoch = granted.epoch;
    sqlite::Statement update(*database_, "UPDATE site_identity SET epoch=?");
    update.run(granted.epoch);
    LG_CHECK(ledger_.chain_anew(chain_origin()));
    return outcome;
}

}  // namespace lotgate::store
