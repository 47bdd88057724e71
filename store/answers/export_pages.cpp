#include "store/answers/export_pages.hpp"

#include "store/answers/answers.hpp"
#include "store/projections/feed_fold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace lotgate::store {

namespace {

// Rows that are looked at for one page, and what of them it may hold: some ten milliseconds.
constexpr std::int64_t export_rows_max = 5000;
constexpr std::size_t export_changes_max = 5000;

constexpr std::int64_t day_ms = 24LL * 60 * 60 * 1000;

std::int64_t midnight_ms(Date day) {
    const auto since = std::chrono::sys_days(day).time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

bool has_one_of(std::string_view body, const std::vector<std::string_view>& words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return body.find(word) != std::string_view::npos;
    });
}

std::string zone_of_site(sqlite::Database& db) {
    sqlite::Statement zone(db, "SELECT zone FROM site_identity");
    auto rows = zone();
    return rows.next() ? rows.text(0) : "UTC";
}

// A day of the site's calendar begins and ends within a day of the same one in UTC.
std::uint64_t begin_of(sqlite::Database& db, const ExportPage& page) {
    auto begin = static_cast<std::int64_t>(page.terms.after);
    if (begin > 0) return page.terms.after;
    if (page.terms.from) begin = first_seq_at(db, midnight_ms(*page.terms.from) - day_ms) - 1;
    if (page.lot) {
        sqlite::Statement first(db, "SELECT first_seq FROM lot WHERE gtin=? AND lot_key=?");
        if (auto rows = first(page.lot->gtin, page.lot->key); rows.next())
            begin = std::max(begin, rows.integer(0) - 1);
    }
    return static_cast<std::uint64_t>(std::max<std::int64_t>(begin, 0));
}

bool is_of_days(const ExportEvent& event, const ExportTerms& terms) {
    return (!terms.from || event.day >= *terms.from) && (!terms.to || event.day <= *terms.to);
}

/// Of "carton:<id>"; empty for another place.
std::string container_in(const std::string& place) {
    constexpr std::string_view in_carton = "carton:";
    return place.starts_with(in_carton) ? place.substr(in_carton.size()) : std::string();
}

bool went_back(const UnitMoved& unit) {
    return unit.way.size() > 1 && unit.way.front() == UnitState::shipped &&
           unit.way[1] == UnitState::packed;
}

std::optional<GoodsMove> unit_received(const ExportEvent& event, const UnitMoved& unit) {
    GoodsMove move{unit.gtin,
                   unit.lot_key,
                   unit.serial,
                   1,
                   unit.document,
                   unit.line,
                   unit.container,
                   unit.capture};
    if (unit.way.empty()) return std::nullopt;
    if (event.did == "received" && unit.way.back() == UnitState::received) return move;
    if (event.did != "receipt_undone" || unit.way.front() != UnitState::received)
        return std::nullopt;
    move.quantity = -1;
    return move;
}

GoodsMove counted_received(const ExportEvent& event, const BalanceMoved& balance) {
    GoodsMove move;
    move.gtin = balance.gtin;
    move.lot_key = balance.lot_key;
    move.quantity = balance.quantity;
    move.document = event.document;
    move.container = container_in(balance.to);
    move.capture = event.capture;
    return move;
}

std::optional<GoodsMove> unit_shipped(const UnitMoved& unit) {
    GoodsMove move{
        unit.gtin, unit.lot_key, unit.serial, 1, unit.order, unit.order_line, unit.container, {}};
    if (unit.way.empty()) return std::nullopt;
    if (unit.way.size() > 1 && unit.way.back() == UnitState::shipped) return move;
    if (!went_back(unit)) return std::nullopt;
    move.quantity = -1;
    return move;
}

// What was loaded by lot stood in a carton, or was fetched for the order and in none.
std::optional<GoodsMove> counted_shipped(const ExportEvent& event, const BalanceMoved& balance) {
    constexpr std::string_view shipped = "shipped:";
    const bool is_out = balance.to.starts_with(shipped);
    const bool is_back = event.did == "unshipped" && balance.from.starts_with(shipped);
    if (!is_out && !is_back) return std::nullopt;
    const std::string& place = is_out ? balance.from : balance.to;
    GoodsMove move;
    move.gtin = balance.gtin;
    move.lot_key = balance.lot_key;
    move.quantity = is_out ? balance.quantity : -balance.quantity;
    move.document = (is_out ? balance.to : balance.from).substr(shipped.size());
    move.container = container_in(place);
    if (move.container.empty()) move.capture = event.capture;
    return move;
}

}  // namespace

std::optional<ExportEvent> export_event(const LedgerRow& row, const std::string& zone) {
    ExportEvent event;
    event.seq = number_of(row.seq);
    event.ms = static_cast<std::int64_t>(row.hlc >> 16U);
    std::optional<Date> judged;
    if (row.kind == "attempt") {
        auto body = read_attempt_body(row.body);
        if (!body) return std::nullopt;
        judged = body->under.site_date;
        event.did = body->did;
        event.document = body->document;
        event.capture = body->seen.capture.empty() ? "CASE" : body->seen.capture;
        event.attempt = std::move(*body);
    } else if (row.kind == "operation") {
        auto body = read_operation_body(row.body);
        if (!body) return std::nullopt;
        judged = body->under.site_date;
        event.did = body->did;
        event.document = body->document;
        event.attempt.changes = std::move(body->changes);
    } else if (row.kind == "case_decided") {
        auto body = read_report_body(row.body);
        if (!body) return std::nullopt;
        event.attempt.changes = std::move(body->changes);
    } else {
        return std::nullopt;
    }
    event.day = judged ? *judged : site_date(Instant{event.ms * 1000}, zone);
    return event;
}

ExportPage read_export_page(sqlite::Database& db,
                            const ExportTerms& terms,
                            std::optional<ExportLot> lot,
                            const std::vector<std::string_view>& words) {
    ExportPage page{terms, std::move(lot), {}, 0};
    const std::string zone = zone_of_site(db);
    const std::int64_t end_ms =
        terms.to ? midnight_ms(*terms.to) + 2 * day_ms : std::numeric_limits<std::int64_t>::max();
    sqlite::Statement ledger(
        db, fmt::format("SELECT {} FROM ledger WHERE seq>? ORDER BY seq LIMIT ?", ledger_columns));
    std::int64_t looked_at = 0;
    std::size_t changes = 0;
    for (auto rows = ledger(begin_of(db, page), export_rows_max); rows.next();) {
        ++looked_at;
        page.next = static_cast<std::uint64_t>(rows.integer(0));
        if (rows.integer(1) >> 16 >= end_ms) {
            looked_at = 0;
            break;
        }
        constexpr int body_column = 8;
        const std::string_view body = rows.view(body_column);
        if (!has_one_of(body, words)) continue;
        if (page.lot && body.find(page.lot->gtin) == std::string_view::npos) continue;
        auto event = export_event(row_from(rows), zone);
        if (!event || !is_of_days(*event, terms)) continue;
        changes += event->attempt.changes.size();
        page.events.push_back(std::move(*event));
        if (changes >= export_changes_max) return page;
    }
    if (looked_at < export_rows_max) page.next = 0;
    return page;
}

std::vector<GoodsMove> goods_received(const ExportEvent& event) {
    std::vector<GoodsMove> moves;
    bool is_line_to_come = false;  // the line that goods are counted on stands behind them
    for (const Change& change : event.attempt.changes) {
        if (const auto* unit = std::get_if<UnitMoved>(&change)) {
            if (auto move = unit_received(event, *unit)) moves.push_back(std::move(*move));
        } else if (const auto* balance = std::get_if<BalanceMoved>(&change)) {
            if (event.did != "received" || !balance->from.empty()) continue;
            moves.push_back(counted_received(event, *balance));
            is_line_to_come = true;
        } else if (const auto* line = std::get_if<LineDone>(&change);
                   line != nullptr && is_line_to_come) {
            moves.back().document = line->document;
            moves.back().line = line->line;
            is_line_to_come = false;
        }
    }
    return moves;
}

std::vector<GoodsMove> goods_shipped(const ExportEvent& event) {
    std::vector<GoodsMove> moves;
    for (const Change& change : event.attempt.changes) {
        std::optional<GoodsMove> move;
        if (const auto* unit = std::get_if<UnitMoved>(&change)) move = unit_shipped(*unit);
        if (const auto* balance = std::get_if<BalanceMoved>(&change))
            move = counted_shipped(event, *balance);
        if (move) moves.push_back(std::move(*move));
    }
    return moves;
}

}  // namespace lotgate::store
