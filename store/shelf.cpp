#include "store/shelf.hpp"

#include "store/facts_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lotgate::store {

namespace {

constexpr std::size_t lots_max = 500;  // of one product that are looked at
constexpr std::size_t places_max = 200;

// The words of the partial index unit_free, or it is not used.
constexpr const char* free_unit = "state IN ('IN_INVENTORY','RECEIVED') AND order_id=''";
constexpr const char* unheld_unit =
    "NOT EXISTS(SELECT 1 FROM hold h WHERE h.target='unit:'||u.gtin||'/'||u.serial "
    "AND h.lifted_seq IS NULL)";

// The first text after this one: no key holds a control character.
std::string after(const std::string& text) {
    return text + '\x01';
}

}  // namespace

Shelf::Shelf(sqlite::Database& db, CatalogueReader& catalogue)
    : catalogue_(&catalogue),
      unit_lot_(db,
                fmt::format("SELECT lot_key FROM unit WHERE gtin=?1 AND lot_key>=?2 AND {} "
                            "AND (?3 OR state='IN_INVENTORY') ORDER BY lot_key LIMIT 1",
                            free_unit)),
      unit_place_(
          db,
          fmt::format("SELECT location FROM unit WHERE gtin=?1 AND lot_key=?2 AND location>=?3 "
                      "AND {} AND (?4 OR state='IN_INVENTORY') ORDER BY location LIMIT 1",
                      free_unit)),
      unit_count_(db,
                  fmt::format("SELECT count(*) FROM (SELECT 1 FROM unit u WHERE gtin=?1 "
                              "AND lot_key=?2 AND location=?3 AND {} "
                              "AND (?4 OR state='IN_INVENTORY') AND {} LIMIT ?5)",
                              free_unit,
                              unheld_unit)),
      units_(db,
             fmt::format("SELECT serial,location FROM unit u WHERE gtin=?1 AND lot_key=?2 AND {} "
                         "AND (?3 OR state='IN_INVENTORY') AND {} "
                         "ORDER BY location,serial LIMIT ?4",
                         free_unit,
                         unheld_unit)),
      balance_lots_(db,
                    "SELECT DISTINCT lot_key FROM balance WHERE gtin=? AND instr(place,':')=0 "
                    "ORDER BY lot_key"),
      balances_(db,
                "SELECT place,sum(quantity) FROM balance WHERE gtin=? AND lot_key=? "
                "AND instr(place,':')=0 GROUP BY place"),
      lot_(db, "SELECT raw,expires_on,first_seq FROM lot WHERE gtin=? AND lot_key=?"),
      held_(db, "SELECT 1 FROM hold WHERE target IN (?1,?2) AND lifted_seq IS NULL LIMIT 1"),
      others_(db,
              "SELECT coalesce(sum(quantity),0) FROM allocation WHERE gtin=? AND lot_key=? "
              "AND order_id<>?"),
      promised_lots_(db,
                     "SELECT a.line,a.lot_key,coalesce(l.raw,a.lot_key),a.quantity "
                     "FROM allocation a LEFT JOIN lot l ON l.gtin=a.gtin AND l.lot_key=a.lot_key "
                     "WHERE a.order_id=? AND a.gtin=? ORDER BY a.line,a.lot_key"),
      promised_units_(db,
                      "SELECT order_line,serial,lot_key,location FROM unit WHERE order_id=? "
                      "AND gtin=? AND order_id<>'' "
                      "AND state IN ('ALLOCATED','RECEIVED','IN_INVENTORY') ORDER BY serial"),
      picked_units_(db,
                    "SELECT order_line,gtin,count(*) FROM unit WHERE order_id=? AND order_id<>'' "
                    "AND state='PICKED' GROUP BY order_line,gtin"),
      picked_goods_(db,
                    "SELECT gtin,lot_key,sum(quantity) FROM balance WHERE place=? "
                    "GROUP BY gtin,lot_key"),
      taken_units_(db,
                   "SELECT DISTINCT lot_key FROM unit WHERE order_id=? AND gtin=? AND order_id<>'' "
                   "AND state IN ('PICKED','PACKED','SHIPPED')"),
      taken_goods_(db,
                   "SELECT DISTINCT b.lot_key FROM balance b WHERE b.gtin=?2 AND b.place IN "
                   "(SELECT 'carton:'||id FROM container WHERE document=?1 UNION ALL "
                   "SELECT 'picked:'||?1 UNION ALL SELECT 'shipped:'||?1)") {}

bool Shelf::is_pickable(const std::string& place, std::int64_t& walk_order) {
    const rules::LocationFacts location = catalogue_->location(place);
    walk_order = location.walk_order;
    return location.is_pickable && !location.is_quarantine;
}

std::int64_t Shelf::promised_to_others(const Question& question, const std::string& lot_key) {
    auto rows = others_(question.gtin, lot_key, question.order);
    return rows.next() ? rows.integer(0) : 0;
}

// One row for each lot with free stock; its quantity and place are not read yet.
std::vector<rules::Candidate> Shelf::lots(const Question& question) {
    std::vector<std::string> keys;
    if (question.is_serialised) {
        std::string from;
        while (keys.size() < lots_max) {
            auto rows = unit_lot_(question.gtin, from, question.has_received);
            if (!rows.next()) break;
            keys.push_back(rows.text(0));
            from = after(keys.back());
        }
    } else {
        for (auto rows = balance_lots_(question.gtin); rows.next() && keys.size() < lots_max;)
            keys.push_back(rows.text(0));
    }
    std::vector<rules::Candidate> found;
    for (const std::string& key : keys) {
        if (held_("lot:" + question.gtin + "/" + key, "product:" + question.gtin).next()) continue;
        rules::Candidate candidate;
        candidate.lot_key = key;
        candidate.lot_raw = key;
        candidate.quantity = 1;
        if (auto rows = lot_(question.gtin, key); rows.next()) {
            candidate.lot_raw = rows.text(0);
            candidate.expires_on = date_in(rows, 1);
            candidate.first_seq = rows.integer(2);
        }
        found.push_back(std::move(candidate));
    }
    return found;
}

void Shelf::add_places(const Question& question,
                       const rules::Candidate& lot,
                       std::int64_t wanted,
                       std::vector<rules::Candidate>& out) {
    std::string from;
    for (std::size_t i = 0; i < places_max; ++i) {
        rules::Candidate candidate = lot;
        {
            auto rows = unit_place_(question.gtin, lot.lot_key, from, question.has_received);
            if (!rows.next()) return;
            candidate.place = rows.text(0);
        }
        from = after(candidate.place);
        if (!is_pickable(candidate.place, candidate.walk_order)) continue;
        auto rows =
            unit_count_(question.gtin, lot.lot_key, candidate.place, question.has_received, wanted);
        candidate.quantity = rows.next() ? rows.integer(0) : 0;
        if (candidate.quantity > 0) out.push_back(std::move(candidate));
    }
}

void Shelf::add_units(const Question& question,
                      const rules::Candidate& lot,
                      std::int64_t wanted,
                      std::vector<rules::Candidate>& out) {
    std::vector<rules::Candidate> units;
    for (auto rows = units_(question.gtin, lot.lot_key, question.has_received, wanted);
         rows.next();) {
        rules::Candidate candidate = lot;
        candidate.serial = rows.text(0);
        candidate.place = rows.text(1);
        units.push_back(std::move(candidate));
    }
    for (rules::Candidate& unit : units)
        if (is_pickable(unit.place, unit.walk_order)) out.push_back(std::move(unit));
}

void Shelf::add_balances(const rules::Candidate& lot,
                         const Question& question,
                         std::vector<rules::Candidate>& out) {
    std::vector<rules::Candidate> places;
    for (auto rows = balances_(question.gtin, lot.lot_key); rows.next();) {
        rules::Candidate candidate = lot;
        candidate.place = rows.text(0);
        candidate.quantity = rows.integer(1);
        places.push_back(std::move(candidate));
    }
    for (rules::Candidate& place : places)
        if (is_pickable(place.place, place.walk_order)) out.push_back(std::move(place));
}

std::vector<rules::Candidate> Shelf::stock(const Question& question,
                                           const rules::Need& need,
                                           bool by_serial) {
    std::vector<rules::Candidate> in_order = lots(question);
    rules::put_in_order(in_order, need.rotation);
    std::vector<rules::Candidate> found;
    std::int64_t have = 0;
    for (const rules::Candidate& lot : in_order) {
        // One lot must have it all: every lot may be the one.
        if (have >= need.quantity && !need.single_lot) break;
        if (!rules::is_eligible(lot, need)) continue;
        const std::int64_t others = promised_to_others(question, lot.lot_key);
        std::vector<rules::Candidate> places;
        if (!question.is_serialised)
            add_balances(lot, question, places);
        else if (by_serial)
            add_units(question, lot, need.quantity + others, places);
        else
            add_places(question, lot, need.quantity + others, places);
        rules::put_in_order(places, need.rotation);
        // What others were promised of this lot comes off its last places.
        std::int64_t taken_off = others;
        while (taken_off > 0 && !places.empty()) {
            const std::int64_t off = std::min(taken_off, places.back().quantity);
            places.back().quantity -= off;
            taken_off -= off;
            if (places.back().quantity == 0) places.pop_back();
        }
        for (rules::Candidate& place : places) {
            have += place.quantity;
            found.push_back(std::move(place));
        }
    }
    return found;
}

std::vector<rules::Candidate> Shelf::before(const Question& question,
                                            const rules::Need& need,
                                            const rules::Candidate& taken,
                                            std::int64_t tolerance_days) {
    std::vector<rules::Candidate> in_order = lots(question);
    rules::put_in_order(in_order, need.rotation);
    for (const rules::Candidate& lot : in_order) {
        if (rules::goes_before({lot}, taken, need, tolerance_days) == nullptr) continue;
        const std::int64_t others = promised_to_others(question, lot.lot_key);
        std::vector<rules::Candidate> places;
        if (question.is_serialised)
            add_places(question, lot, 1 + others, places);
        else
            add_balances(lot, question, places);
        std::int64_t free = -others;
        for (const rules::Candidate& place : places) free += place.quantity;
        if (free <= 0) continue;
        rules::put_in_order(places, need.rotation);
        places.resize(1);
        return places;
    }
    return {};
}

std::vector<rules::PromiseFacts> Shelf::promised(const std::string& order,
                                                 const std::string& gtin) {
    std::vector<rules::PromiseFacts> found;
    for (auto rows = promised_lots_(order, gtin); rows.next();) {
        rules::PromiseFacts promise;
        promise.line = rows.integer(0);
        promise.lot_key = rows.text(1);
        promise.lot_raw = rows.text(2);
        promise.quantity = rows.integer(3);
        found.push_back(std::move(promise));
    }
    for (auto rows = promised_units_(order, gtin); rows.next();) {
        rules::PromiseFacts promise;
        promise.line = rows.integer(0);
        promise.serial = rows.text(1);
        promise.lot_key = rows.text(2);
        promise.place = rows.text(3);
        promise.quantity = 1;
        found.push_back(std::move(promise));
    }
    return found;
}

std::vector<rules::PromiseFacts> Shelf::picked(const std::string& order) {
    std::vector<rules::PromiseFacts> found;
    for (auto rows = picked_units_(order); rows.next();) {
        rules::PromiseFacts picked;
        picked.line = rows.integer(0);
        picked.gtin = rows.text(1);
        picked.quantity = rows.integer(2);
        found.push_back(std::move(picked));
    }
    for (auto rows = picked_goods_("picked:" + order); rows.next();) {
        rules::PromiseFacts picked;
        picked.gtin = rows.text(0);
        picked.lot_key = rows.text(1);
        picked.quantity = rows.integer(2);
        found.push_back(std::move(picked));
    }
    return found;
}

std::vector<std::string> Shelf::lots_taken(const std::string& order, const std::string& gtin) {
    std::vector<std::string> lots;
    for (auto rows = taken_units_(order, gtin); rows.next();) lots.push_back(rows.text(0));
    for (auto rows = taken_goods_(order, gtin); rows.next();) lots.push_back(rows.text(0));
    return lots;
}

}  // namespace lotgate::store
