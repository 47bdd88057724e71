#include "store/projections/feed_fold.hpp"

#include "store/projections/projections.hpp"
#include "store/rules/rule.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace json = boost::json;

namespace {

std::string text_at(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

bool flag_at(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::int64_t number_at(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    if (value == nullptr) return 0;
    boost::system::error_code error;
    const auto number = value->to_number<std::int64_t>(error);
    return error ? 0 : number;
}

std::optional<std::string> gtin_at(const json::object& object) {
    const auto gtin = Gtin::parse(text_at(object, "gtin"));
    if (!gtin) return std::nullopt;
    return gtin->text();
}

std::optional<std::string> date_at(const json::object& object, std::string_view key) {
    const auto date = parse_date(text_at(object, key));
    if (!date) return std::nullopt;
    return to_string(*date);
}

}  // namespace

std::string unit_key(std::string_view gtin, std::string_view serial) {
    return fmt::format("unit:{}/{}", gtin, serial);
}

std::string lot_target(std::string_view gtin, std::string_view lot_key) {
    return fmt::format("lot:{}/{}", gtin, lot_key);
}

std::string product_target(std::string_view gtin) {
    return fmt::format("product:{}", gtin);
}

std::string container_target(std::string_view sscc) {
    return fmt::format("container:{}", sscc);
}

std::string document_target(std::string_view id) {
    return fmt::format("document:{}", id);
}

struct FeedFold::Line {
    std::int64_t number = 0;
    std::string gtin;
    std::string lot;
    std::optional<std::string> expires_on;
    std::optional<std::string> sscc;
    std::int64_t quantity = 0;
    std::vector<std::string> serials;
};

namespace {

template <class Line>
std::optional<Line> line_from(const json::value& value, std::int64_t number) {
    const json::object* object = value.if_object();
    if (object == nullptr) return std::nullopt;
    Line line;
    const auto gtin = gtin_at(*object);
    if (!gtin) return std::nullopt;
    line.gtin = *gtin;
    line.number = object->contains("line") ? number_at(*object, "line") : number;
    line.lot = text_at(*object, "lot");
    line.expires_on = date_at(*object, "expires_on");
    if (Sscc::parse(text_at(*object, "sscc"))) line.sscc = text_at(*object, "sscc");
    line.quantity = number_at(*object, "quantity");
    if (const json::value* serials = object->if_contains("serials"); serials && serials->is_array())
        for (const json::value& serial : serials->get_array())
            if (serial.is_string() && Serial::parse(serial.get_string()))
                line.serials.emplace_back(serial.get_string());
    if (!line.serials.empty()) line.quantity = static_cast<std::int64_t>(line.serials.size());
    if (line.number <= 0 || line.quantity <= 0) return std::nullopt;
    return line;
}

}  // namespace

FeedFold::FeedFold(sqlite::Database& db)
    : database_(&db),
      cursor_(db,
              "INSERT INTO feed_cursor(lane,cursor,applied_hlc,seq) VALUES(?,?,?,?) "
              "ON CONFLICT(lane) DO UPDATE SET cursor=excluded.cursor,"
              "applied_hlc=excluded.applied_hlc,seq=excluded.seq"),
      product_(db,
               "INSERT INTO product(gtin,name,serial_tracked,lot_tracked,expiry_required,body,seq) "
               "VALUES(?,?,?,?,?,?,?) ON CONFLICT(gtin) DO UPDATE SET name=excluded.name,"
               "serial_tracked=excluded.serial_tracked,lot_tracked=excluded.lot_tracked,"
               "expiry_required=excluded.expiry_required,body=excluded.body,seq=excluded.seq"),
      party_(db,
             "INSERT INTO party(id,name,route,seq) VALUES(?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
             "name=excluded.name,route=excluded.route,seq=excluded.seq"),
      document_old_(db, "SELECT kind,done+extra+shipped,state FROM document WHERE id=?"),
      document_new_(
          db,
          "INSERT INTO document(id,kind,state,party,route,quantity,done,extra,shipped,seq) "
          "VALUES(?,?,'open',?,?,0,0,0,0,?) ON CONFLICT(id) DO UPDATE SET state='open',"
          "party=excluded.party,route=excluded.route,seq=excluded.seq"),
      document_total_(db,
                      "UPDATE document SET quantity=(SELECT coalesce(sum(quantity),0) FROM "
                      "document_line WHERE document=?1) WHERE id=?1"),
      document_state_(db, "UPDATE document SET state=? WHERE id=?"),
      lines_delete_(db, "DELETE FROM document_line WHERE document=?"),
      expected_delete_(db, "DELETE FROM unit WHERE document=? AND state='EXPECTED'"),
      line_old_(db,
                "SELECT quantity,done,gtin,lot_key FROM document_line WHERE document=? AND line=?"),
      line_new_(db,
                "INSERT INTO document_line(document,line,gtin,lot_key,lot_raw,expires_on,sscc,"
                "has_serials,quantity,done,shipped) VALUES(?,?,?,?,?,?,?,?,?,0,0) "
                "ON CONFLICT DO NOTHING"),
      line_quantity_(db, "UPDATE document_line SET quantity=? WHERE document=? AND line=?"),
      unit_new_(db,
                "INSERT INTO unit(gtin,serial,near_key,state,state_before,lot_key,expires_on,"
                "location,container,document,line,order_id,order_line,seq) "
                "VALUES(?,?,?,'EXPECTED','NONE',?,?,'',?,?,?,'',0,?) ON CONFLICT(gtin,serial) "
                "DO UPDATE SET state='EXPECTED',state_before='VOIDED',lot_key=excluded.lot_key,"
                "expires_on=excluded.expires_on,location='',container=excluded.container,"
                "document=excluded.document,line=excluded.line,order_id='',order_line=0,"
                "seq=excluded.seq WHERE unit.state='VOIDED'"),
      unit_void_(db,
                 "UPDATE unit SET state='VOIDED',state_before='EXPECTED',seq=? "
                 "WHERE document=? AND state='EXPECTED'"),
      lot_new_(db,
               "INSERT INTO lot(gtin,lot_key,raw,expires_on,best_before,supplier,first_seq) "
               "VALUES(?,?,?,?,NULL,?,?) ON CONFLICT DO NOTHING"),
      container_new_(db,
                     "INSERT INTO container(id,sscc,kind,state,document,station,label,lane,seq) "
                     "VALUES(?1,?1,'inbound','EXPECTED',?2,'','',0,?3) ON CONFLICT DO NOTHING"),
      hold_(db,
            "INSERT INTO hold(id,reason,class,target,placed_by,note,placed_seq) "
            "VALUES(?,?,?,?,?,?,?) ON CONFLICT(id) DO NOTHING"),
      recalled_units_(db,
                      "SELECT state,count(*) FROM unit WHERE gtin=?1 AND (?2='' OR lot_key=?2) "
                      "GROUP BY state"),
      recalled_goods_(db,
                      "SELECT place LIKE 'shipped:%',coalesce(sum(quantity),0) FROM balance "
                      "WHERE gtin=?1 AND (?2='' OR lot_key=?2) GROUP BY 1"),
      lift_(db, "UPDATE hold SET lifted_seq=? WHERE id=? AND lifted_seq IS NULL"),
      range_(db,
             "INSERT INTO sscc_range(id,first,last,next,seq) VALUES(?1,?2,?3,?2,?4) "
             "ON CONFLICT(id) DO NOTHING"),
      case_open_(db,
                 "INSERT INTO \"case\"(id,kind,subject,station,told,who,decisions,hold,status,"
                 "count,opened_seq,last_seq,decision,decided_by,reason) "
                 "VALUES(?,?,?,'',?,?,?,'','open',1,?,?,'','','') "
                 "ON CONFLICT(kind,subject) WHERE status='open' DO UPDATE SET count=count+1,"
                 "last_seq=excluded.last_seq"),
      mention_(db, "INSERT OR IGNORE INTO mention(subject,seq) VALUES(?,?)") {}

void FeedFold::apply(std::int64_t seq, std::uint64_t hlc, const FeedBody& body) {
    cursor_.run(body.lane, body.dseq, hlc, seq);
    boost::system::error_code error;
    const json::value value = json::parse(body.item, error);
    static const json::object empty;
    const bool is_object = !error && value.is_object();
    Item item{seq, &body, is_object ? &value.get_object() : &empty};
    if (is_object && fold(item)) return;
    open_case(item,
              "FEED_UNREADABLE",
              fmt::format("{} {}", body.lane, body.dseq),
              fmt::format("Feed item {} ({}) cannot be read and was not applied. Have it sent "
                          "again.",
                          body.dseq,
                          body.kind));
}

bool FeedFold::fold(Item& item) {
    const std::string& kind = item.body->kind;
    if (kind == "product") return product(item);
    if (kind == "party") return party(item);
    if (kind == "asn" || kind == "order") return document(item, kind);
    if (kind == "asn_cancel") return cancel(item, "asn");
    if (kind == "order_cancel") return cancel(item, "order");
    if (kind == "hold") return hold(item);
    if (kind == "hold_lift") return hold_lift(item);
    if (kind == "sscc_range") return sscc_range(item);
    unknown_kind(item);
    return true;
}

bool FeedFold::product(Item& item) {
    const json::object& body = *item.json;
    const auto gtin = gtin_at(body);
    if (!gtin) return false;
    product_.run(*gtin,
                 text_at(body, "name"),
                 flag_at(body, "serial_tracked"),
                 flag_at(body, "lot_tracked"),
                 flag_at(body, "expiry_required"),
                 item.body->item,
                 item.seq);
    return true;
}

bool FeedFold::party(Item& item) {
    const json::object& body = *item.json;
    if (text_at(body, "id").empty()) return false;
    party_.run(text_at(body, "id"), text_at(body, "name"), text_at(body, "route"), item.seq);
    return true;
}

bool FeedFold::document(Item& item, std::string_view kind) {
    const json::object& body = *item.json;
    const std::string id = text_at(body, "id");
    const json::value* list = body.if_contains("lines");
    if (id.empty() || list == nullptr || !list->is_array()) return false;
    std::vector<Line> lines;
    for (const json::value& value : list->get_array()) {
        auto line = line_from<Line>(value, static_cast<std::int64_t>(lines.size()) + 1);
        if (!line) return false;
        lines.push_back(std::move(*line));
    }
    std::string old_kind;
    bool is_worked_on = false;
    if (auto rows = document_old_(id); rows.next()) {
        old_kind = rows.text(0);
        is_worked_on = rows.integer(1) > 0;
    }
    if (!old_kind.empty() && old_kind != kind) return false;
    mention(item, document_target(id));
    if (is_worked_on) return document_changed(item, id, lines);
    const std::string party = text_at(body, kind == "asn" ? "supplier" : "customer");
    document_new_.run(id, kind, party, text_at(body, "route"), item.seq);
    lines_delete_.run(id);
    expected_delete_.run(id);
    for (const Line& line : lines) {
        put_line(item, id, line);
        if (kind == "asn") announce(item, id, line);
    }
    document_total_.run(id);
    return true;
}

// What was done stays: new lines are added, quantities follow as far as they can, and a person is
// told of the difference.
bool FeedFold::document_changed(Item& item, const std::string& id, const std::vector<Line>& lines) {
    bool differs = false;
    for (const Line& line : lines) {
        std::optional<std::int64_t> old_quantity;
        std::int64_t done = 0;
        if (auto rows = line_old_(id, line.number); rows.next()) {
            old_quantity = rows.integer(0);
            done = rows.integer(1);
            differs = differs || rows.view(2) != line.gtin || rows.view(3) != lot_key_of(line.lot);
        }
        if (!old_quantity) put_line(item, id, line);
        if (old_quantity == line.quantity) continue;
        differs = true;
        if (old_quantity) line_quantity_.run(std::max(line.quantity, done), id, line.number);
    }
    document_total_.run(id);
    if (differs)
        open_case(item,
                  "DOCUMENT_CHANGED",
                  document_target(id),
                  fmt::format("{} was changed in the cloud after work on it began. Compare what is "
                              "done with the new lines.",
                              id));
    return true;
}

void FeedFold::put_line(Item&, const std::string& document, const Line& line) {
    line_new_.run(document,
                  line.number,
                  line.gtin,
                  lot_key_of(line.lot),
                  line.lot,
                  line.expires_on,
                  line.sscc,
                  !line.serials.empty(),
                  line.quantity);
}

void FeedFold::announce(Item& item, const std::string& document, const Line& line) {
    const std::string key = lot_key_of(line.lot);
    if (!key.empty())
        lot_new_.run(
            line.gtin, key, line.lot, line.expires_on, text_at(*item.json, "supplier"), item.seq);
    if (line.sscc) container_new_.run(*line.sscc, document, item.seq);
    std::size_t known_before = 0;
    for (const std::string& serial : line.serials) {
        unit_new_.run(line.gtin,
                      serial,
                      near_key_of(serial),
                      key,
                      line.expires_on,
                      line.sscc,
                      document,
                      line.number,
                      item.seq);
        if (database_->changes() == 0) ++known_before;
    }
    if (known_before > 0)
        open_case(item,
                  "ASN_SERIAL_KNOWN",
                  document_target(document),
                  fmt::format("{} announces {} serials that are here already. Ask the supplier "
                              "before unloading.",
                              document,
                              known_before));
}

bool FeedFold::cancel(Item& item, std::string_view kind) {
    const std::string id = text_at(*item.json, "id");
    if (id.empty()) return false;
    std::string old_kind;
    bool is_worked_on = false;
    if (auto rows = document_old_(id); rows.next()) {
        old_kind = rows.text(0);
        is_worked_on = rows.integer(1) > 0;
    }
    mention(item, document_target(id));
    if (old_kind != kind) return false;
    document_state_.run("cancelled", id);
    if (kind == "asn") unit_void_.run(item.seq, id);
    if (is_worked_on)
        open_case(item,
                  "CANCELLED_AFTER_WORK",
                  document_target(id),
                  fmt::format("{} was cancelled after work on it began. Bring back what is not "
                              "shipped.",
                              id));
    return true;
}

bool FeedFold::sscc_range(Item& item) {
    const json::object& body = *item.json;
    const std::string first = text_at(body, "first");
    const std::string last = text_at(body, "last");
    const auto is_number = [](const std::string& text) {
        return text.size() == 17 && text.find_first_not_of("0123456789") == std::string::npos;
    };
    if (text_at(body, "id").empty() || !is_number(first) || !is_number(last) || last < first)
        return false;
    range_.run(text_at(body, "id"),
               std::int64_t{std::stoll(first)},
               std::int64_t{std::stoll(last)},
               item.seq);
    return true;
}

void FeedFold::open_case(Item& item,
                         std::string_view kind,
                         const std::string& subject,
                         const std::string& told) {
    const rules::CaseKind* row = rules::case_kind_of(kind);
    case_open_.run(item.seq * 16 + item.cases++,
                   kind,
                   subject,
                   told,
                   row == nullptr ? "supervisor" : row->who,
                   row == nullptr ? "handled" : row->decisions,
                   item.seq,
                   item.seq);
}

void FeedFold::mention(const Item& item, const std::string& subject) {
    mention_.run(subject, item.seq);
}

}  // namespace lotgate::store
