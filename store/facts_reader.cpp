#include "store/facts_reader.hpp"

#include "store/facts_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace lotgate::store {

using rules::Facts;
using rules::Intent;
using rules::Step;

namespace {

rules::UnitFacts unit_in(const sqlite::Rows& rows, int first) {
    rules::UnitFacts unit;
    unit.state = rules::unit_state_named(rows.view(first)).value_or(UnitState::none);
    unit.lot_key = rows.text(first + 1);
    unit.expires_on = date_in(rows, first + 2);
    unit.location = rows.text(first + 3);
    unit.container = rows.text(first + 4);
    unit.document = rows.text(first + 5);
    unit.line = rows.integer(first + 6);
    unit.order = rows.text(first + 7);
    unit.order_line = rows.integer(first + 8);
    unit.owner = rows.text(first + 9);
    unit.origin = rows.text(first + 10);
    return unit;
}

rules::LineFacts line_in(const sqlite::Rows& rows) {
    rules::LineFacts line;
    line.line = rows.integer(0);
    line.gtin = rows.text(1);
    line.lot_key = rows.text(2);
    line.lot_raw = rows.text(3);
    line.expires_on = date_in(rows, 4);
    line.has_serials = rows.integer(5) != 0;
    line.quantity = rows.integer(6);
    line.done = rows.integer(7);
    line.rotation = rows.text(8);
    line.single_lot = rows.integer(9) != 0;
    line.min_life_days = rows.integer(10);
    line.allocation = rows.text(11);
    line.tolerance_percent = rows.integer(12);
    line.produced_on = date_in(rows, 13);
    line.mfr_lot = rows.text(14);
    return line;
}

// One look at the index for each target: IN (?,?,…) with ORDER BY would build two small tables
// for each scan.
std::string open_holds_of(int targets) {
    std::string sql;
    for (int i = 1; i <= targets; ++i)
        sql += fmt::format(
            "{}SELECT id,reason,class,target FROM hold WHERE target=?{} AND lifted_seq IS NULL",
            i == 1 ? "" : " UNION ALL ",
            i);
    return sql;
}

rules::LotFacts lot_in(const sqlite::Rows& rows) {
    rules::LotFacts lot;
    lot.raw = rows.text(0);
    lot.expires_on = date_in(rows, 1);
    lot.best_before = date_in(rows, 2);
    lot.sell_by = date_in(rows, 3);
    lot.produced_on = date_in(rows, 4);
    lot.packed_on = date_in(rows, 5);
    lot.expires_at = rows.text(6);
    lot.mfr_lot = rows.text(7);
    lot.is_own = rows.integer(8) != 0;
    lot.vendor = rows.text(9);
    lot.po = rows.text(10);
    lot.first_seq = rows.integer(11);
    return lot;
}

constexpr const char* line_columns =
    "line,gtin,lot_key,lot_raw,expires_on,has_serials,quantity,done,rotation,single_lot,"
    "min_life_days,allocation,tolerance_percent,produced_on,mfr_lot";
constexpr const char* container_columns =
    "id,coalesce(sscc,''),kind,state,document,station,label,lane,coalesce(parent,''),location "
    "FROM container";
constexpr const char* unit_columns =
    "state,lot_key,expires_on,location,coalesce(container,''),document,line,order_id,order_line,"
    "owner,origin";

}  // namespace

FactsReader::FactsReader(sqlite::Database& db, Projections& projections)
    : database_(&db),
      projections_(&projections),
      catalogue_(db),
      orders_(db, catalogue_),
      near_match_(db,
                  "SELECT serial FROM unit WHERE document=? AND state='EXPECTED' AND gtin=? "
                  "LIMIT 5000"),
      standing_(db,
                "SELECT gtin,lot_key,(SELECT expires_on FROM lot l WHERE l.gtin=s.gtin AND "
                "l.lot_key=s.lot_key) FROM (SELECT DISTINCT gtin,lot_key FROM unit WHERE "
                "location=?1 AND location<>'' AND gtin=?2 AND state IN "
                "('RECEIVED','IN_INVENTORY','ALLOCATED','RETURNED') "
                "UNION SELECT gtin,lot_key FROM balance WHERE place=?1 AND gtin=?2) s LIMIT 50"),
      document_(db,
                "SELECT d.id,d.kind,d.state,d.party,coalesce(p.name,d.party),"
                "CASE d.route WHEN '' THEN coalesce(p.route,'') ELSE d.route END,"
                "d.quantity,d.done,d.extra,d.shipped,d.owner,d.carrier,d.door,d.ship_by,"
                "d.deliver_by,d.station,d.po,d.ref FROM document d "
                "LEFT JOIN party p ON p.id=d.party WHERE d.id=?"),
      line_of_sscc_(db,
                    "SELECT document FROM document_line WHERE sscc=?1 UNION ALL "
                    "SELECT document FROM document_line WHERE pallet=?1 LIMIT 1"),
      unit_(
          db,
          fmt::format("SELECT {},state_before FROM unit WHERE gtin=? AND serial=?", unit_columns)),
      twin_(db,
            "SELECT gtin,serial,state FROM unit WHERE scope=?1 AND serial_key=?2 "
            "AND NOT (gtin=?3 AND serial=?4)"),
      near_(db,
            "SELECT serial FROM unit WHERE gtin=? AND near_key=? AND state<>'VOIDED' "
            "ORDER BY serial LIMIT 1"),
      lot_(db,
           "SELECT raw,expires_on,best_before,sell_by,produced_on,packed_on,"
           "coalesce(expires_at,''),mfr_lot,own,supplier,po,first_seq FROM lot "
           "WHERE gtin=? AND lot_key=?"),
      lines_(db,
             fmt::format("SELECT {} FROM document_line WHERE document=? AND gtin=? ORDER BY line",
                         line_columns)),
      all_lines_(
          db,
          fmt::format("SELECT {} FROM document_line WHERE document=? ORDER BY line", line_columns)),
      stock_(db,
             "SELECT place,quantity,owner FROM balance WHERE gtin=? AND lot_key=? "
             "AND place NOT LIKE '%:%' ORDER BY quantity DESC, place, owner"),
      unstored_(db,
                "SELECT b.place,b.quantity,b.owner FROM balance b LEFT JOIN location l "
                "ON l.id=b.place WHERE b.gtin=? AND b.lot_key=? AND b.place NOT LIKE '%:%' "
                "ORDER BY l.kind IS 'bin', b.quantity DESC, b.place, b.owner"),
      container_sscc_(db, fmt::format("SELECT {} WHERE sscc=?", container_columns)),
      container_id_(db, fmt::format("SELECT {} WHERE id=?", container_columns)),
      container_open_(db,
                      fmt::format("SELECT {} WHERE document=? AND station=? AND state='OPEN' "
                                  "ORDER BY id LIMIT 1",
                                  container_columns)),
      units_in_(db,
                "SELECT u.gtin,u.serial,coalesce(p.name,''),coalesce(l.raw,u.lot_key),u.state,"
                "u.lot_key,u.expires_on,u.location,coalesce(u.container,''),u.document,u.line,"
                "u.order_id,u.order_line,u.owner,u.origin,l.expires_on FROM unit u "
                "LEFT JOIN product p ON p.gtin=u.gtin "
                "LEFT JOIN lot l ON l.gtin=u.gtin AND l.lot_key=u.lot_key "
                "WHERE u.container=? ORDER BY u.gtin,u.serial"),
      balances_in_(db,
                   "SELECT b.gtin,b.lot_key,b.quantity,coalesce(p.name,''),"
                   "coalesce(l.raw,b.lot_key),CASE WHEN p.best_before_blocks=1 THEN "
                   "nullif(min(coalesce(l.expires_on,'9'),coalesce(l.best_before,'9'),"
                   "coalesce(l.sell_by,'9')),'9') ELSE l.expires_on END,b.owner FROM balance b "
                   "LEFT JOIN product p ON p.gtin=b.gtin "
                   "LEFT JOIN lot l ON l.gtin=b.gtin AND l.lot_key=b.lot_key "
                   "WHERE b.place=? ORDER BY b.gtin,b.lot_key,b.owner"),
      holds_(db, open_holds_of(targets_at_once)),
      parents_(db, "SELECT DISTINCT parent FROM lineage WHERE child=? ORDER BY parent"),
      inside_(db,
              fmt::format("SELECT {} WHERE id IN (WITH RECURSIVE inside(id,depth) AS (SELECT id,1 "
                          "FROM container WHERE parent=?1 UNION ALL SELECT c.id,depth+1 FROM "
                          "container c JOIN inside ON c.parent=inside.id WHERE depth<8) "
                          "SELECT id FROM inside) ORDER BY id",
                          container_columns)),
      over_(db,
            "WITH RECURSIVE over(id,parent,sscc,depth) AS (SELECT id,parent,sscc,0 FROM container "
            "WHERE id=? UNION ALL SELECT c.id,c.parent,c.sscc,depth+1 FROM container c JOIN over "
            "ON c.id=over.parent WHERE depth<8) SELECT id,coalesce(sscc,'') FROM over "
            "ORDER BY depth"),
      load_(db,
            "SELECT count(*),count(*) FILTER (WHERE kind='carton' OR document<>''),"
            "coalesce(min(document),''),count(DISTINCT document),"
            "(SELECT count(*) FROM unit WHERE container=?1)+"
            "(SELECT count(*) FROM balance WHERE place='carton:'||?1) "
            "FROM container WHERE parent=?1"),
      loading_(db,
               "SELECT l.body FROM mention m JOIN ledger l ON l.seq=m.seq WHERE m.subject=? "
               "AND l.kind='attempt' ORDER BY m.seq DESC LIMIT 20"),
      is_nested_(db,
                 "SELECT 1 FROM document_line WHERE pallet=?1 UNION ALL "
                 "SELECT 1 FROM document_line WHERE sscc=?1 AND pallet IS NOT NULL LIMIT 1"),
      announced_goods_(
          db,
          "SELECT l.document,l.line,l.gtin,l.lot_raw,l.expires_on,l.quantity-l.done FROM ("
          "SELECT * FROM document_line WHERE sscc=?1 UNION ALL "
          "SELECT * FROM document_line WHERE pallet=?1 AND sscc IS NULL) l "
          "JOIN document d ON d.id=l.document AND d.kind='asn' AND d.state IN ('open','done') "
          "WHERE l.has_serials=0 AND l.done<l.quantity ORDER BY l.document,l.line"),
      lot_received_(db, "SELECT received,raw FROM lot WHERE gtin=? AND lot_key=?"),
      sum_of_lot_(db,
                  "SELECT count(*),coalesce(sum(quantity),0) FROM (SELECT quantity FROM balance "
                  "WHERE gtin=?1 AND lot_key=?2 LIMIT 200)"),
      shipped_stock_(db,
                     "SELECT place,quantity,owner FROM balance WHERE gtin=? AND lot_key=? "
                     "AND place LIKE 'shipped:%' ORDER BY place,owner"),
      grade_(db, "SELECT route FROM grade WHERE subject=?"),
      count_place_(db, "SELECT place FROM count_session WHERE station=? ORDER BY seq DESC LIMIT 1"),
      counted_(db, "SELECT quantity FROM counted WHERE place=? AND subject=?"),
      print_of_(db, "SELECT max(id) FROM effect WHERE subject=? AND kind='print'"),
      doubt_(db,
             "SELECT id FROM \"case\" WHERE kind='LABEL_IN_DOUBT' AND subject=? "
             "AND status='open'"),
      range_(db,
             "SELECT id,next,(SELECT sum(last-next+1) FROM sscc_range WHERE next<=last),low "
             "FROM sscc_range WHERE next<=last ORDER BY id LIMIT 1") {}

Facts FactsReader::read(const rules::Attempt& attempt) {
    catalogue_.renew(projections_->catalogue_version());
    Facts facts;
    const bool has_code = !attempt.observation.is_no_read &&
                          attempt.observation.parse_error.empty() &&
                          attempt.observation.label_conflict.empty();
    if (has_code) {
        facts.intent = Intent::unknown_code;
        switch (attempt.step) {
            case Step::receive:
                read_receive(attempt, facts);
                break;
            case Step::pick:
            case Step::pack:
                read_pack(attempt, facts);
                break;
            case Step::divert:
            case Step::ship:
                read_outgoing(attempt, facts);
                break;
            case Step::palletise:
                read_palletise(attempt, facts);
                break;
            default:
                read_single_unit(attempt, facts);
        }
        read_location(attempt, facts);
        if (facts.document) facts.party = catalogue_.party(facts.document->party);
        read_own_lot(attempt, facts);
        read_broken(attempt, facts);
        orders_.read(attempt, facts);
        read_holds(attempt, facts);
        read_last_read(attempt, facts);
    }
    return facts;
}

void FactsReader::read_last_read(const rules::Attempt& attempt, Facts& facts) {
    if (attempt.observation.raw.empty()) return;
    const LastRead& last = projections_->last_read(attempt.station);
    if (last.raw != attempt.observation.raw) return;
    facts.last_read =
        rules::LastReadFacts{Instant{last.at}, last.did, last.document, last.progress};
}

void FactsReader::read_station(const rules::Attempt& attempt, Facts& facts) {
    const StationRow& station = projections_->stations().in_hand(attempt.station);
    facts.station_document = station.document;
    facts.station_carton = station.carton;
    facts.station_place = station.place;
}

void FactsReader::read_pack(const rules::Attempt& attempt, Facts& facts) {
    read_station(attempt, facts);
    const rules::ScannedIdentity& what = attempt.what;
    if (!facts.station_document.empty()) facts.document = document(facts.station_document);
    if (what.sscc && attempt.step == Step::pick) return read_picked_container(attempt, facts);
    if (what.sscc) return read_label_back(attempt, facts);
    if (!facts.station_carton.empty())
        facts.carton = carton_by(container_id_, facts.station_carton);
    if (what.gtin) {
        facts.intent = Intent::take_unit;
        read_goods(attempt, facts);
        read_packed_goods(attempt, facts);
    } else if (what.plain == close_carton_code && attempt.step == Step::pack) {
        facts.intent = Intent::close_carton;
        facts.carton_will_close = true;
        if (facts.carton) read_contents(facts);
        read_range(facts);
    } else if (!what.plain.empty()) {
        facts.scanned_document = document(what.plain);
        if (!facts.scanned_document || facts.scanned_document->kind != "order") return;
        facts.intent = Intent::open_document;
        facts.carton.reset();
        if (auto rows = container_open_(what.plain, attempt.station); rows.next())
            facts.station_carton = rows.text(0);
        else
            facts.station_carton.clear();
    }
}

void FactsReader::read_label_back(const rules::Attempt& attempt, Facts& facts) {
    const std::string& sscc = attempt.what.sscc->text();
    facts.intent = Intent::verify_label;
    facts.carton = carton_by(container_sscc_, sscc);
    if (!facts.carton) return;
    if (auto rows = print_of_(sscc); rows.next()) facts.carton->print_effect = rows.integer(0);
    if (auto rows = doubt_("effect:" + sscc); rows.next())
        facts.carton->doubt_case = rows.integer(0);
}

void FactsReader::read_packed_goods(const rules::Attempt& attempt, Facts& facts) {
    if (!facts.document) return;
    const std::string gtin = attempt.what.gtin->text();
    read_lines(facts.document->id, gtin, facts);
    const bool is_counted = facts.product && !facts.is_serialised();
    if (is_counted && !attempt.what.taken_from.empty())
        read_stock_in(attempt.what.taken_from, attempt, facts);
    else if (is_counted)
        facts.stock = stock(gtin, facts.lot_key(attempt));
    facts.carton_will_close =
        attempt.step == Step::pack &&
        facts.document->done + facts.quantity(attempt) >= facts.document->quantity &&
        facts.line_with_room(attempt) != nullptr;
    if (!facts.carton_will_close) return;
    if (facts.carton) read_contents(facts);
    read_range(facts);
}

void FactsReader::read_goods(const rules::Attempt& attempt, Facts& facts) {
    const std::string& gtin = attempt.what.gtin->text();
    facts.product = catalogue_.product(gtin);
    if (facts.is_serialised() && attempt.what.serial) {
        const std::string& serial = attempt.what.serial->as_labelled();
        facts.unit = unit(gtin, serial);
        if (!facts.unit && attempt.step == Step::receive)
            if (auto rows = near_(gtin, near_key_of(serial)); rows.next())
                if (rows.view(0) != serial) facts.near_serial = rows.text(0);
        read_twin(attempt, facts);
    }
    const std::string key = facts.lot_key(attempt);
    if (!key.empty()) facts.lot = lot(gtin, key);
}

const std::optional<rules::ProductFacts>& FactsReader::product(const std::string& gtin) {
    catalogue_.renew(projections_->catalogue_version());
    return catalogue_.product(gtin);
}

std::optional<rules::LotFacts> FactsReader::lot(const std::string& gtin, const std::string& key) {
    auto rows = lot_(gtin, key);
    if (!rows.next()) return std::nullopt;
    return lot_in(rows);
}

std::optional<rules::CartonFacts> FactsReader::carton(const std::string& sscc) {
    return carton_by(container_sscc_, sscc);
}

std::vector<rules::StockFacts> FactsReader::stock(const std::string& gtin, const std::string& key) {
    std::vector<rules::StockFacts> stock;
    for (auto rows = stock_(gtin, key); rows.next();)
        stock.push_back({rows.text(0), rows.integer(1), rows.text(2)});
    return stock;
}

bool FactsReader::is_picked_from(const std::string& place) {
    const rules::LocationFacts location = catalogue_.location(place);
    return location.is_known && location.is_pickable && !location.is_quarantine;
}

std::vector<std::string> FactsReader::ssccs_over(const std::string& container) {
    std::vector<std::string> numbers;
    for (auto rows = over_(container); rows.next();)
        if (!rows.view(1).empty()) numbers.push_back(rows.text(1));
    return numbers;
}

std::vector<rules::HoldFacts> FactsReader::holds_on(const std::vector<std::string>& targets) {
    Facts facts;
    add_holds(targets, facts);
    return std::move(facts.holds);
}

void FactsReader::read_lines(const std::string& document, const std::string& gtin, Facts& facts) {
    for (auto rows = lines_(document, gtin); rows.next();) facts.lines.push_back(line_in(rows));
}

void FactsReader::read_all_lines(const std::string& document, Facts& facts) {
    for (auto rows = all_lines_(document); rows.next();) facts.lines.push_back(line_in(rows));
}

// Of a carton; of a pallet also what stands in the containers on it.
void FactsReader::read_contents(Facts& facts) {
    read_contents_of(facts.carton->id, facts);
    if (facts.carton->kind == "carton") return;
    for (auto rows = inside_(facts.carton->id); rows.next();)
        facts.inside.push_back(carton_in(rows));
    for (const rules::CartonFacts& container : facts.inside) read_contents_of(container.id, facts);
}

void FactsReader::read_contents_of(const std::string& container, Facts& facts) {
    for (auto rows = units_in_(container); rows.next();) {
        rules::ContentFacts content;
        content.gtin = rows.text(0);
        content.serial = rows.text(1);
        content.product_name = rows.text(2);
        content.lot_raw = rows.text(3);
        content.unit = unit_in(rows, 4);
        content.state = content.unit.state;
        content.lot_key = content.unit.lot_key;
        content.expires_on = content.unit.expires_on;
        const auto lot_expiry = date_in(rows, 15);
        if (lot_expiry && (!content.expires_on || *lot_expiry < *content.expires_on))
            content.expires_on = lot_expiry;
        facts.contents.push_back(std::move(content));
    }
    for (auto rows = balances_in_("carton:" + container); rows.next();) {
        rules::ContentFacts content;
        content.gtin = rows.text(0);
        content.lot_key = rows.text(1);
        content.quantity = rows.integer(2);
        content.product_name = rows.text(3);
        content.lot_raw = rows.text(4);
        content.expires_on = date_in(rows, 5);
        content.unit.owner = rows.text(6);
        content.unit.container = container;
        facts.contents.push_back(std::move(content));
    }
}

void FactsReader::read_range(Facts& facts) {
    if (auto rows = range_(); rows.next()) {
        facts.range = rows.text(0);
        facts.range_next = rows.integer(1);
        facts.range_left = rows.integer(2);
        facts.range_low = rows.integer(3);
    }
}

std::optional<rules::DocumentFacts> FactsReader::document(const std::string& id) {
    auto rows = document_(id);
    if (!rows.next()) return std::nullopt;
    rules::DocumentFacts facts;
    facts.id = rows.text(0);
    facts.kind = rows.text(1);
    facts.state = rows.text(2);
    facts.party = rows.text(3);
    facts.party_name = rows.text(4);
    facts.route = rows.text(5);
    facts.quantity = rows.integer(6);
    facts.done = rows.integer(7);
    facts.extra = rows.integer(8);
    facts.shipped = rows.integer(9);
    facts.owner = rows.text(10);
    facts.carrier = rows.text(11);
    facts.door = rows.text(12);
    facts.ship_by = rows.text(13);
    facts.deliver_by = rows.text(14);
    facts.station = rows.text(15);
    facts.po = rows.text(16);
    facts.ref = rows.text(17);
    return facts;
}

// A voided unit was announced and never seen: to the rules it is not there.
std::optional<rules::UnitFacts> FactsReader::unit(const std::string& gtin,
                                                  const std::string& serial) {
    auto rows = unit_(gtin, serial);
    if (!rows.next()) return std::nullopt;
    rules::UnitFacts facts = unit_in(rows, 0);
    facts.state_before = rules::unit_state_named(rows.view(11)).value_or(UnitState::none);
    if (facts.state == UnitState::voided) return std::nullopt;
    return facts;
}

std::optional<rules::CartonFacts> FactsReader::carton_by(sqlite::Statement& statement,
                                                         const std::string& key) {
    auto rows = statement(key);
    if (!rows.next()) return std::nullopt;
    return carton_in(rows);
}

}  // namespace lotgate::store
