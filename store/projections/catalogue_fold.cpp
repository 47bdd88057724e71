#include "store/projections/catalogue_fold.hpp"

#include "store/model/product_code.hpp"
#include "store/model/quantity.hpp"
#include "store/projections/feed_json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace json = boost::json;

namespace {

// What the keys of a product's units are made of; ?2 uniqueness, ?3 whether serials fold.
constexpr const char* scope_sql =
    "CASE ?2 WHEN 'global' THEN 'global' WHEN 'owner' THEN 'owner:'||owner "
    "ELSE 'product:'||gtin END";
// SQLite's lower() folds ASCII alone.
constexpr const char* key_sql = "CASE ?3 WHEN 0 THEN serial ELSE lower(serial) END";

std::string word_or(const std::string& text, const char* if_absent) {
    return text.empty() ? if_absent : text;
}

}  // namespace

std::string serial_key_of(std::string_view serial, bool folds) {
    std::string key(serial);
    if (!folds) return key;
    for (char& c : key)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return key;
}

std::string scope_of(std::string_view uniqueness, std::string_view gtin, std::string_view owner) {
    if (uniqueness == "global") return "global";
    if (uniqueness == "owner") return fmt::format("owner:{}", owner);
    return fmt::format("product:{}", gtin);
}

CatalogueFold::CatalogueFold(sqlite::Database& db)
    : product_(
          db,
          "INSERT INTO product(gtin,name,serial_tracked,lot_tracked,expiry_required,seq,owner,"
          "uniqueness,serial_pattern,lot_pattern,serial_fold,rotation,fefo_policy,"
          "fefo_tolerance_days,min_life_in_days,min_life_in_percent,life_days_max,"
          "best_before_blocks,regimes,status,assign_tlc,single_lot,temp_class,unit,scale,"
          "hold_max_age_min,hold_stale,doc_max_age_min,zone,company_prefix_length,custom) "
          "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
          "ON CONFLICT(gtin) DO UPDATE SET name=excluded.name,"
          "serial_tracked=excluded.serial_tracked,lot_tracked=excluded.lot_tracked,"
          "expiry_required=excluded.expiry_required,seq=excluded.seq,owner=excluded.owner,"
          "uniqueness=excluded.uniqueness,serial_pattern=excluded.serial_pattern,"
          "lot_pattern=excluded.lot_pattern,serial_fold=excluded.serial_fold,"
          "rotation=excluded.rotation,fefo_policy=excluded.fefo_policy,"
          "fefo_tolerance_days=excluded.fefo_tolerance_days,"
          "min_life_in_days=excluded.min_life_in_days,"
          "min_life_in_percent=excluded.min_life_in_percent,life_days_max=excluded.life_days_max,"
          "best_before_blocks=excluded.best_before_blocks,regimes=excluded.regimes,"
          "status=excluded.status,assign_tlc=excluded.assign_tlc,single_lot=excluded.single_lot,"
          "temp_class=excluded.temp_class,unit=excluded.unit,scale=excluded.scale,"
          "hold_max_age_min=excluded.hold_max_age_min,hold_stale=excluded.hold_stale,"
          "doc_max_age_min=excluded.doc_max_age_min,zone=excluded.zone,"
          "company_prefix_length=excluded.company_prefix_length,custom=excluded.custom"),
      tracking_(
          db,
          "SELECT owner,uniqueness,serial_fold,CASE serial_tracked WHEN 0 THEN scale ELSE 0 END "
          "FROM product WHERE gtin=?"),
      rekey_(db,
             fmt::format("UPDATE OR IGNORE unit SET scope={},serial_key={} "
                         "WHERE gtin=?1 AND scope IS NOT NULL",
                         scope_sql,
                         key_sql)),
      left_(db,
            fmt::format("SELECT count(*) FROM unit WHERE gtin=?1 AND scope IS NOT NULL "
                        "AND (scope<>{} OR serial_key<>{})",
                        scope_sql,
                        key_sql)),
      // Goods of it that were put aside can be received now (rule R-01). One range of subjects at a
      // time: of several with OR, SQLite walks through all cards of the kind for each product.
      arrived_(db,
               "UPDATE \"case\" SET status='closed',decision='product_added',"
               "decided_by='gateway',reason='the product is known now: receive the goods',"
               "closed_seq=? WHERE kind='PRODUCT_UNKNOWN' AND status='open' AND "
               "subject BETWEEN ? AND ?"),
      codes_gone_(db, "DELETE FROM product_code WHERE gtin=?"),
      code_(db, "INSERT OR IGNORE INTO product_code(code,gtin) VALUES(?,?)"),
      code_arrived_(db,
                    "UPDATE \"case\" SET status='closed',decision='product_added',"
                    "decided_by='gateway',reason='the product is known now: receive the goods',"
                    "closed_seq=? WHERE kind='PRODUCT_UNKNOWN' AND status='open' AND "
                    "subject='code:'||?"),
      party_(db,
             "INSERT INTO party(id,name,route,seq,kind,rotation,min_life_out_days,transit_days,gln,"
             "phone,address,email,exempt) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?) "
             "ON CONFLICT(id) DO UPDATE SET name=excluded.name,route=excluded.route,"
             "seq=excluded.seq,kind=excluded.kind,rotation=excluded.rotation,"
             "min_life_out_days=excluded.min_life_out_days,transit_days=excluded.transit_days,"
             "gln=excluded.gln,phone=excluded.phone,address=excluded.address,"
             "email=excluded.email,exempt=excluded.exempt"),
      location_(db,
                "INSERT OR REPLACE INTO location(id,kind,zone,pickable,quarantine,lockable,lot_mix,"
                "temp_class,walk_order,gln,seq) VALUES(?,?,?,?,?,?,?,?,?,?,?)") {}

bool CatalogueFold::product(std::int64_t seq, const json::object& item) {
    left_behind_ = 0;
    const auto gtin = gtin_at(item);
    if (!gtin) return false;
    const Tracking before = tracking_of(*gtin);
    Tracking now;
    now.owner = text_at(item, "owner");
    now.uniqueness = word_or(text_at(item, "uniqueness"), "product");
    now.folds = flag_at(item, "serial_fold");
    const auto scale = std::clamp<std::int64_t>(number_at(item, "scale"), 0, quantity_scale_max);
    product_.run(*gtin,
                 text_at(item, "name"),
                 flag_at(item, "serial_tracked"),
                 flag_at(item, "lot_tracked"),
                 flag_at(item, "expiry_required"),
                 seq,
                 now.owner,
                 now.uniqueness,
                 text_at(item, "serial_pattern"),
                 text_at(item, "lot_pattern"),
                 now.folds,
                 text_at(item, "rotation"),
                 text_at(item, "fefo_policy"),
                 number_at(item, "fefo_tolerance_days"),
                 number_at(item, "min_life_in_days"),
                 number_at(item, "min_life_in_percent"),
                 number_at(item, "life_days_max"),
                 flag_at(item, "best_before_blocks"),
                 words_at(item, "regimes"),
                 word_or(text_at(item, "status"), "active"),
                 flag_at(item, "assign_tlc"),
                 flag_at(item, "single_lot"),
                 text_at(item, "temp_class"),
                 word_or(text_at(item, "unit"), "EA"),
                 scale,
                 number_if(item, "hold_max_age_min"),
                 word_or(text_at(item, "hold_stale"), "warn"),
                 number_if(item, "doc_max_age_min"),
                 text_at(item, "zone"),
                 number_at(item, "company_prefix_length"),
                 object_at(item, "custom"));
    arrived_.run(seq, "product:" + *gtin, "product:" + *gtin);
    for (const char* kind : {"unit:", "lot:"})
        arrived_.run(seq, kind + *gtin + "/", kind + *gtin + "0");  // '0' comes after '/'
    put_codes(seq, *gtin, item);
    if (before.uniqueness != now.uniqueness || before.folds != now.folds) rekey(*gtin, now);
    return true;
}

// HIBC, PPN and part numbers that stand for the product; an item says all of them.
void CatalogueFold::put_codes(std::int64_t seq, const std::string& gtin, const json::object& item) {
    codes_gone_.run(gtin);
    const json::value* codes = item.if_contains("codes");
    if (codes == nullptr || !codes->is_array()) return;
    for (const json::value& value : codes->get_array()) {
        if (!value.is_string()) continue;
        const std::string code(value.get_string());
        if (!is_product_code(code)) continue;
        code_.run(code, gtin);
        code_arrived_.run(seq, code);
    }
}

// A product that changes its scope takes its units along, as far as their keys are free there.
void CatalogueFold::rekey(const std::string& gtin, const Tracking& now) {
    rekey_.run(gtin, now.uniqueness, now.folds);
    auto rows = left_(gtin, now.uniqueness, now.folds);
    if (rows.next()) left_behind_ = rows.integer(0);
}

CatalogueFold::Tracking CatalogueFold::tracking_of(const std::string& gtin) {
    Tracking tracking;
    if (auto rows = tracking_(gtin); rows.next()) {
        tracking.owner = rows.text(0);
        tracking.uniqueness = rows.text(1);
        tracking.folds = rows.integer(2) != 0;
        tracking.scale = static_cast<int>(rows.integer(3));
    }
    return tracking;
}

bool CatalogueFold::party(std::int64_t seq, const json::object& item, std::string_view kind) {
    const std::string id = text_at(item, "id");
    if (id.empty()) return false;
    party_.run(id,
               text_at(item, "name"),
               text_at(item, "route"),
               seq,
               kind.empty() ? text_at(item, "kind") : std::string(kind),
               text_at(item, "rotation"),
               number_at(item, "min_life_out_days"),
               number_at(item, "transit_days"),
               text_at(item, "gln"),
               text_at(item, "phone"),
               text_at(item, "address"),
               text_at(item, "email"),
               flag_at(item, "exempt"));
    return true;
}

bool CatalogueFold::location(std::int64_t seq, const json::object& item) {
    const std::string id = text_at(item, "id");
    if (id.empty()) return false;
    const std::string kind = word_or(text_at(item, "kind"), "bin");
    const bool is_quarantine = flag_at(item, "quarantine");
    // Only bins are picked from unless somebody says otherwise, and never from quarantine.
    location_.run(id,
                  kind,
                  text_at(item, "zone"),
                  flag_at(item, "pickable", kind == "bin") && !is_quarantine,
                  is_quarantine,
                  flag_at(item, "lockable", kind == "cage"),
                  word_or(text_at(item, "lot_mix"), "allow"),
                  text_at(item, "temp_class"),
                  number_at(item, "walk_order"),
                  text_at(item, "gln"),
                  seq);
    return true;
}

}  // namespace lotgate::store
