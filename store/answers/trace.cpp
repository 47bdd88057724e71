// Where goods came from, what happened to them, and where they are.

#include "store/answers/answers.hpp"
#include "store/answers/details.hpp"
#include "store/events/bodies.hpp"
#include "store/model/product_code.hpp"
#include "store/projections/feed_fold.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <map>

namespace lotgate::store {

namespace {

constexpr int history_rows_max = 500;
constexpr std::size_t places_shown_max = 500;  // of a lot; `lotgate recall` lists them all

json::array history_of(sqlite::Database& db, const std::string& subject) {
    sqlite::Statement mentions(
        db,
        fmt::format("SELECT {} FROM (SELECT seq AS s FROM mention WHERE subject=? "
                    "AND seq>(SELECT coalesce(max(last_seq),0) FROM archive) "
                    "ORDER BY seq DESC LIMIT ?) JOIN ledger ON seq=s ORDER BY seq",
                    ledger_columns));
    json::array history;
    for (auto rows = mentions(subject, history_rows_max); rows.next();)
        history.push_back(decision_line(row_from(rows)));
    return history;
}

// Where the rest of its history is: by archive file, how many of its events.
json::array archived_of(sqlite::Database& db, const std::string& subject) {
    sqlite::Statement files(db,
                            "SELECT a.file,count(*),min(m.seq),max(m.seq) FROM mention m "
                            "JOIN archive a ON m.seq BETWEEN a.first_seq AND a.last_seq "
                            "WHERE m.subject=? GROUP BY a.last_seq ORDER BY a.last_seq");
    return rows_of(files(subject), {"file", "events", "from_seq", "to_seq"});
}

// Of a lot: its units' events are theirs, so every file from the lot's first event on.
json::array archived_since(sqlite::Database& db, const std::string& gtin, const std::string& key) {
    sqlite::Statement files(db,
                            "SELECT a.file,max(a.first_seq,l.first_seq),a.last_seq FROM lot l "
                            "JOIN archive a ON a.last_seq>=l.first_seq "
                            "WHERE l.gtin=? AND l.lot_key=? ORDER BY a.last_seq");
    return rows_of(files(gtin, key), {"file", "from_seq", "to_seq"});
}

json::array holds_on(sqlite::Database& db, const std::vector<std::string>& targets) {
    sqlite::Statement holds(db,
                            "SELECT id,reason,class,target,placed_by,note,placed_seq,lifted_seq "
                            "FROM hold WHERE target=? ORDER BY placed_seq");
    json::array list;
    for (const std::string& target : targets)
        for (json::value& hold : rows_of(holds(target),
                                         {"id",
                                          "reason",
                                          "class",
                                          "target",
                                          "placed_by",
                                          "note",
                                          "placed_seq",
                                          "lifted_seq"}))
            list.push_back(std::move(hold));
    return list;
}

// "unit:<gtin>/<serial>" -> gtin and the rest; GTINs have 14 digits.
std::pair<std::string, std::string> split_key(const std::string& subject) {
    const std::size_t colon = subject.find(':');
    const std::string rest = subject.substr(colon + 1);
    if (rest.size() < 15) return {rest, {}};
    return {rest.substr(0, 14), rest.substr(15)};
}

void add_unit(sqlite::Database& db, const std::string& subject, json::object& answer) {
    const auto [gtin, serial] = split_key(subject);
    sqlite::Statement unit(
        db,
        "SELECT u.gtin,p.name,u.serial,u.state,l.raw,u.expires_on,u.location,"
        "c.sscc,u.document,u.order_id,d.party,coalesce(y.name,d.party),"
        "a.party,u.lot_key,a.po FROM unit u LEFT JOIN product p ON p.gtin=u.gtin "
        "LEFT JOIN lot l ON l.gtin=u.gtin AND l.lot_key=u.lot_key "
        "LEFT JOIN container c ON c.id=u.container "
        "LEFT JOIN document d ON d.id=u.order_id "
        "LEFT JOIN party y ON y.id=d.party "
        "LEFT JOIN document a ON a.id=u.document WHERE u.gtin=? AND u.serial=?");
    json::array rows = rows_of(unit(gtin, serial),
                               {"gtin",
                                "product",
                                "serial",
                                "state",
                                "lot",
                                "expires_on",
                                "location",
                                "sscc",
                                "asn",
                                "order",
                                "customer",
                                "customer_name",
                                "supplier",
                                "lot_key",
                                "po"});
    std::vector<std::string> targets{subject, product_target(gtin)};
    if (!rows.empty()) {
        json::object found = rows.front().as_object();
        if (const json::value* key = found.if_contains("lot_key"))
            targets.push_back(lot_target(gtin, std::string_view(key->as_string())));
        if (const json::value* sscc = found.if_contains("sscc"))
            targets.push_back(container_target(std::string_view(sscc->as_string())));
        found.erase("lot_key");
        add_unit_details(db, gtin, serial, found);
        answer["unit"] = std::move(found);
    }
    answer["holds"] = holds_on(db, targets);
}

// Where a lot is, read in one pass over its index: a lot of 100,000 units in some ten milliseconds.
struct LotPlaces {
    std::map<std::pair<std::string, std::string>, std::int64_t> on_hand;  ///< place and state
    std::map<std::string, std::int64_t> shipped;                          ///< the first orders
    std::map<std::string, std::int64_t> by_state;                         ///< of units
    std::int64_t announced = 0;
    std::int64_t taken = 0;
    std::int64_t here = 0;
    std::int64_t left = 0;
    std::int64_t gone = 0;
    std::int64_t counted_in = 0;
    std::int64_t counted_out = 0;  ///< here, shipped and gone together
};

void add_counted(sqlite::Database& db,
                 const std::string& gtin,
                 const std::string& key,
                 LotPlaces& lot) {
    sqlite::Statement received(db, "SELECT received FROM lot WHERE gtin=? AND lot_key=?");
    if (auto rows = received(gtin, key); rows.next()) lot.counted_in = rows.integer(0);
    sqlite::Statement goods(
        db, "SELECT place,sum(quantity) FROM balance WHERE gtin=? AND lot_key=? GROUP BY place");
    for (auto rows = goods(gtin, key); rows.next();) {
        const std::string place = rows.text(0);
        const std::int64_t quantity = rows.integer(1);
        lot.counted_out += quantity;
        if (place.starts_with("shipped:")) {
            lot.shipped[place.substr(8)] += quantity;
            lot.left += quantity;
        } else if (place.starts_with("gone:")) {
            lot.gone += quantity;
        } else {
            lot.on_hand[{place, "counted"}] += quantity;
            lot.here += quantity;
        }
    }
}

void add_units(sqlite::Database& db,
               const std::string& gtin,
               const std::string& key,
               LotPlaces& lot) {
    sqlite::Statement units(db,
                            "SELECT state,location,count(*) FROM unit WHERE gtin=? AND lot_key=? "
                            "AND lot_key<>'' GROUP BY state,location");
    for (auto rows = units(gtin, key); rows.next();) {
        const std::string state = rows.text(0);
        const std::int64_t count = rows.integer(2);
        lot.by_state[state] += count;
        if (state == "VOIDED") continue;
        if (state == "EXPECTED") {
            lot.announced += count;
            continue;
        }
        lot.taken += count;
        if (state == "SHIPPED") {
            lot.left += count;
            continue;
        }
        lot.on_hand[{rows.text(1), state}] += count;
        const bool is_gone = state == "SCRAPPED" || state == "RELABELLED" || state == "MISSING";
        (is_gone ? lot.gone : lot.here) += count;
    }
    // In the index's order, so that it stops at the last one that is shown.
    sqlite::Statement orders(db,
                             "SELECT order_id,count(*) FROM unit WHERE gtin=? AND lot_key=? AND "
                             "lot_key<>'' AND state='SHIPPED' GROUP BY location,order_id LIMIT ?");
    const auto limit = static_cast<std::int64_t>(places_shown_max + 1);
    for (auto rows = orders(gtin, key, limit); rows.next();)
        lot.shipped[rows.text(0)] += rows.integer(1);
}

json::object mass_balance(const LotPlaces& lot) {
    json::object balance;
    balance["announced"] = lot.announced;
    balance["received"] = lot.taken + lot.counted_in;
    balance["on_site"] = lot.here;
    balance["shipped"] = lot.left;
    balance["gone"] = lot.gone;
    balance["difference"] = lot.counted_in - lot.counted_out;
    json::object by_state;
    for (const auto& [state, count] : lot.by_state) by_state[state] = count;
    if (!by_state.empty()) balance["units"] = std::move(by_state);
    return balance;
}

// The first of each list, and how many there are: `lotgate recall` lists them all.
void add_places(sqlite::Database& db, const LotPlaces& lot, json::object& answer) {
    json::array on_hand;
    for (const auto& [where, quantity] : lot.on_hand) {
        if (on_hand.size() == places_shown_max) break;
        on_hand.push_back(
            json::object{{"place", where.first}, {"state", where.second}, {"quantity", quantity}});
    }
    answer["on_hand"] = std::move(on_hand);
    answer["places"] = lot.on_hand.size();
    sqlite::Statement order(db,
                            "SELECT d.party,coalesce(y.name,d.party) FROM document d "
                            "LEFT JOIN party y ON y.id=d.party WHERE d.id=?");
    json::array shipped;
    for (const auto& [id, quantity] : lot.shipped) {
        if (shipped.size() == places_shown_max) break;
        json::object row{{"order", id}};
        if (auto rows = order(id); rows.next() && !rows.view(0).empty()) {
            row["customer"] = rows.text(0);
            row["customer_name"] = rows.text(1);
        }
        row["quantity"] = quantity;
        shipped.push_back(std::move(row));
    }
    answer["shipped"] = std::move(shipped);
    if (lot.shipped.size() > places_shown_max) answer["has_more_orders"] = true;
}

void add_lot(sqlite::Database& db, const std::string& subject, json::object& answer) {
    const auto [gtin, key] = split_key(subject);
    sqlite::Statement lot(
        db,
        "SELECT l.gtin,p.name,l.raw,l.expires_on,l.best_before,l.supplier,l.mfr_lot,"
        "l.po,l.custom "
        "FROM lot l LEFT JOIN product p ON p.gtin=l.gtin "
        "WHERE l.gtin=? AND l.lot_key=?");
    json::array rows = rows_of(lot(gtin, key),
                               {"gtin",
                                "product",
                                "lot",
                                "expires_on",
                                "best_before",
                                "supplier",
                                "mfr_lot",
                                "po",
                                "custom"});
    if (!rows.empty()) {
        json::object found = rows.front().as_object();
        boost::system::error_code error;
        if (const json::value* custom = found.if_contains("custom"))
            if (json::value read = json::parse(custom->as_string(), error); !error)
                found["custom"] = std::move(read);
        add_lot_details(db, gtin, key, found);
        answer["lot"] = std::move(found);
    }
    LotPlaces places;
    add_units(db, gtin, key, places);
    add_counted(db, gtin, key, places);
    answer["mass_balance"] = mass_balance(places);
    add_places(db, places, answer);
    sqlite::Statement sources(
        db,
        "SELECT DISTINCT document_line.document,d.party,d.po FROM document_line JOIN document d "
        "ON d.id=document_line.document AND d.kind='asn' "
        "WHERE document_line.gtin=? AND document_line.lot_key=? ORDER BY 1");
    answer["from"] = rows_of(sources(gtin, key), {"asn", "supplier", "po"});
    answer["holds"] = holds_on(db, {subject, product_target(gtin)});
}

void add_container(sqlite::Database& db, const std::string& subject, json::object& answer) {
    const std::string sscc = subject.substr(subject.find(':') + 1);
    sqlite::Statement container(
        db,
        "SELECT c.id,c.sscc,c.kind,c.state,c.document,c.station,c.label,c.lane,d.party,"
        "coalesce(y.name,d.party) FROM container c LEFT JOIN document d ON d.id=c.document "
        "LEFT JOIN party y ON y.id=d.party WHERE c.sscc=?");
    json::array rows = rows_of(container(sscc),
                               {"id",
                                "sscc",
                                "kind",
                                "state",
                                "document",
                                "station",
                                "label",
                                "lane",
                                "customer",
                                "customer_name"});
    if (rows.empty()) return;
    answer["container"] = rows.front();
    const std::string id(rows.front().as_object()["id"].as_string());
    add_container_details(db, id, answer["container"].as_object());
    sqlite::Statement units(db,
                            "SELECT gtin,lot_key,serial,state,1 FROM unit WHERE container=? "
                            "ORDER BY gtin,serial");
    sqlite::Statement goods(
        db, "SELECT gtin,lot_key,quantity FROM balance WHERE place=? ORDER BY gtin,lot_key");
    json::array contents = rows_of(units(id), {"gtin", "lot", "serial", "state", "quantity"});
    for (json::value& row : rows_of(goods("carton:" + id), {"gtin", "lot", "quantity"}))
        contents.push_back(std::move(row));
    answer["contents"] = std::move(contents);
    answer["holds"] = holds_on(db, {subject});
}

void add_document(sqlite::Database& db, const std::string& subject, json::object& answer) {
    const std::string id = subject.substr(subject.find(':') + 1);
    sqlite::Statement document(
        db,
        "SELECT d.id,d.kind,d.state,d.party,coalesce(y.name,d.party),d.route,d.quantity,d.done,"
        "d.extra,d.shipped FROM document d LEFT JOIN party y ON y.id=d.party WHERE d.id=?");
    json::array rows = rows_of(document(id),
                               {"id",
                                "kind",
                                "state",
                                "party",
                                "party_name",
                                "route",
                                "quantity",
                                "done",
                                "extra",
                                "shipped"});
    if (!rows.empty()) answer["document"] = rows.front();
    sqlite::Statement lines(db,
                            "SELECT line,gtin,lot_raw,expires_on,sscc,quantity,done,shipped "
                            "FROM document_line WHERE document=? ORDER BY line");
    answer["lines"] = rows_of(
        lines(id), {"line", "gtin", "lot", "expires_on", "sscc", "quantity", "done", "shipped"});
    sqlite::Statement cartons(
        db, "SELECT id,sscc,state,label,lane FROM container WHERE document=? ORDER BY seq");
    answer["cartons"] = rows_of(cartons(id), {"id", "sscc", "state", "label", "lane"});
    answer["holds"] = holds_on(db, {subject});
}

}  // namespace

std::vector<std::string> subjects_named(sqlite::Database& db, const std::string& what) {
    std::vector<std::string> subjects;
    const auto exists = [&](const char* sql, const std::string& a, const std::string& b) {
        sqlite::Statement statement(db, sql);
        auto rows = b.empty() ? statement(a) : statement(a, b);
        return rows.next();
    };
    for (const char* prefix : {"unit:",
                               "lot:",
                               "container:",
                               "document:",
                               "product:",
                               "code:",
                               "station:",
                               "effect:",
                               "hold:"})
        if (what.starts_with(prefix)) return {what};
    if (exists("SELECT 1 FROM container WHERE sscc=?", what, {}))
        subjects.push_back(container_target(what));
    if (exists("SELECT 1 FROM document WHERE id=?", what, {}))
        subjects.push_back(document_target(what));
    std::string serial = what;
    std::vector<std::string> gtins;
    const std::size_t slash = what.find('/');
    if (const std::string code = what.substr(0, slash); is_product_code(code)) {
        sqlite::Statement products(db, "SELECT gtin FROM product_code WHERE code=? ORDER BY gtin");
        for (auto rows = products(code); rows.next();) gtins.push_back(rows.text(0));
        if (slash == std::string::npos)
            for (const std::string& gtin : gtins) subjects.push_back(product_target(gtin));
        serial = slash == std::string::npos ? std::string() : what.substr(slash + 1);
    } else if (const auto gtin = Gtin::parse(what.substr(0, slash));
               slash != std::string::npos && gtin) {
        gtins.push_back(gtin->text());
        serial = what.substr(slash + 1);
    } else {
        sqlite::Statement products(db, "SELECT gtin FROM product ORDER BY gtin");
        for (auto rows = products(); rows.next();) gtins.push_back(rows.text(0));
    }
    const std::string key = lot_key_of(serial);
    for (const std::string& gtin : gtins) {
        if (exists("SELECT 1 FROM unit WHERE gtin=? AND serial=?", gtin, serial))
            subjects.push_back(unit_key(gtin, serial));
        if (!key.empty() && exists("SELECT 1 FROM lot WHERE gtin=? AND lot_key=?", gtin, key))
            subjects.push_back(lot_target(gtin, key));
    }
    return subjects;
}

Result<json::object> trace_of(sqlite::Database& db, const std::string& what) {
    const auto subjects = subjects_named(db, what);
    json::array found;
    for (const std::string& subject : subjects) {
        json::object answer;
        answer["subject"] = subject;
        if (subject.starts_with("unit:")) add_unit(db, subject, answer);
        if (subject.starts_with("lot:")) add_lot(db, subject, answer);
        if (subject.starts_with("container:")) add_container(db, subject, answer);
        if (subject.starts_with("document:")) add_document(db, subject, answer);
        answer["history"] = history_of(db, subject);
        const auto [gtin, rest] = split_key(subject);
        json::array archived =
            subject.starts_with("lot:") ? archived_since(db, gtin, rest) : archived_of(db, subject);
        if (!archived.empty()) answer["archived"] = std::move(archived);
        found.push_back(std::move(answer));
    }
    if (found.empty())
        return fail(FaultCode::invalid_input,
                    "nothing here has that name; give a serial, \"gtin/serial\", a lot, an SSCC, "
                    "a document code or \"hibc:\" and a product's code",
                    what);
    json::object answer;
    answer["what"] = what;
    answer["found"] = std::move(found);
    answer["complete"] = completeness_of(db);
    return answer;
}

}  // namespace lotgate::store
