#include "store/decider.hpp"

#include "store/stations/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace lotgate::store {

namespace {

constexpr std::int64_t rows_checked_at_start = 1000;
constexpr std::uint64_t rows_a_trim = 200;  // some milliseconds, in which a scan may wait

Instant instant_of_hlc(std::uint64_t hlc) {
    return {static_cast<std::int64_t>(hlc >> 16U) * 1000};
}

InstanceId new_instance() {
    std::random_device random;
    InstanceId id{};
    for (auto& byte : id) byte = static_cast<std::uint8_t>(random() & 0xffU);
    return id;
}

// Text that is no UTF-8 cannot stand in an event's body; its bytes can, as hexadecimal digits.
void make_utf8(std::string& text) {
    if (is_utf8(text)) return;
    text = "hex:" + to_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void make_utf8(rules::Authority& authority) {
    make_utf8(authority.badge);
    make_utf8(authority.reason);
    make_utf8(authority.second_badge);
    make_utf8(authority.code);
    make_utf8(authority.wrong_pin);
}

// An identity with bytes that are no UTF-8 cannot be printed or sent to anybody: it is a code that
// was not understood.
void refuse_bytes(rules::Attempt& attempt) {
    rules::ScannedIdentity& what = attempt.what;
    const bool all_text = (!what.serial || is_utf8(what.serial->as_labelled())) &&
                          (!what.lot || is_utf8(what.lot->as_labelled())) && is_utf8(what.plain) &&
                          is_utf8(what.gln) && is_utf8(what.expires_at) &&
                          std::all_of(what.product_codes.begin(),
                                      what.product_codes.end(),
                                      [](const std::string& code) { return is_utf8(code); });
    make_utf8(attempt.request_id);
    make_utf8(attempt.station);
    make_utf8(attempt.actor);
    if (attempt.authority) make_utf8(*attempt.authority);
    make_utf8(attempt.observation.device);
    make_utf8(attempt.observation.aim);
    make_utf8(attempt.observation.parse_error);
    make_utf8(attempt.observation.parse_told);
    make_utf8(attempt.observation.label_conflict);
    make_utf8(attempt.observation.capture);
    for (std::string& code : attempt.observation.other_codes) make_utf8(code);
    if (all_text) return;
    what = {};
    if (attempt.observation.parse_error.empty()) attempt.observation.parse_error = "not_utf8";
}

SeenBody seen_body(const rules::Observation& seen) {
    SeenBody body;
    body.device = seen.device;
    if (is_utf8(seen.raw))
        body.raw = seen.raw;
    else
        body.raw_hex =
            to_hex({reinterpret_cast<const std::uint8_t*>(seen.raw.data()), seen.raw.size()});
    body.aim = seen.aim;
    body.read_at = seen.read_at;
    body.age_ms = seen.age_ms;
    body.no_read = seen.is_no_read;
    body.parse_error = seen.parse_error;
    body.parse_told = seen.parse_told;
    body.codes = seen.other_codes;
    body.warnings = seen.warnings;
    body.capture = seen.capture;
    return body;
}

WhatBody what_body(const rules::ScannedIdentity& what) {
    WhatBody body;
    if (what.gtin) body.gtin = what.gtin->text();
    if (what.serial) body.serial = what.serial->as_labelled();
    if (what.lot) body.lot = what.lot->as_labelled();
    body.expires_on = what.expires_on;
    body.best_before = what.best_before;
    body.sell_by = what.sell_by;
    body.produced_on = what.produced_on;
    body.packed_on = what.packed_on;
    body.expires_at = what.expires_at;
    body.gln = what.gln;
    if (what.sscc) body.sscc = what.sscc->text();
    body.quantity = what.quantity.value_or(0);
    body.plain = what.plain;
    body.product_codes = what.product_codes;
    return body;
}

}  // namespace

std::vector<Effect> effects_from(std::vector<EffectBody> bodies) {
    std::vector<Effect> effects;
    for (EffectBody& body : bodies) {
        Effect effect;
        effect.id = body.id;
        effect.state = "intended";
        if (body.print) effect.request = std::move(*body.print);
        if (body.divert) effect.request = std::move(*body.divert);
        effects.push_back(std::move(effect));
    }
    return effects;
}

Outcome outcome_from(Seq seq, AttemptBody body) {
    Outcome outcome;
    outcome.verdict = std::move(body.verdict);
    outcome.findings = std::move(body.findings);
    outcome.seq = seq;
    outcome.did = std::move(body.did);
    outcome.document = std::move(body.document);
    outcome.progress = std::move(body.progress);
    outcome.subject = std::move(body.subject);
    outcome.effects = effects_from(std::move(body.effects));
    return outcome;
}

Decider::Decider(sqlite::Database& db, const StoreConfig& config, Clock& clock)
    : database_(&db),
      config_(config),
      clock_(&clock),
      ledger_(db),
      projections_(db),
      facts_(db, projections_),
      spelling_(db, facts_),
      people_(db, projections_.stations()),
      request_(db, "SELECT seq,kind,body FROM ledger WHERE request_id=?"),
      cursors_(db, "SELECT lane,cursor,applied_hlc FROM feed_cursor"),
      effect_(db, "SELECT kind,state,request,subject FROM effect WHERE id=?"),
      effect_state_(db, "SELECT state FROM effect WHERE id=?"),
      case_(db, "SELECT status,decisions,hold,subject,kind FROM \"case\" WHERE id=?"),
      case_open_(db, "SELECT id FROM \"case\" WHERE kind=? AND subject=? AND status='open'"),
      hash_at_(db, "SELECT hash FROM ledger WHERE seq=?"),
      ack_(db, "UPDATE site_identity SET acked_seq=?,acked_hash=?,acked_at=?"),
      site_clock_(clock, config.zone) {}

Result<> Decider::load() {
    LG_CHECK(load_identity());
    LG_CHECK(ledger_.load(chain_origin()));
    load_base();
    LG_CHECK(check_tail());
    load_lanes();
    read_parked();
    read_imports();
    return {};
}

Result<> Decider::load_identity() {
    sqlite::Statement read(*database_,
                           "SELECT site,instance,epoch,acked_seq FROM site_identity WHERE one=1");
    bool is_there = false;
    if (auto rows = read(); rows.next()) {
        is_there = true;
        identity_.site = rows.text(0);
        const auto instance = rows.blob(1);
        std::copy_n(instance.begin(), identity_.instance.size(), identity_.instance.begin());
        identity_.epoch = static_cast<std::uint64_t>(rows.integer(2));
        acked_ = static_cast<std::uint64_t>(rows.integer(3));
    }
    if (!is_there) {
        identity_ = {config_.site, new_instance(), 0};
        sqlite::Statement write(*database_,
                                "INSERT INTO site_identity(one,site,zone,instance,epoch,acked_seq,"
                                "acked_hash,acked_at) VALUES(1,?,?,?,0,0,x'',0)");
        write.run(config_.site, config_.zone, std::span<const std::uint8_t>(identity_.instance));
    }
    if (database_->fault()) return fail(*database_->fault());
    if (identity_.site != config_.site)
        return fail(FaultCode::conflict,
                    fmt::format("the database belongs to site {}, the configuration says {}; "
                                "name another path in [store] or set the site back",
                                identity_.site,
                                config_.site));
    return {};
}

ChainStart Decider::chain_origin() const {
    return {identity_.site, identity_.epoch, identity_.instance};
}

Result<> Decider::check_tail() {
    sqlite::Statement tail(
        *database_, fmt::format("SELECT {} FROM ledger WHERE seq>? ORDER BY seq", ledger_columns));
    const auto head = static_cast<std::int64_t>(number_of(ledger_.head().seq));
    const auto base = static_cast<std::int64_t>(base_.seq);
    const std::int64_t from = std::max(head - rows_checked_at_start, base);
    Hash hash = base_.hash;
    if (auto rows = hash_at_(from); from > base && rows.next())
        std::copy_n(rows.blob(0).begin(), hash.size(), hash.begin());
    for (auto rows = tail(from); rows.next();) {
        const LedgerRow row = row_from(rows);
        hash = chain_next(hash, row);
        if (hash != row.hash)
            return fail(FaultCode::corrupt,
                        fmt::format("the ledger's chain breaks at row {}; keep the file, and ask "
                                    "for `lotgate verify` and the last backup",
                                    number_of(row.seq)));
    }
    if (database_->fault()) return fail(*database_->fault());
    return {};
}

void Decider::go_back_to(const Mark& mark) {
    ledger_.rewind(mark.head);
    projections_.go_back_to(mark.unsettled);
    // An epoch or an acknowledgement that was rolled back would else be answered as kept.
    static_cast<void>(load_identity());
    load_base();
    load_lanes();
    read_parked();
    read_imports();
}

void Decider::load_base() {
    base_ = ledger_base(*database_, chain_origin());
    sqlite::Statement first(*database_, "SELECT coalesce(min(seq),1) FROM ledger");
    auto rows = first();
    trimmed_ = rows.next() ? static_cast<std::uint64_t>(rows.integer(0)) - 1 : 0;
}

void Decider::trim() {
    const std::uint64_t up_to = std::min(trimmed_ + rows_a_trim, base_.seq);
    sqlite::Statement out(*database_, "DELETE FROM ledger WHERE seq<=?");
    out.run(up_to);
    trimmed_ = up_to;
}

void Decider::load_lanes() {
    main_.reset();
    urgent_.reset();
    for (auto rows = cursors_(); rows.next();) {
        FeedLane lane;
        lane.cursor = static_cast<std::uint64_t>(rows.integer(1));
        lane.heard = instant_of_hlc(static_cast<std::uint64_t>(rows.integer(2)));
        (rows.view(0) == "main" ? main_ : urgent_) = lane;
    }
    known_cursor_ = main_ ? main_->cursor : 0;
}

Result<Outcome> Decider::run(Command& command) {
    return std::visit([this](auto& one) { return carry_out(one); }, command);
}

LedgerRow Decider::row(std::string kind) const {
    LedgerRow made;
    made.kind = std::move(kind);
    made.known_cursor = known_cursor_;
    return made;
}

UnderBody Decider::under(Instant now) {
    UnderBody body;
    body.boot = boot_;
    body.mono_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock_->monotonic()).count();
    const auto age_s = [&](const FeedLane& lane) {
        return std::max<std::int64_t>((now.us - lane.heard->us) / 1'000'000, 0);
    };
    if (main_) {
        body.main = main_->cursor;
        body.main_age_s = age_s(*main_);
    }
    if (urgent_) {
        body.urgent = urgent_->cursor;
        body.urgent_age_s = age_s(*urgent_);
    }
    return body;
}

// A clock that was set back must not un-expire a lot, nor one that jumped ahead expire it.
bool Decider::trust_clock(Date& site_date, std::string& quality) {
    std::optional<Date> trusted;
    if (!projections_.trusted_date().empty())
        if (const auto date = parse_date(projections_.trusted_date())) trusted = *date;
    SiteClock::Reading reading = site_clock_.judge({site_date, quality, false}, trusted);
    site_date = reading.site_date;
    quality = std::move(reading.quality);
    return reading.became_suspect;
}

AttemptBody Decider::decided(const rules::Attempt& attempt,
                             UnderBody versions,
                             bool clock_became_suspect) {
    const rules::Facts facts = facts_for(attempt, versions, clock_became_suspect);
    Draft draft;
    draft.attempt = &attempt;
    draft.facts = &facts;
    draft.seq = number_of(next(ledger_.head().seq));
    draft.judgement = rules::judge(facts, attempt);
    const bool has_parts =
        !facts.parts.empty() && !draft.judgement.verdict.blocks() && !draft.found("REREAD");
    if (has_parts)
        do_parts(draft, versions);
    else
        plan(draft);
    draft.body.under = std::move(versions);
    draft.body.verdict = std::move(draft.judgement.verdict);
    draft.body.findings = std::move(draft.judgement.findings);
    return std::move(draft.body);
}

Result<Outcome> Decider::carry_out(rules::Attempt& attempt) {
    refuse_bytes(attempt);
    if (auto before = replay(attempt.request_id)) return std::move(*before);
    const bool became_suspect = trust_clock(attempt.site_date, attempt.clock_quality);
    const Instant now = site_clock_.now();
    UnderBody versions = under(now);
    versions.policy = attempt.policy->version;
    versions.clock = attempt.clock_quality;
    versions.site_date = attempt.site_date;
    if (in_flight_ != nullptr) in_flight_->enter(attempt);
    if (is_importing()) LG_CHECK(write_what_concerns(attempt));
    spelling_.as_known(attempt);
    people_.complete(attempt);
    AttemptBody body = is_parked(attempt) ? parked_body(std::move(versions))
                                          : decided(attempt, std::move(versions), became_suspect);
    body.at = attempt.at;
    body.step = rules::name_of(attempt.step);
    body.seen = seen_body(attempt.observation);
    body.what = what_body(attempt.what);

    LedgerRow event = row("attempt");
    event.station = attempt.station;
    event.actor = attempt.actor;
    event.request_id = attempt.request_id;
    event.body = to_json(body);
    ledger_.append(event, now);
    projections_.apply(event.seq, event.station, body);
    if (in_flight_ != nullptr) in_flight_->leave();
    return outcome_from(event.seq, std::move(body));
}

std::string Decider::effect_state(std::int64_t id) {
    auto rows = effect_state_(id);
    return rows.next() ? rows.text(0) : "intended";
}

std::optional<Result<Outcome>> Decider::replay(const std::string& request_id) {
    if (request_id.empty()) return std::nullopt;
    auto rows = request_(request_id);
    if (!rows.next()) return std::nullopt;
    Outcome outcome;
    outcome.seq = static_cast<Seq>(rows.integer(0));
    if (rows.view(1) == "attempt") {
        auto body = read_attempt_body(rows.view(2));
        if (!body) return Result<Outcome>(fail(std::move(body).error()));
        outcome = outcome_from(outcome.seq, std::move(*body));
    } else if (rows.view(1) == "operation") {
        auto body = read_operation_body(rows.view(2));
        if (!body) return Result<Outcome>(fail(std::move(body).error()));
        outcome = outcome_from(outcome.seq, std::move(*body));
    } else if (rows.view(1) == "case_decided") {
        auto body = read_report_body(rows.view(2));
        if (!body) return Result<Outcome>(fail(std::move(body).error()));
        outcome.effects = effects_from(std::move(body->effects));
        if (body->refusal) outcome.verdict = std::move(*body->refusal);
    }
    for (Effect& effect : outcome.effects) effect.state = effect_state(effect.id);
    outcome.is_replay = true;
    return Result<Outcome>(std::move(outcome));
}

}  // namespace lotgate::store
