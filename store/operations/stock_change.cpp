#include "store/operations/stock_change.hpp"

#include "store/model/identity.hpp"
#include "store/projections/feed_json.hpp"
#include "store/sqlite/database.hpp"

#include <boost/json.hpp>

#include <cstdlib>

namespace lotgate::store {

namespace {

namespace json = boost::json;

constexpr std::int64_t whole = 1000;

std::int64_t thousandths(std::int64_t quantity, std::int64_t scale) {
    for (; scale > 3; --scale) quantity /= 10;
    for (; scale < 3; ++scale) quantity *= 10;
    return quantity;
}

}  // namespace

std::int64_t stock_here(sqlite::Database& database) {
    sqlite::Statement goods(database,
                            "SELECT coalesce(p.scale,0),sum(b.quantity) FROM balance b "
                            "LEFT JOIN product p ON p.gtin=b.gtin WHERE instr(b.place,':')=0 "
                            "GROUP BY 1");
    std::int64_t here = 0;
    for (auto rows = goods(); rows.next();) here += thousandths(rows.integer(1), rows.integer(0));
    sqlite::Statement units(database,
                            "SELECT count(*) FROM unit WHERE location<>'' AND state IN "
                            "('RECEIVED','IN_INVENTORY','ALLOCATED','PICKED','PACKED','RETURNED')");
    if (auto rows = units(); rows.next()) here += rows.integer(0) * whole;
    return here;
}

std::int64_t stock_changed_by(sqlite::Database& database, const std::string& items) {
    boost::system::error_code error;
    const json::value list = json::parse(items, error);
    if (error || !list.is_array()) return 0;
    sqlite::Statement product(database, "SELECT scale,owner FROM product WHERE gtin=?");
    sqlite::Statement unit(database,
                           "SELECT 1 FROM unit WHERE gtin=? AND serial=? AND state NOT IN "
                           "('EXPECTED','VOIDED')");
    sqlite::Statement balance(database,
                              "SELECT quantity FROM balance WHERE gtin=? AND lot_key=? AND place=? "
                              "AND owner=?");
    std::int64_t changed = 0;
    for (const json::value& value : list.get_array()) {
        const json::object* const item = value.if_object();
        const auto gtin = item == nullptr ? std::nullopt : gtin_at(*item);
        if (!gtin) continue;
        const std::string serial = text_at(*item, "serial");
        if (!serial.empty()) {
            if (auto rows = unit(*gtin, serial); !rows.next()) changed += whole;
            continue;
        }
        std::int64_t scale = 0;
        std::string owner = text_at(*item, "owner");
        if (auto rows = product(*gtin); rows.next()) {
            scale = rows.integer(0);
            if (owner.empty()) owner = rows.text(1);
        }
        std::int64_t before = 0;
        const std::string key = lot_key_of(text_at(*item, "lot"));
        if (auto rows = balance(*gtin, key, text_at(*item, "location"), owner); rows.next())
            before = rows.integer(0);
        const std::int64_t after = quantity_at(*item, "quantity", static_cast<int>(scale));
        changed += thousandths(std::abs(after - before), scale);
    }
    return changed;
}

}  // namespace lotgate::store
