// What the operations on cartons and picks need beyond what every one of them reads.

#include "store/operations/carton_reads.hpp"

#include "store/events/bodies.hpp"
#include "store/facts_rows.hpp"
#include "store/projections/feed_fold.hpp"
#include "store/retention/archive_guard.hpp"
#include "store/shelf.hpp"
#include "store/sqlite/database.hpp"

#include <fmt/format.h>

#include <map>

namespace lotgate::store {

namespace {

void read_inside(sqlite::Database& db, OperationFacts& facts, const char* depth_max) {
    sqlite::Statement inside(
        db,
        fmt::format("WITH RECURSIVE inside(id,depth) AS (SELECT id,1 FROM container WHERE "
                    "parent=?1 UNION ALL SELECT c.id,depth+1 FROM container c JOIN inside "
                    "ON c.parent=inside.id WHERE depth<{}) SELECT id,coalesce(sscc,''),kind,state,"
                    "document,station,label,lane,coalesce(parent,''),location FROM container "
                    "WHERE id IN (SELECT id FROM inside) ORDER BY id",
                    depth_max));
    for (auto rows = inside(facts.carton->id); rows.next();)
        facts.inside.push_back(carton_in(rows));
}

// As the order stands without the pallet's loading.
void read_loaded_orders(sqlite::Database& db, OperationFacts& facts) {
    sqlite::Statement order(db, "SELECT state,quantity,done FROM document WHERE id=?");
    std::map<std::string, std::int64_t> done_by_loading;
    for (const LineDone& line : facts.loaded_lines) done_by_loading[line.document] += line.done;
    for (const auto& [id, done] : done_by_loading) {
        auto rows = order(id);
        if (!rows.next() || rows.view(0) != "shipped") continue;
        const bool is_done = rows.integer(2) - done >= rows.integer(1);
        facts.loaded_orders.push_back({id, is_done ? "done" : "open"});
    }
}

// The last loading of the pallet, from the ledger: what went with it, and what it counted on.
void read_pallet_loading(sqlite::Database& db, OperationFacts& facts) {
    sqlite::Statement loading(
        db,
        "SELECT l.body FROM mention m JOIN ledger l ON l.seq=m.seq WHERE m.subject=? "
        "AND l.kind='attempt' ORDER BY m.seq DESC LIMIT 20");
    sqlite::Statement unit(db, "SELECT state FROM unit WHERE gtin=? AND serial=?");
    for (auto rows = loading(container_target(facts.carton->sscc)); rows.next();) {
        const auto body = read_attempt_body(rows.view(0));
        if (!body || body->did != "shipped") continue;
        for (const Change& change : body->changes) {
            if (const auto* moved = std::get_if<BalanceMoved>(&change))
                facts.loaded.push_back(*moved);
            if (const auto* line = std::get_if<LineDone>(&change))
                facts.loaded_lines.push_back(*line);
            const auto* shipped = std::get_if<UnitMoved>(&change);
            if (shipped == nullptr) continue;
            rules::ContentFacts content;
            content.gtin = shipped->gtin;
            content.serial = shipped->serial;
            content.state = shipped->way.front();
            content.unit.lot_key = shipped->lot_key;
            content.unit.expires_on = shipped->expires_on;
            content.unit.location = shipped->location;
            content.unit.container = shipped->container;
            content.unit.document = shipped->document;
            content.unit.line = shipped->line;
            content.unit.order = shipped->order;
            content.unit.order_line = shipped->order_line;
            content.unit.owner = shipped->owner;
            content.unit.origin = shipped->origin;
            if (auto now = unit(content.gtin, content.serial); now.next())
                content.unit.state = rules::unit_state_named(now.view(0)).value_or(UnitState::none);
            facts.loaded_units.push_back(std::move(content));
        }
        return read_loaded_orders(db, facts);
    }
}

void read_units(sqlite::Database& db, OperationFacts& facts) {
    sqlite::Statement units(
        db,
        "SELECT gtin,serial,state,lot_key,expires_on,location,document,line,order_id,order_line,"
        "owner,origin FROM unit WHERE container=? ORDER BY gtin,serial");
    for (auto rows = units(facts.carton->id); rows.next();) {
        rules::ContentFacts content;
        content.gtin = rows.text(0);
        content.serial = rows.text(1);
        content.unit.state = rules::unit_state_named(rows.view(2)).value_or(UnitState::none);
        content.unit.lot_key = rows.text(3);
        content.unit.expires_on = date_in(rows, 4);
        content.unit.location = rows.text(5);
        content.unit.container = facts.carton->id;
        content.unit.document = rows.text(6);
        content.unit.line = rows.integer(7);
        content.unit.order = rows.text(8);
        content.unit.order_line = rows.integer(9);
        content.unit.owner = rows.text(10);
        content.unit.origin = rows.text(11);
        content.state = content.unit.state;
        content.lot_key = content.unit.lot_key;
        facts.contents.push_back(std::move(content));
    }
}

void read_balances(sqlite::Database& db, OperationFacts& facts) {
    sqlite::Statement balances(
        db, "SELECT gtin,lot_key,quantity,owner FROM balance WHERE place=? ORDER BY gtin,lot_key");
    for (auto rows = balances("carton:" + facts.carton->id); rows.next();) {
        rules::ContentFacts content;
        content.gtin = rows.text(0);
        content.lot_key = rows.text(1);
        content.quantity = rows.integer(2);
        content.unit.owner = rows.text(3);
        facts.contents.push_back(std::move(content));
    }
}

// The last loading of the carton, from the ledger: what went with it.
void read_loaded(sqlite::Database& db, OperationFacts& facts) {
    sqlite::Statement loading(
        db,
        "SELECT l.body FROM mention m JOIN ledger l ON l.seq=m.seq WHERE m.subject=? "
        "AND l.kind='attempt' ORDER BY m.seq DESC LIMIT 20");
    for (auto rows = loading(container_target(facts.carton->sscc)); rows.next();) {
        const auto body = read_attempt_body(rows.view(0));
        if (!body || body->did != "shipped") continue;
        for (const Change& change : body->changes)
            if (const auto* moved = std::get_if<BalanceMoved>(&change))
                if (moved->from == "carton:" + facts.carton->id) facts.loaded.push_back(*moved);
        return;
    }
    facts.is_archived = is_archived(db, container_target(facts.carton->sscc));
}

void read_order(sqlite::Database& db, OperationFacts& facts) {
    sqlite::Statement order(db, "SELECT kind,state,quantity,done,shipped FROM document WHERE id=?");
    if (auto rows = order(facts.carton->document); rows.next()) {
        rules::DocumentFacts document;
        document.id = facts.carton->document;
        document.kind = rows.text(0);
        document.state = rows.text(1);
        document.quantity = rows.integer(2);
        document.done = rows.integer(3);
        document.shipped = rows.integer(4);
        facts.carton_order = std::move(document);
    }
    sqlite::Statement lines(
        db, "SELECT line,gtin,lot_key FROM document_line WHERE document=? ORDER BY line");
    for (auto rows = lines(facts.carton->document); rows.next();) {
        rules::LineFacts line;
        line.line = rows.integer(0);
        line.gtin = rows.text(1);
        line.lot_key = rows.text(2);
        facts.lines.push_back(std::move(line));
    }
}

}  // namespace

void read_carton(sqlite::Database& db, const OperationCall&, OperationFacts& facts) {
    if (!facts.carton) return;
    if (facts.carton->kind == "pallet" && facts.carton->state == "SHIPPED") {
        read_inside(db, facts, "8");
        return read_pallet_loading(db, facts);
    }
    read_units(db, facts);
    read_balances(db, facts);
    read_order(db, facts);
    if (facts.carton->state == "SHIPPED") read_loaded(db, facts);
}

void read_pallet(sqlite::Database& db, const OperationCall&, OperationFacts& facts) {
    if (!facts.carton) return;
    read_units(db, facts);
    read_balances(db, facts);
    read_inside(db, facts, "1");
}

void read_picked(sqlite::Database& db, const OperationCall& call, OperationFacts& facts) {
    if (!call.gtin || !call.lot) return;
    sqlite::Statement stock(
        db, "SELECT place,quantity,owner FROM balance WHERE gtin=? AND lot_key=? AND place=?");
    for (auto rows = stock(call.gtin->text(), call.lot->key(), "picked:" + call.text("document"));
         rows.next();)
        facts.picked.push_back({rows.text(0), rows.integer(1), rows.text(2)});
}

void read_promises(sqlite::Database& db, const OperationCall&, OperationFacts& facts) {
    if (!facts.document) return;
    const std::string& order = facts.document->id;
    std::vector<std::string> gtins;
    {
        sqlite::Statement lines(db, "SELECT DISTINCT gtin FROM document_line WHERE document=?");
        for (auto rows = lines(order); rows.next();) gtins.push_back(rows.text(0));
    }
    CatalogueReader catalogue(db);
    Shelf shelf(db, catalogue);
    for (const std::string& gtin : gtins)
        for (rules::PromiseFacts& promise : shelf.promised(order, gtin)) {
            promise.gtin = gtin;
            facts.promises.push_back(std::move(promise));
        }
}

}  // namespace lotgate::store
