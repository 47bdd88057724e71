#include "store/retention/archive_guard.hpp"

#include "store/facts_rows.hpp"
#include "store/model/sha256.hpp"
#include "store/projections/feed_fold.hpp"
#include "store/rules/life_cycle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

namespace lotgate::store {

namespace {

constexpr std::size_t known_max = 100'000;  // verdicts that are kept in memory
constexpr std::size_t family_max = 1000;

Date day_of(std::uint64_t hlc) {
    return site_date(Instant{static_cast<std::int64_t>(hlc >> 16U) * 1000}, "UTC");
}

// "unit:<gtin>/<serial>" -> gtin and the rest; GTINs have 14 digits.
std::pair<std::string, std::string> split_key(const std::string& subject) {
    const std::string rest = subject.substr(subject.find(':') + 1);
    if (rest.size() < 15) return {rest, {}};
    return {rest.substr(0, 14), rest.substr(15)};
}

bool has_left(UnitState state) {
    return state == UnitState::shipped || state == UnitState::scrapped ||
           state == UnitState::relabelled || state == UnitState::voided || state == UnitState::none;
}

void at_least(std::optional<Date>& date, const std::optional<Date>& other) {
    if (other && (!date || *date < *other)) date = other;
}

}  // namespace

std::uint64_t archived_seq(sqlite::Database& db) {
    sqlite::Statement read(db, "SELECT coalesce(max(last_seq),0) FROM archive");
    auto rows = read();
    return rows.next() ? static_cast<std::uint64_t>(rows.integer(0)) : 0;
}

LedgerBase ledger_base(sqlite::Database& db, const ChainStart& start) {
    LedgerBase base{0, chain_start(start)};
    sqlite::Statement read(db,
                           "SELECT last_seq,closing FROM archive ORDER BY last_seq DESC LIMIT 1");
    if (auto rows = read(); rows.next()) {
        base.seq = static_cast<std::uint64_t>(rows.integer(0));
        if (const auto hash = hash_from_hex(rows.view(1))) base.hash = *hash;
    }
    return base;
}

bool is_archived(sqlite::Database& db, const std::string& subject) {
    sqlite::Statement first(db,
                            "SELECT 1 FROM mention WHERE subject=? AND seq<=(SELECT max(last_seq) "
                            "FROM archive) LIMIT 1");
    return first(subject).next();
}

ArchiveGuard::ArchiveGuard(sqlite::Database& db, ArchiveTerms terms)
    : database_(&db),
      terms_(std::move(terms)),
      today_(site_date(terms_.now, "UTC")),
      rows_(db,
            fmt::format("SELECT {} FROM ledger WHERE seq>? ORDER BY seq LIMIT ?", ledger_columns)),
      unit_(db,
            "SELECT u.state,u.lot_key,coalesce(c.sscc,''),u.document,u.order_id FROM unit u "
            "LEFT JOIN container c ON c.id=u.container WHERE u.gtin=? AND u.serial=?"),
      lot_stock_(db,
                 "SELECT place FROM balance WHERE gtin=? AND lot_key=? AND quantity>0 "
                 "AND place NOT LIKE 'shipped:%' AND place NOT LIKE 'gone:%' LIMIT 1"),
      lot_promised_(db, "SELECT order_id FROM allocation WHERE gtin=? AND lot_key=? LIMIT 1"),
      lot_units_(db,
                 "SELECT serial,state FROM unit WHERE gtin=? AND lot_key=? AND state NOT IN "
                 "('SHIPPED','SCRAPPED','RELABELLED','VOIDED') LIMIT 1"),
      container_(db, "SELECT id,state FROM container WHERE sscc=?"),
      goods_in_(db,
                "SELECT 1 FROM unit WHERE container=?1 AND state NOT IN "
                "('SHIPPED','SCRAPPED','RELABELLED','VOIDED') UNION ALL "
                "SELECT 1 FROM balance WHERE place='carton:'||?1 AND quantity>0 LIMIT 1"),
      document_(db, "SELECT kind,state FROM document WHERE id=?"),
      children_(db, "SELECT child FROM lineage WHERE parent=?"),
      parents_(db, "SELECT parent FROM lineage WHERE child=?"),
      product_(db, "SELECT regimes,owner FROM product WHERE gtin=?"),
      lot_expiry_(db, "SELECT coalesce(expires_on,'') FROM lot WHERE gtin=? AND lot_key=?"),
      unit_expiry_(db, "SELECT coalesce(expires_on,'') FROM unit WHERE gtin=? AND serial=?"),
      last_named_(db, "SELECT max(seq) FROM mention WHERE subject=?"),
      time_(db, "SELECT hlc FROM ledger WHERE seq=?") {}

void ArchiveGuard::bound(const char* sql, const char* code, const char* told) {
    sqlite::Statement first(*database_, sql);
    auto rows = first();
    if (!rows.next() || rows.is_null(0)) return;
    const auto seq = static_cast<std::uint64_t>(std::max<std::int64_t>(rows.integer(0), 0));
    if (seq >= bound_) return;
    bound_ = seq;
    bound_because_ = {code, fmt::format("row {} {} {}", seq, told, rows.text(1))};
}

void ArchiveGuard::distrust_clock() {
    sqlite::Statement trusted(*database_,
                              "SELECT value FROM site_state WHERE name='site_date_trusted'");
    auto rows = trusted();
    if (!rows.next()) return;
    if (const auto date = date_in(rows, 0)) today_ = std::min(today_, *date);
}

void ArchiveGuard::pin(const std::string& subject, const Stay& because) {
    pins_[subject] = because;
    // A label in doubt is a carton's.
    if (subject.starts_with("effect:"))
        pins_[container_target(subject.substr(subject.find(':') + 1))] = because;
}

void ArchiveGuard::read_pins() {
    pins_.clear();
    known_.clear();
    sqlite::Statement cases(*database_, "SELECT subject,id,kind FROM \"case\" WHERE status='open'");
    for (auto rows = cases(); rows.next();)
        pin(rows.text(0),
            {"OPEN_CASE", fmt::format("case {} ({}) is open", rows.integer(1), rows.view(2))});
    sqlite::Statement holds(*database_,
                            "SELECT target,id,reason FROM hold WHERE lifted_seq IS NULL");
    for (auto rows = holds(); rows.next();)
        pin(rows.text(0),
            {"OPEN_HOLD", fmt::format("hold {} ({}) is open", rows.view(1), rows.view(2))});
}

std::vector<LedgerRow> ArchiveGuard::rows_after(std::uint64_t seq) {
    std::vector<LedgerRow> found;
    for (auto rows = rows_(seq, rows_a_read); rows.next();) found.push_back(row_from(rows));
    return found;
}

// The first row that stays whatever it names.
void ArchiveGuard::read_bounds() {
    sqlite::Statement head(*database_, "SELECT coalesce(max(seq),0) FROM ledger");
    if (auto rows = head(); rows.next()) head_ = static_cast<std::uint64_t>(rows.integer(0));
    bound_ = head_;
    bound_because_ = {"NEWEST", fmt::format("row {} is the newest", head_)};
    const char* acked = terms_.has_cloud ? "SELECT acked_seq,site FROM site_identity"
                                         : "SELECT acked_seq,site FROM site_identity WHERE epoch>0";
    bound(acked, "UNACKNOWLEDGED", "is the last that the cloud has of");
    bound(
        "SELECT min(placed_seq),id FROM hold WHERE lifted_seq IS NULL", "OPEN_HOLD", "placed hold");
    bound("SELECT min(opened_seq),kind||' '||id FROM \"case\" WHERE status='open'",
          "OPEN_CASE",
          "opened case");
    bound("SELECT min(seq),kind||' '||id FROM effect WHERE is_open=1",
          "OPEN_EFFECT",
          "asked for the unfinished");
}

std::optional<Stay> ArchiveGuard::stay_row(const LedgerRow& row, const NamedIn& named) {
    if (number_of(row.seq) >= bound_) return bound_because_;
    if (auto why = stay(named)) return why;
    return too_young(row, named);
}

ArchiveBorder ArchiveGuard::border(const Progress& progress) {
    read_bounds();
    read_pins();
    if (!terms_.is_clock_synced) distrust_clock();
    ArchiveBorder border;
    border.head = head_;
    border.base = archived_seq(*database_);
    border.last = border.base;
    std::string clock = "synced";
    std::uint64_t at = border.base;
    while (!database_->fault()) {
        const std::vector<LedgerRow> rows = rows_after(at);
        for (const LedgerRow& row : rows) {
            at = number_of(row.seq);
            border.kept = at;
            if (at > terms_.up_to) return border;
            const NamedIn named = named_in(row);
            if (!named.clock.empty()) clock = named.clock;
            if (auto why = stay_row(row, named)) {
                border.stay = std::move(*why);
                return border;
            }
            // A row by a clock that was not set goes with the next one that was.
            if (clock != "unset" && clock != "suspect") border.last = at;
        }
        if (rows.empty() || (progress && !progress(at - border.base))) break;
    }
    border.kept = at + 1;
    border.stay = {"BROKEN_OFF", "nobody looked further"};
    return border;
}

std::optional<Stay> ArchiveGuard::stay(const NamedIn& named) {
    for (const std::string& gtin : named.gtins)
        if (auto why = pinned(product_target(gtin))) return why;
    for (const std::string& subject : named.subjects)
        if (auto why = stay(subject)) return why;
    return std::nullopt;
}

std::optional<Stay> ArchiveGuard::pinned(const std::string& subject) const {
    const auto pin = pins_.find(subject);
    if (pin == pins_.end()) return std::nullopt;
    return Stay{pin->second.code, fmt::format("{}: {}", subject, pin->second.told)};
}

std::optional<Stay> ArchiveGuard::stay(const std::string& subject) {
    if (auto why = stay_itself(subject)) return why;
    for (const std::string& relative : family(subject)) {
        auto why = stay_itself(relative);
        if (!why) continue;
        why->told += fmt::format(", and {} was made of it or it of that", subject);
        return why;
    }
    return std::nullopt;
}

std::optional<Stay> ArchiveGuard::stay_itself(const std::string& subject) {
    if (auto why = pinned(subject)) return why;
    if (subject.starts_with("unit:")) return stay_unit(subject);
    if (const auto known = known_.find(subject); known != known_.end()) return known->second;
    std::optional<Stay> why;
    if (subject.starts_with("lot:")) why = stay_lot(subject);
    if (subject.starts_with("container:")) why = stay_container(subject);
    if (subject.starts_with("document:")) why = stay_document(subject);
    if (known_.size() >= known_max) known_.clear();
    known_.emplace(subject, why);
    return why;
}

std::optional<Stay> ArchiveGuard::stay_unit(const std::string& subject) {
    const auto [gtin, serial] = split_key(subject);
    auto rows = unit_(gtin, serial);
    if (!rows.next()) return std::nullopt;
    const std::string state = rows.text(0);
    if (!has_left(rules::unit_state_named(state).value_or(UnitState::in_inventory)))
        return Stay{"ON_SITE", fmt::format("{} is {}", subject, state)};
    for (const std::string& covers : {lot_target(gtin, rows.view(1)),
                                      container_target(rows.view(2)),
                                      document_target(rows.view(3)),
                                      document_target(rows.view(4))})
        if (auto why = pinned(covers)) return why;
    return std::nullopt;
}

std::optional<Stay> ArchiveGuard::stay_lot(const std::string& subject) {
    const auto [gtin, key] = split_key(subject);
    if (auto rows = lot_stock_(gtin, key); rows.next())
        return Stay{"STOCK_HERE", fmt::format("{} is at {}", subject, rows.view(0))};
    if (auto rows = lot_promised_(gtin, key); rows.next())
        return Stay{"STOCK_HERE", fmt::format("{} is promised to {}", subject, rows.view(0))};
    if (auto rows = lot_units_(gtin, key); rows.next())
        return Stay{"STOCK_HERE",
                    fmt::format("unit {} of {} is {}", rows.view(0), subject, rows.view(1))};
    return std::nullopt;
}

std::optional<Stay> ArchiveGuard::stay_container(const std::string& subject) {
    auto rows = container_(subject.substr(subject.find(':') + 1));
    if (!rows.next()) return std::nullopt;
    const std::string state = rows.text(1);
    const bool is_done = state == "SHIPPED" || state == "VOIDED";
    const bool is_opened = state == "RECEIVED";
    if (is_done || (is_opened && !goods_in_(rows.text(0)).next())) return std::nullopt;
    return Stay{"OPEN_CONTAINER", fmt::format("{} is {}", subject, state)};
}

std::optional<Stay> ArchiveGuard::stay_document(const std::string& subject) {
    auto rows = document_(subject.substr(subject.find(':') + 1));
    if (!rows.next()) return std::nullopt;
    // An order that is packed is done and has not left yet.
    const bool is_open =
        rows.view(1) == "open" || (rows.view(0) == "order" && rows.view(1) == "done");
    if (!is_open) return std::nullopt;
    return Stay{"OPEN_DOCUMENT", fmt::format("{} is {}", subject, rows.view(1))};
}

// What was made of it, and what it was made of, however often.
std::vector<std::string> ArchiveGuard::family(const std::string& subject) {
    std::set<std::string> seen{subject};
    std::vector<std::string> found;
    for (sqlite::Statement* const way : {&children_, &parents_}) {
        std::vector<std::string> wave{subject};
        while (!wave.empty() && found.size() < family_max) {
            std::vector<std::string> next;
            for (const std::string& one : wave)
                for (auto rows = (*way)(one); rows.next();)
                    if (seen.insert(rows.text(0)).second) next.push_back(rows.text(0));
            found.insert(found.end(), next.begin(), next.end());
            wave = std::move(next);
        }
    }
    return found;
}

void ArchiveGuard::add_dates(const std::string& subject, KeptGoods& goods) {
    const bool is_lot = subject.starts_with("lot:");
    if (!is_lot && !subject.starts_with("unit:")) return;
    const auto [gtin, rest] = split_key(subject);
    if (gtin != goods.gtin) return;
    if (auto rows = (is_lot ? lot_expiry_ : unit_expiry_)(gtin, rest); rows.next())
        at_least(goods.expires_on, date_in(rows, 0));
    std::int64_t seq = 0;
    if (auto rows = last_named_(subject); rows.next() && !rows.is_null(0)) seq = rows.integer(0);
    if (auto rows = time_(seq); rows.next())
        at_least(goods.moved_on, day_of(static_cast<std::uint64_t>(rows.integer(0))));
}

std::vector<KeptGoods> ArchiveGuard::goods_of(const NamedIn& named, Date recorded) {
    std::vector<KeptGoods> list;
    for (const std::string& gtin : named.gtins) {
        auto known = products_.find(gtin);
        if (known == products_.end()) {
            KeptGoods goods{gtin, {}, {}, {}, {}};
            if (auto rows = product_(gtin); rows.next()) {
                goods.regimes = rows.text(0);
                goods.owner = rows.text(1);
            }
            known = products_.emplace(gtin, std::move(goods)).first;
        }
        KeptGoods goods = known->second;
        goods.moved_on = recorded;
        if (goods.regimes.find("111") != std::string::npos)
            for (const std::string& subject : named.subjects) add_dates(subject, goods);
        list.push_back(std::move(goods));
    }
    return list;
}

std::optional<Stay> ArchiveGuard::too_young(const LedgerRow& row, const NamedIn& named) {
    const Date recorded = day_of(row.hlc);
    const Keep keep =
        keep_until(terms_.retention, record_kind_of(row.kind), recorded, goods_of(named, recorded));
    if (keep.until < today_) return std::nullopt;
    return Stay{"TOO_YOUNG",
                fmt::format("row {} of {} is kept through {} ({})",
                            number_of(row.seq),
                            to_string(recorded),
                            to_string(keep.until),
                            keep.because)};
}

namespace {

// Whether rows up to `last` name a thing, or what was in it, or what it was made of or became.
class OldNames {
public:
    OldNames(sqlite::Database& db, std::uint64_t last)
        : last_(last),
          itself_(db, "SELECT 1 FROM mention WHERE subject=? AND seq<=? LIMIT 1"),
          lot_(db, "SELECT 1 FROM lot WHERE gtin=? AND lot_key=? AND first_seq<=?"),
          packed_(db,
                  "SELECT 1 FROM container c JOIN unit u ON u.container=c.id JOIN mention m "
                  "ON m.subject='unit:'||u.gtin||'/'||u.serial WHERE c.sscc=? AND m.seq<=? "
                  "LIMIT 1"),
          ordered_(db,
                   "SELECT 1 FROM unit u JOIN mention m ON m.subject='unit:'||u.gtin||'/'||"
                   "u.serial WHERE u.order_id=? AND u.order_id<>'' AND m.seq<=? LIMIT 1"),
          family_(db,
                  "WITH RECURSIVE up(name) AS (SELECT parent FROM lineage WHERE child=?1 UNION "
                  "SELECT l.parent FROM lineage l JOIN up ON l.child=up.name), "
                  "down(name) AS (SELECT child FROM lineage WHERE parent=?1 UNION "
                  "SELECT l.child FROM lineage l JOIN down ON l.parent=down.name) "
                  "SELECT name FROM up UNION SELECT name FROM down LIMIT 1000") {}

    bool have(const std::string& subject) {
        if (subject.starts_with("product:") || has_itself(subject)) return true;
        const std::string name = subject.substr(subject.find(':') + 1);
        if (subject.starts_with("container:") && packed_(name, last_).next()) return true;
        if (subject.starts_with("document:") && ordered_(name, last_).next()) return true;
        std::vector<std::string> relatives;
        for (auto rows = family_(subject); rows.next();) relatives.push_back(rows.text(0));
        return std::any_of(relatives.begin(), relatives.end(), [this](const std::string& one) {
            return has_itself(one);
        });
    }

private:
    bool has_itself(const std::string& subject) {
        if (itself_(subject, last_).next()) return true;
        if (!subject.starts_with("lot:")) return false;
        const auto [gtin, key] = split_key(subject);
        return lot_(gtin, key, last_).next();
    }

    std::uint64_t last_;
    sqlite::Statement itself_, lot_, packed_, ordered_, family_;
};

}  // namespace

Touched touched(sqlite::Database& db,
                std::uint64_t since,
                std::uint64_t last,
                std::int64_t rows_max) {
    sqlite::Statement newer(
        db, fmt::format("SELECT {} FROM ledger WHERE seq>? ORDER BY seq LIMIT ?", ledger_columns));
    OldNames old(db, last);
    Touched answer{{}, since};
    std::int64_t count = 0;
    for (auto rows = newer(since, rows_max + 1); rows.next();) {
        const LedgerRow row = row_from(rows);
        if (++count > rows_max) answer.what = "more goods than can be looked at in a moment";
        for (const std::string& subject : named_in(row).subjects)
            if (answer.what.empty() && old.have(subject)) answer.what = subject;
        if (!answer.what.empty()) break;
        answer.through = number_of(row.seq);
    }
    return answer;
}

}  // namespace lotgate::store
