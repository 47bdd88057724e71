// What single operations need beyond what every one of them reads.

#include "store/operations/more_reads.hpp"

#include "store/facts_rows.hpp"
#include "store/projections/feed_fold.hpp"
#include "store/projections/projections.hpp"
#include "store/retention/archive_guard.hpp"
#include "store/sqlite/database.hpp"

#include <cstdlib>

namespace lotgate::store {

namespace {

constexpr std::int64_t broken_max = 10;    // of one check; each is a card
constexpr std::int64_t overdue_max = 15;   // places; each is a card of the one event
constexpr std::int64_t expired_max = 500;  // of one sweep; the next one takes the rest

std::string supplier_of(sqlite::Database& db,
                        const OperationCall& call,
                        const OperationFacts& facts) {
    std::string document = facts.unit ? facts.unit->document : std::string();
    if (document.empty() && call.lot) {
        sqlite::Statement lot(db, "SELECT supplier FROM lot WHERE gtin=? AND lot_key=?");
        auto rows = lot(call.gtin->text(), call.lot->key());
        return rows.next() ? rows.text(0) : std::string();
    }
    sqlite::Statement party(db, "SELECT party FROM document WHERE id=?");
    auto rows = party(document);
    return rows.next() ? rows.text(0) : std::string();
}

Instant instant_of_hlc(std::int64_t hlc) {
    return {(hlc >> 16) * 1000};
}

// The number of the last event before that moment, or 0.
std::int64_t last_event_before(sqlite::Database& db, std::int64_t before_us) {
    sqlite::Statement head(db, "SELECT coalesce(max(seq),0) FROM ledger");
    sqlite::Statement time(db, "SELECT hlc FROM ledger WHERE seq=?");
    auto low = static_cast<std::int64_t>(archived_seq(db));
    std::int64_t high = 0;
    if (auto rows = head(); rows.next()) high = rows.integer(0);
    while (low < high) {
        const std::int64_t middle = low + (high - low + 1) / 2;
        auto rows = time(middle);
        const bool is_before = rows.next() && instant_of_hlc(rows.integer(0)).us < before_us;
        if (is_before)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

}  // namespace

void read_vendor(sqlite::Database& db, const OperationCall& call, OperationFacts& facts) {
    if (call.gtin) facts.supplier = supplier_of(db, call, facts);
}

void read_new_serial(sqlite::Database& db, const OperationCall& call, OperationFacts& facts) {
    const std::string& gtin = call.gtin->text();
    const std::string& serial = call.text("new_serial");
    sqlite::Statement near(db,
                           "SELECT serial FROM unit WHERE gtin=? AND near_key=? AND serial<>? "
                           "AND state<>'VOIDED' ORDER BY serial LIMIT 1");
    if (auto rows = near(gtin, near_key_of(serial), serial); rows.next())
        if (rows.view(0) != call.serial->as_labelled()) facts.new_near = rows.text(0);
    sqlite::Statement shipped(db,
                              "SELECT 1 FROM mention m JOIN ledger l ON l.seq=m.seq "
                              "WHERE m.subject=? AND l.kind='attempt' "
                              "AND json_extract(l.body,'$.did')='shipped' LIMIT 1");
    auto rows = shipped(unit_key(gtin, call.serial->as_labelled()));
    // What is in an archive had left by then.
    facts.was_shipped = rows.next() || is_archived(db, unit_key(gtin, call.serial->as_labelled()));
}

void read_missed(sqlite::Database& db, const OperationCall& call, OperationFacts& facts) {
    sqlite::Statement missed(db, "SELECT times FROM missed WHERE subject=?");
    auto rows = missed(unit_key(call.gtin->text(), call.serial->as_labelled()));
    if (rows.next()) facts.times_missed = rows.integer(0);
}

void read_other_lot(sqlite::Database& db, const OperationCall& call, OperationFacts& facts) {
    read_vendor(db, call, facts);
    std::string raw = call.text("new_lot");
    if (raw.empty()) raw = call.text("into_lot");
    sqlite::Statement lot(db,
                          "SELECT raw,expires_on,best_before FROM lot WHERE gtin=? AND lot_key=?");
    if (auto rows = lot(call.gtin->text(), lot_key_of(raw)); rows.next()) {
        facts.other_lot.emplace();
        facts.other_lot->raw = rows.text(0);
        facts.other_lot->expires_on = date_in(rows, 1);
    }
    if (auto rows = lot(call.gtin->text(), call.lot->key()); rows.next())
        facts.lot_best_before = date_in(rows, 2);
}

void read_count(sqlite::Database& db, const OperationCall& call, OperationFacts& facts) {
    const std::string& place = call.text("place");
    sqlite::Statement session(db, "SELECT seq FROM count_session WHERE place=?");
    if (auto rows = session(place); rows.next()) {
        facts.count.is_open = true;
        facts.count.opened_seq = rows.integer(0);
    }
    sqlite::Statement units(
        db,
        "SELECT u.gtin,u.serial,u.state,u.lot_key,u.expires_on,u.location,coalesce(u.container,''),"
        "u.document,u.line,u.order_id,u.order_line,c.subject IS NOT NULL,coalesce(m.times,0),"
        "u.owner,u.origin "
        "FROM unit u LEFT JOIN counted c ON c.place=?1 AND "
        "c.subject='unit:'||u.gtin||'/'||u.serial "
        "LEFT JOIN missed m ON m.subject='unit:'||u.gtin||'/'||u.serial WHERE u.location=?1 "
        "AND u.state IN ('RECEIVED','IN_INVENTORY','ALLOCATED','PICKED','RETURNED') "
        "ORDER BY u.gtin,u.serial");
    for (auto rows = units(place); rows.next();) {
        CountedUnit unit;
        unit.content.gtin = rows.text(0);
        unit.content.serial = rows.text(1);
        unit.content.state = rules::unit_state_named(rows.view(2)).value_or(UnitState::none);
        unit.content.unit.lot_key = rows.text(3);
        unit.content.unit.expires_on = date_in(rows, 4);
        unit.content.unit.location = rows.text(5);
        unit.content.unit.container = rows.text(6);
        unit.content.unit.document = rows.text(7);
        unit.content.unit.line = rows.integer(8);
        unit.content.unit.order = rows.text(9);
        unit.content.unit.order_line = rows.integer(10);
        unit.was_seen = rows.integer(11) != 0;
        unit.times_missed = rows.integer(12);
        unit.content.unit.owner = rows.text(13);
        unit.content.unit.origin = rows.text(14);
        facts.count.units.push_back(std::move(unit));
    }
    sqlite::Statement goods(
        db,
        // What stands loose at the place, and in the containers that stand there.
        "WITH booked(subject,quantity) AS (SELECT 'lot:'||gtin||'/'||lot_key,sum(quantity) FROM "
        "balance WHERE place=?1 OR place IN (SELECT 'carton:'||id FROM container WHERE "
        "location=?1 AND location<>'' AND state<>'SHIPPED') GROUP BY 1) "
        "SELECT b.subject,b.quantity,c.quantity FROM booked b LEFT JOIN counted c ON c.place=?1 "
        "AND c.subject=b.subject UNION ALL SELECT c.subject,0,c.quantity FROM counted c "
        "WHERE c.place=?1 AND c.subject LIKE 'lot:%' AND c.subject NOT IN (SELECT subject FROM "
        "booked) ORDER BY 1");
    for (auto rows = goods(place); rows.next();) {
        CountedGoods counted;
        counted.name = rows.text(0);
        counted.booked = rows.integer(1);
        if (!rows.is_null(2)) counted.counted = rows.integer(2);
        facts.count.goods.push_back(std::move(counted));
    }
}

void read_expired(sqlite::Database& db, const OperationCall& call, OperationFacts& facts) {
    const std::string today = to_string(call.operation->site_date);
    sqlite::Statement lots(
        db,
        "SELECT 'lot:'||l.gtin||'/'||l.lot_key,l.expires_on FROM lot l WHERE l.expires_on<?1 "
        "AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.target='lot:'||l.gtin||'/'||l.lot_key "
        "AND h.reason='expired' AND h.lifted_seq IS NULL) "
        "AND (EXISTS (SELECT 1 FROM unit u WHERE u.gtin=l.gtin AND u.lot_key=l.lot_key AND u.state "
        "IN ('RECEIVED','IN_INVENTORY','ALLOCATED','PICKED','PACKED','RETURNED')) "
        "OR EXISTS (SELECT 1 FROM balance b WHERE b.gtin=l.gtin AND b.lot_key=l.lot_key "
        "AND b.place NOT LIKE 'shipped:%' AND b.place NOT LIKE 'gone:%')) ORDER BY 1 LIMIT ?2");
    for (auto rows = lots(today, expired_max); rows.next();)
        facts.expired.push_back({rows.text(0), *date_in(rows, 1)});
    sqlite::Statement units(
        db,
        "SELECT 'unit:'||u.gtin||'/'||u.serial,u.expires_on FROM unit u WHERE u.lot_key='' "
        "AND u.expires_on<?1 AND u.state IN "
        "('RECEIVED','IN_INVENTORY','ALLOCATED','PICKED','PACKED','RETURNED') "
        "AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.target='unit:'||u.gtin||'/'||u.serial "
        "AND h.reason='expired' AND h.lifted_seq IS NULL) ORDER BY 1 LIMIT ?2");
    for (auto rows = units(today, expired_max - static_cast<std::int64_t>(facts.expired.size()));
         rows.next();)
        facts.expired.push_back({rows.text(0), *date_in(rows, 1)});
}

// A unit's row knows the event that moved it last; the events are in the order of their time.
void read_overdue(sqlite::Database& db, const OperationCall& call, OperationFacts& facts) {
    const std::int64_t minutes = std::strtoll(call.text("minutes").c_str(), nullptr, 10);
    const std::int64_t before_us = call.operation->at.us - minutes * 60'000'000;
    const std::int64_t last = last_event_before(db, before_us);
    sqlite::Statement units(db,
                            "SELECT location,count(*),min(seq) FROM unit WHERE state='RECEIVED' "
                            "AND seq<=? GROUP BY location ORDER BY location LIMIT ?");
    sqlite::Statement oldest(db,
                             "SELECT u.serial,l.hlc FROM unit u JOIN ledger l ON l.seq=u.seq "
                             "WHERE u.state='RECEIVED' AND u.seq=? AND u.location=? "
                             "ORDER BY u.serial LIMIT 1");
    for (auto rows = units(last, overdue_max); rows.next();) {
        OverdueGoods goods;
        goods.place = rows.text(0);
        goods.units = rows.integer(1);
        if (auto first = oldest(rows.integer(2), goods.place); first.next()) {
            goods.oldest = first.text(0);
            goods.since = instant_of_hlc(first.integer(1));
        }
        facts.overdue.push_back(std::move(goods));
    }
}

// What came in of a counted lot is here, shipped or gone; a lot that is held for it is known.
void read_broken(sqlite::Database& db, const OperationCall&, OperationFacts& facts) {
    sqlite::Statement lots(
        db,
        "SELECT 'lot:'||l.gtin||'/'||l.lot_key,l.received,coalesce((SELECT sum(b.quantity) FROM "
        "balance b WHERE b.gtin=l.gtin AND b.lot_key=l.lot_key),0) AS found FROM lot l "
        "WHERE l.received<>found AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.target="
        "'lot:'||l.gtin||'/'||l.lot_key AND h.reason='conflict' AND h.placed_by='gateway' "
        "AND h.lifted_seq IS NULL) ORDER BY 1 LIMIT ?");
    for (auto rows = lots(broken_max); rows.next();)
        facts.broken_lots.push_back({rows.text(0), rows.integer(1), rows.integer(2)});
}

void read_reach(sqlite::Database& db, const OperationCall& call, OperationFacts& facts) {
    const std::string& target = call.target;
    const std::string rest = target.substr(target.find(':') + 1);
    const std::string gtin = rest.substr(0, 14);
    const std::string name = rest.size() > 15 ? rest.substr(15) : std::string();
    const bool is_lot = target.starts_with("lot:");
    const bool is_unit = target.starts_with("unit:");
    sqlite::Statement units(db,
                            is_unit  ? "SELECT state,1 FROM unit WHERE gtin=? AND serial=?"
                            : is_lot ? "SELECT state,count(*) FROM unit WHERE gtin=? AND lot_key=? "
                                       "AND lot_key<>'' GROUP BY state"
                                     : "SELECT state,count(*) FROM unit WHERE gtin=? AND ?='' "
                                       "GROUP BY state");
    for (auto rows = units(gtin, name); rows.next();) {
        const auto state = rules::unit_state_named(rows.view(0)).value_or(UnitState::none);
        if (rules::is_on_site(state)) facts.reach.here += rows.integer(1);
        if (state == UnitState::shipped) facts.reach.left += rows.integer(1);
        if (state == UnitState::allocated || state == UnitState::picked)
            facts.reach.taken += rows.integer(1);
    }
    if (is_unit) return;
    sqlite::Statement goods(db,
                            is_lot
                                ? "SELECT place LIKE 'shipped:%',sum(quantity) FROM balance "
                                  "WHERE gtin=? AND lot_key=? AND place NOT LIKE 'gone:%' "
                                  "GROUP BY 1"
                                : "SELECT place LIKE 'shipped:%',sum(quantity) FROM balance "
                                  "WHERE gtin=? AND ?='' AND place NOT LIKE 'gone:%' GROUP BY 1");
    for (auto rows = goods(gtin, name); rows.next();)
        (rows.integer(0) != 0 ? facts.reach.left : facts.reach.here) += rows.integer(1);
}

}  // namespace lotgate::store
