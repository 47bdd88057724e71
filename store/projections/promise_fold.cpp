#include "store/projections/promise_fold.hpp"

namespace lotgate::store {

// Both moves of state stand in transitions.csv (allocate, cancel_allocation). A unit that was not
// put away yet is promised where it is, and stays RECEIVED.
PromiseFold::PromiseFold(sqlite::Database& db)
    : database_(&db),
      more_(db,
            "INSERT INTO allocation(order_id,line,gtin,lot_key,quantity,seq) VALUES(?,?,?,?,?,?) "
            "ON CONFLICT DO UPDATE SET quantity=quantity+excluded.quantity,seq=excluded.seq"),
      less_(db,
            "UPDATE allocation SET quantity=quantity-?,seq=? WHERE order_id=? AND line=? "
            "AND gtin=? AND lot_key=? AND quantity>?"),
      none_(db,
            "DELETE FROM allocation WHERE order_id=? AND line=? AND gtin=? AND lot_key=? "
            "AND quantity=?"),
      lots_gone_(db, "DELETE FROM allocation WHERE order_id=?"),
      unit_(db,
            "UPDATE unit SET state_before=state,"
            "state=CASE state WHEN 'IN_INVENTORY' THEN 'ALLOCATED' ELSE state END,"
            "order_id=?,order_line=?,seq=? WHERE gtin=? AND serial=? AND order_id='' "
            "AND state IN ('IN_INVENTORY','RECEIVED')"),
      unit_free_(db,
                 "UPDATE unit SET state_before=state,"
                 "state=CASE state WHEN 'ALLOCATED' THEN 'IN_INVENTORY' ELSE state END,"
                 "order_id='',order_line=0,seq=? WHERE gtin=? AND serial=? "
                 "AND state IN ('ALLOCATED','RECEIVED','IN_INVENTORY') AND order_id<>''"),
      units_free_(db,
                  "UPDATE unit SET state_before=state,"
                  "state=CASE state WHEN 'ALLOCATED' THEN 'IN_INVENTORY' ELSE state END,"
                  "order_id='',order_line=0,seq=? WHERE order_id=? AND order_id<>'' "
                  "AND state IN ('ALLOCATED','RECEIVED','IN_INVENTORY')") {}

void PromiseFold::apply(std::int64_t seq, const Promised& promised) {
    if (promised.quantity > 0)
        return more_.run(
            promised.order, promised.line, promised.gtin, promised.lot_key, promised.quantity, seq);
    const std::int64_t off = -promised.quantity;
    less_.run(off, seq, promised.order, promised.line, promised.gtin, promised.lot_key, off);
    if (database_->changes() != 0) return;
    none_.run(promised.order, promised.line, promised.gtin, promised.lot_key, off);
    if (database_->changes() == 0) database_->refuse("a promise that is not there");
}

void PromiseFold::apply(std::int64_t seq, const UnitPromised& promised) {
    if (promised.order.empty())
        unit_free_.run(seq, promised.gtin, promised.serial);
    else
        unit_.run(promised.order, promised.line, seq, promised.gtin, promised.serial);
    if (database_->changes() == 0) database_->refuse("a unit that cannot be promised");
}

void PromiseFold::release(std::int64_t seq, const std::string& order) {
    if (order.empty()) return;
    lots_gone_.run(order);
    units_free_.run(seq, order);
}

}  // namespace lotgate::store
