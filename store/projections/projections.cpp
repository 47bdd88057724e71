#include "store/projections/projections.hpp"

#include <fmt/format.h>

#include <array>

namespace lotgate::store {

namespace {

std::optional<std::string> or_null(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

}  // namespace

std::string near_key_of(std::string_view serial) {
    std::string key;
    for (const char c : serial) {
        if (c == ' ' || c == '-') continue;
        key.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    return key;
}

bool is_final_effect_state(std::string_view state) {
    static constexpr auto final_states = std::to_array<std::string_view>({"confirmed",
                                                                          "verified",
                                                                          "failed",
                                                                          "missed",
                                                                          "lane_full",
                                                                          "late",
                                                                          "rejected",
                                                                          "unknown",
                                                                          "expired"});
    for (const std::string_view name : final_states)
        if (name == state) return true;
    return false;
}

Projections::Projections(sqlite::Database& db)
    : database_(&db),
      deferred_(db),
      feed_(db),
      operations_(db),
      imports_(db, feed_),
      outages_(db),
      stations_(db),
      unit_(db,
            "INSERT INTO unit(gtin,serial,near_key,state,state_before,lot_key,expires_on,location,"
            "container,document,line,order_id,order_line,seq,owner,scope,serial_key,origin,capture,"
            "confidence) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
            "ON CONFLICT(gtin,serial) DO UPDATE SET state=excluded.state,"
            "state_before=excluded.state_before,lot_key=excluded.lot_key,"
            "expires_on=excluded.expires_on,location=excluded.location,"
            "container=excluded.container,document=excluded.document,line=excluded.line,"
            "order_id=excluded.order_id,order_line=excluded.order_line,seq=excluded.seq,"
            "owner=excluded.owner,scope=excluded.scope,serial_key=excluded.serial_key,"
            "origin=excluded.origin,"
            "capture=CASE excluded.capture WHEN '' THEN capture ELSE excluded.capture END,"
            "confidence=CASE excluded.capture WHEN '' THEN confidence ELSE excluded.confidence "
            "END"),
      unit_here_(db,
                 "UPDATE unit SET state=?1,state_before=?2,expires_on=?3,location=?4,document=?5,"
                 "line=?6,order_id=?7,order_line=?8,seq=?9,"
                 "capture=CASE ?10 WHEN '' THEN capture ELSE ?10 END,"
                 "confidence=CASE ?10 WHEN '' THEN confidence ELSE ?11 END "
                 "WHERE gtin=?12 AND serial=?13 AND lot_key=?14 AND container IS ?15 AND owner=?16 "
                 "AND scope IS NOT NULL"),
      lot_(db,
           "INSERT INTO lot(gtin,lot_key,raw,expires_on,best_before,supplier,first_seq,sell_by,"
           "produced_on,packed_on,expires_at,mfr_lot,own,po,assigned_for) "
           "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
           "ON CONFLICT(gtin,lot_key) DO UPDATE SET "
           "expires_on=coalesce(excluded.expires_on,expires_on),"
           "best_before=coalesce(excluded.best_before,best_before),"
           "sell_by=coalesce(excluded.sell_by,sell_by),"
           "produced_on=coalesce(excluded.produced_on,produced_on),"
           "packed_on=coalesce(excluded.packed_on,packed_on),"
           "expires_at=coalesce(excluded.expires_at,expires_at),"
           "mfr_lot=CASE excluded.mfr_lot WHEN '' THEN mfr_lot ELSE excluded.mfr_lot END"),
      variant_(db, "INSERT OR IGNORE INTO lot_variant(gtin,lot_key,raw,seq) VALUES(?,?,?,?)"),
      lot_received_(db, "UPDATE lot SET received=received+? WHERE gtin=? AND lot_key=?"),
      balance_in_(db,
                  "INSERT INTO balance(gtin,lot_key,place,quantity,owner) VALUES(?,?,?,?,?) "
                  "ON CONFLICT DO UPDATE SET quantity=quantity+excluded.quantity"),
      balance_out_(db,
                   "UPDATE balance SET quantity=quantity-? WHERE gtin=? AND lot_key=? AND place=? "
                   "AND owner=?"),
      balance_empty_(db,
                     "DELETE FROM balance WHERE gtin=? AND lot_key=? AND place=? AND owner=? "
                     "AND quantity=0"),
      line_(db,
            "UPDATE document_line SET done=done+?,shipped=shipped+? WHERE document=? AND line=?"),
      document_done_(db,
                     "UPDATE document SET done=done+?,extra=extra+?,shipped=shipped+? WHERE id=?"),
      document_state_(db, "UPDATE document SET state=? WHERE id=?"),
      container_(db,
                 "INSERT INTO container(id,sscc,kind,state,document,station,label,lane,seq,parent,"
                 "location) VALUES(?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
                 "sscc=excluded.sscc,"
                 "kind=excluded.kind,state=excluded.state,document=excluded.document,"
                 "station=excluded.station,label=excluded.label,lane=excluded.lane,"
                 "seq=excluded.seq,parent=excluded.parent,location=excluded.location"),
      hold_(db,
            "INSERT INTO hold(id,reason,class,target,placed_by,note,placed_seq) "
            "VALUES(?,?,?,?,?,?,?) ON CONFLICT(id) DO NOTHING"),
      lift_(db, "UPDATE hold SET lifted_seq=? WHERE id=? AND lifted_seq IS NULL"),
      case_open_(db,
                 "INSERT INTO \"case\"(id,kind,subject,station,told,who,decisions,hold,status,"
                 "count,opened_seq,last_seq,decision,decided_by,reason,due) "
                 "VALUES(?,?,?,?,?,?,?,?,'open',1,?,?,'','','',?) "
                 "ON CONFLICT(kind,subject) WHERE status='open' DO UPDATE SET count=count+1,"
                 "last_seq=excluded.last_seq"),
      case_close_(db,
                  "UPDATE \"case\" SET status='closed',decision=?,decided_by=?,reason=?,"
                  "closed_seq=? WHERE id=? AND status='open'"),
      label_(db,
             "INSERT INTO label(subject,state,copies,replaced_by,reason,seq) VALUES(?,?,?,?,?,?) "
             "ON CONFLICT(subject) DO UPDATE SET state=excluded.state,copies=excluded.copies,"
             "replaced_by=excluded.replaced_by,reason=excluded.reason,seq=excluded.seq"),
      effect_moved_(db,
                    "UPDATE effect SET request=json_set(request,'$.print.printer',?),because=?,"
                    "last_seq=? WHERE id=? AND kind='print' AND state='intended'"),
      effect_new_(db,
                  "INSERT INTO effect(id,kind,state,subject,request,because,lane,is_open,seq,"
                  "last_seq) VALUES(?,?,'intended',?,?,'',0,1,?,?)"),
      effect_old_(db, "SELECT kind,state FROM effect WHERE id=?"),
      effect_set_(db, "UPDATE effect SET state=?,because=?,lane=?,is_open=?,last_seq=? WHERE id=?"),
      promises_(db),
      pin_(db, "UPDATE user SET wrong_pins=?,locked_until=?,seq=? WHERE badge=?"),
      released_(db, "UPDATE document SET station=? WHERE id=?"),
      mention_(db, "INSERT OR IGNORE INTO mention(subject,seq) VALUES(?,?)"),
      state_set_(db,
                 "INSERT INTO site_state(name,value) VALUES(?,?) "
                 "ON CONFLICT(name) DO UPDATE SET value=max(value,excluded.value)"),
      state_get_(db, "SELECT value FROM site_state WHERE name='site_date_trusted'"),
      any_lineage_(db, "SELECT 1 FROM lineage LIMIT 1") {}

void Projections::apply(Seq seq, const std::string& station, const AttemptBody& body) {
    const At at{static_cast<std::int64_t>(number_of(seq)), &station};
    apply(at, body.changes);
    for (const EffectBody& effect : body.effects) intend(at, effect);
    mention(at, body.mentions);
    count(fmt::format("verdict|{}|{}", rules::name_of(body.verdict.decision), body.verdict.code));
    const bool is_reread = body.verdict.code == "REREAD";
    if (!body.did.empty() && !is_reread) count("did|" + body.did);
    deferred_.set_last_read(station,
                            {body.seen.raw,
                             body.at ? body.at->us : 0,
                             body.verdict.blocks() ? std::string() : body.did,
                             body.document,
                             body.progress,
                             at.seq});
    trust(body.under);
    outages_.see(at.seq, station, body);
    outages_.see_clock(at.seq, body.at, body.under.clock);
}

void Projections::trust(const UnderBody& under) {
    if (under.clock != "synced" || !under.site_date) return;
    const std::string date = to_string(*under.site_date);
    if (date <= trusted_date()) return;
    state_set_.run("site_date_trusted", date);
    trusted_date_ = date;
}

const std::string& Projections::trusted_date() {
    if (!trusted_date_) {
        auto rows = state_get_();
        trusted_date_ = rows.next() ? rows.text(0) : std::string();
    }
    return *trusted_date_;
}

bool Projections::has_lineage() {
    if (!has_lineage_) has_lineage_ = any_lineage_().next();
    return *has_lineage_;
}

void Projections::apply(Seq seq, std::uint64_t hlc, const FeedBody& body) {
    ++catalogue_version_;
    feed_.apply(static_cast<std::int64_t>(number_of(seq)), hlc, body);
    count("feed|" + body.kind);
    if (!feed_.recalled().empty())
        operations_.pull(static_cast<std::int64_t>(number_of(seq)), feed_.recalled());
}

void Projections::apply(Seq seq, const std::string& station, const ReportBody& body) {
    const At at{static_cast<std::int64_t>(number_of(seq)), &station};
    apply(at, body.changes);
    for (const EffectBody& effect : body.effects) intend(at, effect);
    mention(at, body.mentions);
    outages_.see(at.seq, station, body);
}

void Projections::apply(Seq seq, const std::string& station, const OperationBody& body) {
    ++catalogue_version_;
    const At at{static_cast<std::int64_t>(number_of(seq)), &station};
    apply(at, body.changes);
    for (const EffectBody& effect : body.effects) intend(at, effect);
    mention(at, body.mentions);
    count(fmt::format("operation|{}|{}", body.kind, rules::name_of(body.verdict.decision)));
    trust(body.under);
    outages_.see_clock(at.seq, body.at, body.under.clock);
    imports_.apply(at.seq, body);
}

Result<> Projections::apply(const LedgerRow& row) {
    if (row.kind == "attempt") {
        LG_TRY(const AttemptBody body, read_attempt_body(row.body));
        apply(row.seq, row.station, body);
    } else if (row.kind == "feed_applied") {
        LG_TRY(const FeedBody body, read_feed_body(row.body));
        apply(row.seq, row.hlc, body);
    } else if (row.kind == "operation") {
        LG_TRY(const OperationBody body, read_operation_body(row.body));
        apply(row.seq, row.station, body);
    } else if (row.kind == "effect_reported" || row.kind == "case_decided" ||
               row.kind == "carton_passed") {
        LG_TRY(const ReportBody body, read_report_body(row.body));
        apply(row.seq, row.station, body);
    }
    if (database_->fault()) return fail(*database_->fault());
    return {};
}

void Projections::apply(const At& at, std::span<const Change> changes) {
    for (const Change& one : changes)
        std::visit([&](const auto& change_of_a_kind) { change(at, change_of_a_kind); }, one);
}

void Projections::change(const At& at, const DocumentState& state) {
    document_state_.run(state.state, state.id);
    if (state.state != "open") promises_.release(at.seq, state.id);
}

void Projections::change(const At& at, const ContainerSet& set) {
    container_.run(set.id,
                   or_null(set.sscc),
                   set.kind,
                   set.state,
                   set.document,
                   set.station,
                   set.label,
                   set.lane,
                   at.seq,
                   or_null(set.parent),
                   set.location);
}

void Projections::change(const At& at, const StationSet& set) {
    stations_.apply(at.seq, set);
}

void Projections::change(const At& at, const HoldPlaced& placed) {
    hold_.run(placed.id,
              placed.reason,
              placed.recall_class,
              placed.target,
              placed.placed_by,
              placed.note,
              at.seq);
}

void Projections::change(const At& at, const HoldLifted& lifted) {
    lift_.run(at.seq, lifted.id);
}

void Projections::change(const At& at, const CaseOpened& opened) {
    case_open_.run(opened.id,
                   opened.kind,
                   opened.subject,
                   *at.station,
                   opened.told,
                   opened.who,
                   opened.decisions,
                   opened.hold,
                   at.seq,
                   at.seq,
                   opened.due ? std::optional(opened.due->us) : std::nullopt);
}

void Projections::change(const At& at, const CaseClosed& closed) {
    case_close_.run(closed.decision, closed.decided_by, closed.reason, at.seq, closed.id);
}

void Projections::change(const At&, const SsccTaken& taken) {
    feed_.ranges().take(taken);
}

void Projections::change(const At&, const NumberTaken& taken) {
    feed_.ranges().take(taken);
}

void Projections::change(const At& at, const LabelSet& set) {
    label_.run(set.subject, set.state, set.copies, set.replaced_by, set.reason, at.seq);
}

void Projections::change(const At& at, const EffectMoved& moved) {
    effect_moved_.run(moved.printer, moved.because, at.seq, moved.id);
    count("label_moved");
}

void Projections::change(const At& at, const EffectSet& set) {
    std::string kind;
    std::string before;
    if (auto rows = effect_old_(set.id); rows.next()) {
        kind = rows.text(0);
        before = rows.text(1);
    }
    if (kind.empty()) return;
    const bool is_open = !is_final_effect_state(set.state);
    effect_set_.run(set.state, set.because, set.lane, is_open, at.seq, set.id);
    count(fmt::format("effect|{}|{}", kind, before), -1);
    count(fmt::format("effect|{}|{}", kind, set.state));
}

void Projections::change(const At& at, const Descends& link) {
    has_lineage_.reset();
    operations_.apply(at.seq, link);
}

void Projections::change(const At& at, const DocumentMade& made) {
    operations_.apply(at.seq, made);
}

void Projections::change(const At& at, const Missed& missed) {
    operations_.apply(at.seq, missed);
}

void Projections::change(const At& at, const Graded& graded) {
    operations_.apply(at.seq, graded);
}

void Projections::change(const At& at, const CountSet& count) {
    operations_.apply(at.seq, count);
}

void Projections::change(const At& at, const Counted& counted) {
    operations_.apply(at.seq, counted);
}

void Projections::change(const At& at, const UnitsPulled& pulled) {
    operations_.pull(at.seq, pulled.target);
}

void Projections::change(const At& at, const BadgeShown& shown) {
    stations_.apply(at.seq, shown);
}

void Projections::change(const At& at, const PinTried& tried) {
    pin_.run(tried.wrong, tried.locked_until ? tried.locked_until->us : 0, at.seq, tried.badge);
}

void Projections::change(const At& at, const Promised& promised) {
    promises_.apply(at.seq, promised);
}

void Projections::change(const At& at, const UnitPromised& promised) {
    promises_.apply(at.seq, promised);
}

void Projections::change(const At&, const DocumentReleased& released) {
    released_.run(released.station, released.id);
}

void Projections::change(const At& at, const OutageSet& set) {
    outages_.apply(at.seq, set);
}

void Projections::change(const At& at, const ImportSet& set) {
    imports_.apply(at.seq, set);
}

void Projections::change(const At& at, const ArchiveMade& made) {
    operations_.apply(at.seq, made);
}

void Projections::intend(const At& at, const EffectBody& effect) {
    effect_new_.run(effect.id, effect.kind, effect.subject, to_json(effect), at.seq, at.seq);
    count(fmt::format("effect|{}|intended", effect.kind));
}

void Projections::mention(const At& at, const std::vector<std::string>& subjects) {
    for (const std::string& subject : subjects) mention_.run(subject, at.seq);
}

void Projections::count(std::string_view name, std::int64_t by) {
    deferred_.count(name, by);
}

}  // namespace lotgate::store
