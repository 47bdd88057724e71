#include "store/projections/feed_fold.hpp"

#include "store/projections/feed_json.hpp"
#include "store/rules/rule.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace lotgate::store {

namespace json = boost::json;

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

FeedFold::FeedFold(sqlite::Database& db)
    : catalogue_(db),
      documents_(db, catalogue_),
      stock_(db, catalogue_),
      ranges_(db),
      cursor_(db,
              "INSERT INTO feed_cursor(lane,cursor,applied_hlc,seq) VALUES(?,?,?,?) "
              "ON CONFLICT(lane) DO UPDATE SET cursor=excluded.cursor,"
              "applied_hlc=excluded.applied_hlc,seq=excluded.seq"),
      hold_(db,
            "INSERT INTO hold(id,reason,class,target,placed_by,note,placed_seq) "
            "VALUES(?,?,?,?,?,?,?) ON CONFLICT(id) DO NOTHING"),
      recalled_units_(db,
                      "SELECT state,count(*) FROM unit WHERE gtin=?1 AND (?2='' OR lot_key=?2) "
                      "GROUP BY state"),
      recalled_goods_(db,
                      "SELECT place LIKE 'shipped:%',coalesce(sum(quantity),0) FROM balance "
                      "WHERE gtin=?1 AND (?2='' OR lot_key=?2) AND place NOT LIKE 'gone:%' "
                      "GROUP BY 1"),
      lift_(db, "UPDATE hold SET lifted_seq=? WHERE id=? AND lifted_seq IS NULL"),
      case_open_(db,
                 "INSERT INTO \"case\"(id,kind,subject,station,told,who,decisions,hold,status,"
                 "count,opened_seq,last_seq,decision,decided_by,reason) "
                 "VALUES(?,?,?,'',?,?,?,?,'open',1,?,?,'','','') "
                 "ON CONFLICT(kind,subject) WHERE status='open' DO UPDATE SET count=count+1,"
                 "last_seq=excluded.last_seq"),
      mention_(db, "INSERT OR IGNORE INTO mention(subject,seq) VALUES(?,?)"),
      unit_now_(db, "SELECT state,order_id,order_line FROM unit WHERE gtin=? AND serial=?"),
      promised_lots_(db,
                     "SELECT line,quantity FROM allocation WHERE order_id=? AND gtin=? AND "
                     "lot_key=? ORDER BY line"),
      lot_taken_(db,
                 "SELECT coalesce(sum(quantity),0) FROM balance WHERE gtin=?1 AND lot_key=?2 AND "
                 "(place IN ('picked:'||?3,'shipped:'||?3) OR place IN "
                 "(SELECT 'carton:'||id FROM container WHERE document=?3))"),
      case_open_now_(db,
                     "SELECT id,hold FROM \"case\" WHERE kind=? AND subject=? AND status='open'"),
      case_close_(db,
                  "UPDATE \"case\" SET status='closed',decision=?,decided_by=?,reason=?,"
                  "closed_seq=? WHERE id=? AND status='open'"),
      people_(db),
      promises_(db) {}

void FeedFold::apply(std::int64_t seq, std::uint64_t hlc, const FeedBody& body) {
    recalled_.clear();
    cursor_.run(body.lane, body.dseq, hlc, seq);
    boost::system::error_code error;
    const json::value value = json::parse(body.item, error);
    static const json::object empty;
    const bool is_object = !error && value.is_object();
    Item item{seq, &body, is_object ? &value.get_object() : &empty};
    if (!body.refused.empty()) return refuse(item);
    if (is_object && fold(item)) return;
    open_case(item,
              "FEED_UNREADABLE",
              fmt::format("{} {}", body.lane, body.dseq),
              fmt::format("Feed item {} ({}) cannot be read and was not applied. Have it sent "
                          "again.",
                          body.dseq,
                          body.kind));
}

void FeedFold::import(std::int64_t seq, std::string_view kind, const std::string& items) {
    static constexpr auto names =
        std::to_array<std::pair<std::string_view, std::string_view>>({{"products", "product"},
                                                                      {"parties", "party"},
                                                                      {"locations", "location"},
                                                                      {"lots", "lot"},
                                                                      {"stock", "stock"},
                                                                      {"orders", "order"}});
    FeedBody body;
    body.lane = "import";
    body.kind = kind;
    for (const auto& [typed, name] : names)
        if (typed == kind) body.kind = name;
    boost::system::error_code error;
    const json::value list = json::parse(items, error);
    if (error || !list.is_array()) return;
    Item item{seq, &body, nullptr};
    for (const json::value& value : list.get_array()) {
        item.json = value.if_object();
        if (item.json == nullptr || !fold(item))
            open_case(item,
                      "FEED_UNREADABLE",
                      fmt::format("import row {}", seq),
                      "A row of an import cannot be read and was not applied. Import it again.");
    }
}

// What the site's profile forbids is not applied; what was known before stays in force.
void FeedFold::refuse(Item& item) {
    const std::string gtin = gtin_at(*item.json).value_or("");
    const std::string subject = product_target(gtin);
    mention(item, subject);
    open_case(
        item,
        item.body->refused,
        subject,
        fmt::format("Product {} {} came tracked by serial and by lot, and this site allows one "
                    "of the two. It was not applied: have one of the flags taken off and "
                    "the product sent again.",
                    gtin,
                    text_at(*item.json, "name")));
}

bool FeedFold::fold(Item& item) {
    const std::string& kind = item.body->kind;
    if (kind == "product") return product(item);
    if (kind == "party") return catalogue_.party(item.seq, *item.json);
    if (kind == "owner") return catalogue_.party(item.seq, *item.json, "owner");
    if (kind == "lot") return stock_.lot(item.seq, *item.json);
    if (kind == "stock" && item.body->lane == "import") return stock_.stock(item.seq, *item.json);
    if (kind == "location") return catalogue_.location(item.seq, *item.json);
    if (kind == "asn" || kind == "order" || kind == "rma") return document(item, kind);
    if (kind == "asn_cancel") return cancel(item, "asn");
    if (kind == "order_cancel") return cancel(item, "order");
    if (kind == "rma_cancel") return cancel(item, "rma");
    if (kind == "hold") return hold(item);
    if (kind == "hold_lift") return hold_lift(item);
    if (kind == "sscc_range" || kind == "serial_range" || kind == "lot_range")
        return ranges_.put(item.seq, kind, *item.json);
    if (kind == "range_end") return ranges_.end(item.seq, *item.json);
    if (kind == "serial_conflict") return serial_conflict(item);
    if (kind == "allocation_superseded") return allocation_superseded(item);
    if (kind == "event_rejected") return event_rejected(item);
    if (kind == "return_answer") return return_answer(item);
    if (kind == "user") return people_.user(item.seq, *item.json);
    unknown_kind(item);
    return true;
}

bool FeedFold::product(Item& item) {
    if (!catalogue_.product(item.seq, *item.json)) return false;
    if (catalogue_.left_behind() > 0)
        open_case(item,
                  "SERIAL_SCOPE_CONFLICT",
                  product_target(*gtin_at(*item.json)),
                  fmt::format("{} serials of this product are not unique in its new scope; they "
                              "keep the old one. Have quality compare the units.",
                              catalogue_.left_behind()));
    return true;
}

bool FeedFold::document(Item& item, std::string_view kind) {
    const bool is_read = documents_.put(item.seq, *item.json, kind);
    if (is_read) note(item);
    if (is_read || documents_.fault().empty()) return is_read;
    const std::string id = text_at(*item.json, "id");
    mention(item, document_target(id));
    open_case(
        item,
        "FEED_UNREADABLE",
        document_target(id),
        fmt::format(
            "{} was not applied: {} Have it put right and sent again.", id, documents_.fault()));
    return true;
}

bool FeedFold::cancel(Item& item, std::string_view kind) {
    const std::string id = text_at(*item.json, "id");
    if (!id.empty()) mention(item, document_target(id));
    if (!documents_.cancel(item.seq, *item.json, kind)) return false;
    note(item);
    return true;
}

// What a document's item did is found by the document's name, and what is odd is a case.
void FeedFold::note(Item& item) {
    const std::string subject = document_target(text_at(*item.json, "id"));
    mention(item, subject);
    for (const DocumentFold::Note& note : documents_.notes())
        open_case(item, note.kind, subject, note.told);
}

void FeedFold::open_case(Item& item,
                         std::string_view kind,
                         const std::string& subject,
                         const std::string& told,
                         const std::string& hold) {
    constexpr int cases_per_event = 16;  // their numbers are made from the event's
    if (item.cases == cases_per_event) return;
    const rules::CaseKind* row = rules::case_kind_of(kind);
    case_open_.run(item.seq * 16 + item.cases++,
                   kind,
                   subject,
                   told,
                   row == nullptr ? "supervisor" : row->who,
                   row == nullptr ? "handled" : row->decisions,
                   hold,
                   item.seq,
                   item.seq);
}

void FeedFold::mention(const Item& item, const std::string& subject) {
    mention_.run(subject, item.seq);
}

}  // namespace lotgate::store
