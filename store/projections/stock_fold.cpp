#include "store/projections/stock_fold.hpp"

#include "store/model/identity.hpp"
#include "store/projections/feed_json.hpp"
#include "store/projections/projections.hpp"

namespace lotgate::store {

namespace json = boost::json;

StockFold::StockFold(sqlite::Database& db, CatalogueFold& catalogue)
    : catalogue_(&catalogue),
      lot_(db,
           "INSERT INTO lot(gtin,lot_key,raw,expires_on,best_before,supplier,first_seq,sell_by,"
           "produced_on,packed_on,mfr_lot,po,custom) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?) "
           "ON CONFLICT(gtin,lot_key) DO UPDATE SET "
           "expires_on=coalesce(excluded.expires_on,expires_on),"
           "best_before=coalesce(excluded.best_before,best_before),"
           "sell_by=coalesce(excluded.sell_by,sell_by),"
           "produced_on=coalesce(excluded.produced_on,produced_on),"
           "packed_on=coalesce(excluded.packed_on,packed_on),"
           "supplier=CASE excluded.supplier WHEN '' THEN supplier ELSE excluded.supplier END,"
           "mfr_lot=CASE excluded.mfr_lot WHEN '' THEN mfr_lot ELSE excluded.mfr_lot END,"
           "po=CASE excluded.po WHEN '' THEN po ELSE excluded.po END,"
           "custom=CASE excluded.custom WHEN '' THEN custom ELSE excluded.custom END"),
      variant_(db, "INSERT OR IGNORE INTO lot_variant(gtin,lot_key,raw,seq) VALUES(?,?,?,?)"),
      // Only what never came here, or stands here, is put where the file says: a unit that was
      // shipped or scrapped does not come back by a file.
      unit_(db,
            "INSERT INTO unit(gtin,serial,near_key,state,state_before,lot_key,expires_on,location,"
            "container,document,line,order_id,order_line,seq,owner,scope,serial_key,origin,"
            "custom) VALUES(?1,?2,?3,'IN_INVENTORY','NONE',?4,?5,?6,NULL,'',0,'',0,?7,?8,?9,?10,"
            "'IMPORT',?11) "
            "ON CONFLICT(gtin,serial) DO UPDATE SET state='IN_INVENTORY',"
            "state_before=unit.state,lot_key=excluded.lot_key,expires_on=excluded.expires_on,"
            "location=excluded.location,seq=excluded.seq,owner=excluded.owner,"
            "scope=excluded.scope,serial_key=excluded.serial_key,"
            "custom=CASE excluded.custom WHEN '' THEN unit.custom ELSE excluded.custom END "
            "WHERE unit.state IN ('EXPECTED','VOIDED','RECEIVED','IN_INVENTORY') AND NOT EXISTS "
            "(SELECT 1 FROM unit t WHERE t.scope=?9 AND t.serial_key=?10 AND NOT "
            "(t.gtin=?1 AND t.serial=?2)) ON CONFLICT DO NOTHING"),
      old_(db, "SELECT quantity FROM balance WHERE gtin=? AND lot_key=? AND place=? AND owner=?"),
      balance_(db,
               "INSERT INTO balance(gtin,lot_key,place,owner,quantity) VALUES(?,?,?,?,?) "
               "ON CONFLICT DO UPDATE SET quantity=excluded.quantity"),
      empty_(db,
             "DELETE FROM balance WHERE gtin=? AND lot_key=? AND place=? AND owner=? "
             "AND quantity=0"),
      received_(db, "UPDATE lot SET received=received+? WHERE gtin=? AND lot_key=?") {}

bool StockFold::lot(std::int64_t seq, const json::object& item) {
    const auto gtin = gtin_at(item);
    const std::string raw = text_at(item, "lot");
    const std::string key = lot_key_of(raw);
    if (!gtin || key.empty()) return false;
    // Of a row of stock they are the unit's or the heap's, not the lot's.
    const std::string custom =
        item.contains("location") ? std::string() : object_at(item, "custom");
    lot_.run(*gtin,
             key,
             raw,
             date_at(item, "expires_on"),
             date_at(item, "best_before"),
             text_at(item, "supplier"),
             seq,
             date_at(item, "sell_by"),
             date_at(item, "produced_on"),
             date_at(item, "packed_on"),
             text_at(item, "mfr_lot"),
             text_at(item, "po"),
             custom);
    variant_.run(*gtin, key, raw, seq);
    return true;
}

bool StockFold::stock(std::int64_t seq, const json::object& item) {
    const auto gtin = gtin_at(item);
    if (!gtin || text_at(item, "location").empty()) return false;
    const std::string key = lot_key_of(text_at(item, "lot"));
    if (!key.empty() && !lot(seq, item)) return false;
    if (text_at(item, "serial").empty())
        put_balance(item, *gtin, key);
    else
        put_unit(seq, item, *gtin, key);
    return true;
}

void StockFold::put_unit(std::int64_t seq,
                         const json::object& item,
                         const std::string& gtin,
                         const std::string& key) {
    const std::string serial = text_at(item, "serial");
    const CatalogueFold::Tracking tracking = catalogue_->tracking_of(gtin);
    const std::string owner =
        text_at(item, "owner").empty() ? tracking.owner : text_at(item, "owner");
    unit_.run(gtin,
              serial,
              near_key_of(serial),
              key,
              date_at(item, "expires_on"),
              text_at(item, "location"),
              seq,
              owner,
              scope_of(tracking.uniqueness, gtin, owner),
              serial_key_of(serial, tracking.folds),
              object_at(item, "custom"));
}

void StockFold::put_balance(const json::object& item,
                            const std::string& gtin,
                            const std::string& key) {
    const CatalogueFold::Tracking tracking = catalogue_->tracking_of(gtin);
    const std::string owner =
        text_at(item, "owner").empty() ? tracking.owner : text_at(item, "owner");
    const std::string place = text_at(item, "location");
    const std::int64_t quantity = quantity_at(item, "quantity", tracking.scale);
    std::int64_t before = 0;
    if (auto rows = old_(gtin, key, place, owner); rows.next()) before = rows.integer(0);
    balance_.run(gtin, key, place, owner, quantity);
    empty_.run(gtin, key, place, owner);
    // What the file adds or takes away came in or went out: the lot's mass balance stays closed.
    received_.run(quantity - before, gtin, key);
}

}  // namespace lotgate::store
