#include "store/answers/details.hpp"

#include "store/answers/answers.hpp"

#include <initializer_list>

namespace lotgate::store {

namespace {

// Kept as JSON text, shown as the object it is.
void unfold_custom(json::object& found) {
    const json::value* text = found.if_contains("custom");
    if (text == nullptr || !text->is_string()) return;
    boost::system::error_code error;
    json::value read = json::parse(text->get_string(), error);
    if (error || !read.is_object())
        found.erase("custom");
    else
        found["custom"] = std::move(read);
}

void add_members(json::array rows, json::object& found) {
    if (rows.empty()) return;
    for (const auto& member : rows.front().as_object()) found[member.key()] = member.value();
}

json::array containers_over(sqlite::Database& db, const std::string& id) {
    sqlite::Statement over(
        db,
        "WITH RECURSIVE over(id,depth) AS (SELECT ?1,0 UNION ALL SELECT c.parent,depth+1 FROM "
        "container c JOIN over ON c.id=over.id WHERE c.parent IS NOT NULL AND depth<8) "
        "SELECT c.sscc,c.kind,c.state,c.location FROM over JOIN container c ON c.id=over.id "
        "WHERE depth>0 ORDER BY depth");
    return rows_of(over(id), {"sscc", "kind", "state", "location"});
}

}  // namespace

void add_unit_details(sqlite::Database& db,
                      const std::string& gtin,
                      const std::string& serial,
                      json::object& found) {
    sqlite::Statement unit(db,
                           "SELECT nullif(custom,''),nullif(owner,''),nullif(origin,''),"
                           "nullif(capture,''),nullif(confidence,0) FROM unit "
                           "WHERE gtin=? AND serial=?");
    add_members(rows_of(unit(gtin, serial), {"custom", "owner", "origin", "capture", "confidence"}),
                found);
    unfold_custom(found);
    sqlite::Statement inside(db, "SELECT container FROM unit WHERE gtin=? AND serial=?");
    std::string container;
    if (auto rows = inside(gtin, serial); rows.next() && !rows.is_null(0)) container = rows.text(0);
    if (container.empty()) return;
    json::array over = containers_over(db, container);
    if (!over.empty()) found["stands_on"] = std::move(over);
}

void add_lot_details(sqlite::Database& db,
                     const std::string& gtin,
                     const std::string& lot_key,
                     json::object& found) {
    sqlite::Statement lot(db,
                          "SELECT sell_by,produced_on,packed_on,expires_at,nullif(own,0),"
                          "nullif(assigned_for,'') FROM lot WHERE gtin=? AND lot_key=?");
    add_members(
        rows_of(lot(gtin, lot_key),
                {"sell_by", "produced_on", "packed_on", "expires_at", "own", "assigned_for"}),
        found);
    sqlite::Statement spellings(
        db, "SELECT raw FROM lot_variant WHERE gtin=? AND lot_key=? ORDER BY raw LIMIT 20");
    json::array words;
    for (auto rows = spellings(gtin, lot_key); rows.next();) words.emplace_back(rows.text(0));
    if (words.size() > 1) found["spellings"] = std::move(words);
    unfold_custom(found);
}

void add_container_details(sqlite::Database& db, const std::string& id, json::object& found) {
    sqlite::Statement container(db, "SELECT nullif(location,'') FROM container WHERE id=?");
    add_members(rows_of(container(id), {"location"}), found);
    json::array over = containers_over(db, id);
    if (!over.empty()) found["stands_on"] = std::move(over);
    sqlite::Statement inside(
        db,
        "SELECT c.sscc,c.kind,c.state,c.document,(SELECT count(*) FROM unit u WHERE "
        "u.container=c.id) FROM container c WHERE c.parent=? ORDER BY c.sscc LIMIT 500");
    json::array rows = rows_of(inside(id), {"sscc", "kind", "state", "document", "units"});
    if (!rows.empty()) found["holds_containers"] = std::move(rows);
}

}  // namespace lotgate::store
