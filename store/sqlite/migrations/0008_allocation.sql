-- What orders have been promised, lot by lot; units promised one by one carry the order themselves.
CREATE TABLE allocation(
  order_id TEXT NOT NULL,
  line INTEGER NOT NULL,
  gtin TEXT NOT NULL,
  lot_key TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK(quantity > 0),
  seq INTEGER NOT NULL,
  PRIMARY KEY(order_id, line, gtin, lot_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX allocation_lot ON allocation(gtin, lot_key);

-- Stock that may be promised: found lot by lot without a walk over the units of a product.
CREATE INDEX unit_free ON unit(gtin, lot_key, location, state)
  WHERE state IN ('IN_INVENTORY', 'RECEIVED') AND order_id = '';
CREATE INDEX unit_of_order ON unit(order_id, state, order_line, gtin) WHERE order_id <> '';
CREATE INDEX balance_here ON balance(gtin, lot_key, place) WHERE instr(place, ':') = 0;
