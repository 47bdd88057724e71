#include "store/projections/document_fold.hpp"

#include "store/model/identity.hpp"
#include "store/projections/feed_json.hpp"
#include "store/projections/nesting.hpp"
#include "store/projections/projections.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace json = boost::json;

struct DocumentFold::Document {
    std::int64_t seq;
    const json::object* item;
    std::string_view kind;
    std::string id;
    std::string owner;
};

DocumentFold::DocumentFold(sqlite::Database& db, CatalogueFold& catalogue)
    : database_(&db),
      catalogue_(&catalogue),
      promises_(db),
      old_(db, "SELECT kind,done+extra+shipped,shipped FROM document WHERE id=?"),
      new_(db,
           "INSERT INTO document(id,kind,state,party,route,quantity,done,extra,shipped,seq,owner,"
           "carrier,door,ship_by,deliver_by,station,po,ref,custom) "
           "VALUES(?,?,'open',?,?,0,0,0,0,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
           "state='open',party=excluded.party,route=excluded.route,seq=excluded.seq,"
           "owner=excluded.owner,carrier=excluded.carrier,door=excluded.door,"
           "ship_by=excluded.ship_by,deliver_by=excluded.deliver_by,station=excluded.station,"
           "po=excluded.po,ref=excluded.ref,custom=excluded.custom"),
      total_(db,
             "UPDATE document SET quantity=(SELECT coalesce(sum(quantity),0) FROM document_line "
             "WHERE document=?1) WHERE id=?1"),
      state_(db, "UPDATE document SET state=? WHERE id=?"),
      lines_delete_(db, "DELETE FROM document_line WHERE document=?"),
      serials_delete_(db, "DELETE FROM line_serial WHERE document=?"),
      expected_delete_(db, "DELETE FROM unit WHERE document=? AND state='EXPECTED'"),
      line_old_(db,
                "SELECT quantity,done,gtin,lot_key FROM document_line WHERE document=? AND line=?"),
      line_new_(db,
                "INSERT INTO document_line(document,line,gtin,lot_key,lot_raw,expires_on,sscc,"
                "has_serials,quantity,done,shipped,rotation,single_lot,min_life_days,allocation,"
                "tolerance_percent,produced_on,mfr_lot,custom,pallet) "
                "VALUES(?,?,?,?,?,?,?,?,?,0,0,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING"),
      line_quantity_(db, "UPDATE document_line SET quantity=? WHERE document=? AND line=?"),
      line_serial_(db, "INSERT OR IGNORE INTO line_serial(document,line,serial) VALUES(?,?,?)"),
      // Announced again after it did not come: as far as nobody took its key meanwhile.
      unit_new_(db,
                "INSERT INTO unit(gtin,serial,near_key,state,state_before,lot_key,expires_on,"
                "location,container,document,line,order_id,order_line,seq,owner,scope,serial_key,"
                "origin,custom) "
                "VALUES(?1,?2,?3,'EXPECTED','NONE',?4,?5,'',?6,?7,?8,'',0,?9,?10,?11,?12,'ASN',"
                "?13) ON CONFLICT(gtin,serial) DO UPDATE SET state='EXPECTED',"
                "state_before='VOIDED',lot_key=excluded.lot_key,expires_on=excluded.expires_on,"
                "location='',container=excluded.container,document=excluded.document,"
                "line=excluded.line,order_id='',order_line=0,seq=excluded.seq,"
                "owner=excluded.owner,scope=excluded.scope,serial_key=excluded.serial_key,"
                "origin='ASN',custom=excluded.custom WHERE unit.state='VOIDED' AND NOT EXISTS "
                "(SELECT 1 FROM unit t WHERE t.scope=?11 AND t.serial_key=?12) "
                "ON CONFLICT DO NOTHING"),
      unit_void_(db,
                 "UPDATE unit SET state='VOIDED',state_before='EXPECTED',scope=NULL,seq=? "
                 "WHERE document=? AND state='EXPECTED'"),
      lot_new_(db,
               "INSERT INTO lot(gtin,lot_key,raw,expires_on,best_before,supplier,first_seq,"
               "produced_on,mfr_lot,po) VALUES(?,?,?,?,NULL,?,?,?,?,?) ON CONFLICT DO NOTHING"),
      variant_(db, "INSERT OR IGNORE INTO lot_variant(gtin,lot_key,raw,seq) VALUES(?,?,?,?)"),
      container_new_(db,
                     "INSERT INTO container(id,sscc,kind,state,document,station,label,lane,seq) "
                     "VALUES(?1,?1,'inbound','EXPECTED',?2,'','',0,?3) ON CONFLICT DO NOTHING"),
      container_old_(db, "SELECT kind,document FROM container WHERE sscc=?"),
      take_over_(db,
                 "UPDATE container SET document=?1,parent=NULL,seq=?2 WHERE sscc=?3 AND "
                 "kind='inbound' AND state='EXPECTED' AND document<>?1 AND (SELECT state FROM "
                 "document WHERE id=container.document) IN ('cancelled','closed')"),
      // Where it came meanwhile, it stands where somebody has put it.
      nest_(db,
            "UPDATE container SET parent=?,seq=? WHERE sscc=? AND kind='inbound' AND "
            "state='EXPECTED' AND document=?"),
      unnest_(db,
              "UPDATE container SET parent=NULL WHERE document=? AND kind='inbound' AND "
              "state='EXPECTED' AND parent IS NOT NULL"),
      known_(db, "SELECT document,line,origin,state,lot_key FROM unit WHERE gtin=? AND serial=?"),
      adopt_(db, "UPDATE unit SET document=?,line=?,origin='ASN' WHERE gtin=? AND serial=?"),
      line_done_(db, "UPDATE document_line SET done=done+1 WHERE document=? AND line=?"),
      extra_(db, "UPDATE document SET done=done+?,extra=extra+? WHERE id=?"),
      clear_hold_(db,
                  "UPDATE hold SET lifted_seq=?1 WHERE lifted_seq IS NULL AND id IN (SELECT hold "
                  "FROM \"case\" WHERE kind='SERIAL_NOT_ON_ASN' AND subject=?2 AND status='open')"),
      clear_case_(db,
                  "UPDATE \"case\" SET status='closed',decision='announced',decided_by='gateway',"
                  "reason=?,closed_seq=? WHERE kind='SERIAL_NOT_ON_ASN' AND subject=? AND "
                  "status='open'") {}

std::optional<DocumentFold::Line> DocumentFold::line_from(const json::value& value,
                                                          std::int64_t number) {
    const json::object* object = value.if_object();
    if (object == nullptr) return std::nullopt;
    Line line;
    const auto gtin = gtin_at(*object);
    if (!gtin) return std::nullopt;
    line.gtin = *gtin;
    line.number = object->contains("line") ? number_at(*object, "line") : number;
    line.lot = text_at(*object, "lot");
    line.mfr_lot = text_at(*object, "mfr_lot");
    line.expires_on = date_at(*object, "expires_on");
    line.produced_on = date_at(*object, "produced_on");
    if (Sscc::parse(text_at(*object, "sscc"))) line.sscc = text_at(*object, "sscc");
    if (Sscc::parse(text_at(*object, "pallet"))) line.pallet = text_at(*object, "pallet");
    line.quantity = quantity_at(*object, "quantity", catalogue_->tracking_of(line.gtin).scale);
    line.rotation = text_at(*object, "rotation");
    line.allocation = text_at(*object, "allocation");
    line.single_lot = flag_at(*object, "single_lot");
    line.min_life_days = number_at(*object, "min_life_days");
    line.tolerance_percent = number_at(*object, "tolerance_percent");
    line.custom = object_at(*object, "custom");
    if (const json::value* serials = object->if_contains("serials"); serials && serials->is_array())
        for (const json::value& serial : serials->get_array())
            if (serial.is_string() && Serial::parse(serial.get_string()))
                line.serials.emplace_back(serial.get_string());
    if (!line.serials.empty()) line.quantity = static_cast<std::int64_t>(line.serials.size());
    if (line.number <= 0 || line.quantity <= 0) return std::nullopt;
    return line;
}

DocumentFold::Old DocumentFold::old(const std::string& id) {
    Old old;
    if (auto rows = old_(id); rows.next()) {
        old.kind = rows.text(0);
        old.is_worked_on = rows.integer(1) > 0;
        old.is_shipped = rows.integer(2) > 0;
    }
    return old;
}

bool DocumentFold::put(std::int64_t seq, const json::object& item, std::string_view kind) {
    notes_.clear();
    fault_.clear();
    Document document{seq, &item, kind, text_at(item, "id"), text_at(item, "owner")};
    const json::value* list = item.if_contains("lines");
    if (document.id.empty() || list == nullptr || !list->is_array()) return false;
    if (kind == "asn") fault_ = nesting_fault(item);
    if (!fault_.empty()) return false;
    std::vector<Line> lines;
    const std::int64_t tolerance = number_at(item, "tolerance_percent");
    for (const json::value& value : list->get_array()) {
        auto line = line_from(value, static_cast<std::int64_t>(lines.size()) + 1);
        if (!line) return false;
        if (line->tolerance_percent == 0) line->tolerance_percent = tolerance;
        lines.push_back(std::move(*line));
    }
    const Old before = old(document.id);
    if (!before.kind.empty() && before.kind != kind) return false;
    if (before.is_worked_on) {
        changed(document, lines);
        return true;
    }
    new_.run(document.id,
             kind,
             text_at(item, kind == "asn" ? "supplier" : "customer"),
             text_at(item, "route"),
             seq,
             document.owner,
             text_at(item, "carrier"),
             text_at(item, "door"),
             date_at(item, "ship_by").value_or(""),
             date_at(item, "deliver_by").value_or(""),
             text_at(item, "station"),
             text_at(item, "po"),
             text_at(item, "order"),
             object_at(item, "custom"));
    lines_delete_.run(document.id);
    serials_delete_.run(document.id);
    expected_delete_.run(document.id);
    unnest_.run(document.id);
    for (const Line& line : lines) {
        put_line(document, line);
        if (kind == "asn") announce(document, line);
    }
    total_.run(document.id);
    return true;
}

// What was done stays: new lines are added, quantities follow as far as they can, and a person is
// told of the difference.
void DocumentFold::changed(const Document& document, const std::vector<Line>& lines) {
    bool differs = false;
    for (const Line& line : lines) {
        std::optional<std::int64_t> old_quantity;
        std::int64_t done = 0;
        if (auto rows = line_old_(document.id, line.number); rows.next()) {
            old_quantity = rows.integer(0);
            done = rows.integer(1);
            differs = differs || rows.view(2) != line.gtin || rows.view(3) != lot_key_of(line.lot);
        }
        if (!old_quantity) put_line(document, line);
        if (old_quantity == line.quantity) continue;
        differs = true;
        if (old_quantity)
            line_quantity_.run(std::max(line.quantity, done), document.id, line.number);
    }
    if (document.kind == "asn")
        for (const Line& line : lines) announce(document, line);
    total_.run(document.id);
    if (differs)
        notes_.push_back({"DOCUMENT_CHANGED",
                          fmt::format("{} was changed in the cloud after work on it began. Compare "
                                      "what is done with the new lines.",
                                      document.id)});
}

void DocumentFold::put_line(const Document& document, const Line& line) {
    line_new_.run(document.id,
                  line.number,
                  line.gtin,
                  lot_key_of(line.lot),
                  line.lot,
                  line.expires_on,
                  line.sscc,
                  document.kind == "asn" && !line.serials.empty(),
                  line.quantity,
                  line.rotation,
                  line.single_lot,
                  line.min_life_days,
                  line.allocation,
                  line.tolerance_percent,
                  line.produced_on,
                  line.mfr_lot,
                  line.custom,
                  document.kind == "asn" ? line.pallet : std::nullopt);
    if (document.kind == "asn") return;
    for (const std::string& serial : line.serials)
        line_serial_.run(document.id, line.number, serial);
}

void DocumentFold::announce(const Document& document, const Line& line) {
    const std::string key = lot_key_of(line.lot);
    const CatalogueFold::Tracking tracking = catalogue_->tracking_of(line.gtin);
    const std::string& owner = document.owner.empty() ? tracking.owner : document.owner;
    if (!key.empty()) {
        lot_new_.run(line.gtin,
                     key,
                     line.lot,
                     line.expires_on,
                     text_at(*document.item, "supplier"),
                     document.seq,
                     line.produced_on,
                     line.mfr_lot,
                     text_at(*document.item, "po"));
        variant_.run(line.gtin, key, line.lot, document.seq);
    }
    if (line.sscc) container_new_.run(*line.sscc, document.id, document.seq);
    if (line.pallet) nest(document, line);
    const std::string scope = scope_of(tracking.uniqueness, line.gtin, owner);
    std::size_t known_before = 0;
    for (const std::string& serial : line.serials) {
        unit_new_.run(line.gtin,
                      serial,
                      near_key_of(serial),
                      key,
                      line.expires_on,
                      line.sscc ? line.sscc : line.pallet,
                      document.id,
                      line.number,
                      document.seq,
                      owner,
                      scope,
                      serial_key_of(serial, tracking.folds),
                      line.custom);
        if (database_->changes() == 0 && !adopt(document, line, serial)) ++known_before;
    }
    if (known_before > 0)
        notes_.push_back({"ASN_SERIAL_KNOWN",
                          fmt::format("{} announces {} serials that are here already. Ask the "
                                      "supplier before unloading.",
                                      document.id,
                                      known_before)});
}

// A number that another announcement in force or this site has taken stays what it is.
void DocumentFold::nest(const Document& document, const Line& line) {
    container_new_.run(*line.pallet, document.id, document.seq);
    for (const auto* number : {&line.sscc, &line.pallet}) {
        if (!*number) continue;
        take_over_.run(document.id, document.seq, **number);
        auto rows = container_old_(**number);
        if (!rows.next() || (rows.view(0) == "inbound" && rows.view(1) == document.id)) continue;
        notes_.push_back({"ASN_PALLET_KNOWN",
                          fmt::format("{} names {}, which is known here from {}. It stays what it "
                                      "is: receive its goods one by one, and ask the supplier.",
                                      document.id,
                                      **number,
                                      rows.view(1).empty() ? "this site" : rows.view(1))});
        return;
    }
    if (line.sscc) nest_.run(*line.pallet, document.seq, *line.sscc, document.id);
}

// A serial that came before its announcement is on it after all: its case is closed, and the hold
// that came with it goes (rule R-08). True also where the document had the serial before.
bool DocumentFold::adopt(const Document& document, const Line& line, const std::string& serial) {
    std::string holder;
    std::int64_t holder_line = 0;
    bool is_unannounced = false;
    if (auto rows = known_(line.gtin, serial); rows.next()) {
        holder = rows.text(0);
        holder_line = rows.integer(1);
        const std::string key = lot_key_of(line.lot);
        is_unannounced = rows.view(2) == "SCAN" && holder_line == 0 && rows.view(3) != "EXPECTED" &&
                         rows.view(3) != "VOIDED" && (key.empty() || rows.view(4) == key);
    }
    if (holder == document.id && holder_line == line.number) return true;
    if (!is_unannounced) return false;
    const std::string subject = fmt::format("unit:{}/{}", line.gtin, serial);
    adopt_.run(document.id, line.number, line.gtin, serial);
    line_done_.run(document.id, line.number);
    extra_.run(1, 0, document.id);
    extra_.run(0, -1, holder);
    clear_hold_.run(document.seq, subject);
    clear_case_.run("announced by " + document.id, document.seq, subject);
    return true;
}

bool DocumentFold::cancel(std::int64_t seq, const json::object& item, std::string_view kind) {
    notes_.clear();
    const std::string id = text_at(item, "id");
    if (id.empty()) return false;
    const Old before = old(id);
    if (before.kind != kind) return false;
    state_.run("cancelled", id);
    if (kind == "asn") unit_void_.run(seq, id);
    if (kind == "order") promises_.release(seq, id);
    if (before.is_shipped)
        notes_.push_back(
            {"SHIPPED_AFTER_CANCEL",
             fmt::format("{} was cancelled, and goods for it had left by then. Where "
                         "the truck stands in the yard, bring them back (unship); else "
                         "they stay shipped.",
                         id)});
    else if (before.is_worked_on)
        notes_.push_back({"CANCELLED_AFTER_WORK",
                          fmt::format("{} was cancelled after work on it began. Bring back what is "
                                      "not shipped.",
                                      id)});
    return true;
}

}  // namespace lotgate::store
