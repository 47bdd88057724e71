-- The catalogue in full: what products, parties, locations, documents, lots and units are, as
-- columns, so that no scan parses JSON (docs/data/tables.md).

ALTER TABLE product DROP COLUMN body;
ALTER TABLE product ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN uniqueness TEXT NOT NULL DEFAULT 'product';
ALTER TABLE product ADD COLUMN serial_pattern TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN lot_pattern TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN serial_fold INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN rotation TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN fefo_policy TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN fefo_tolerance_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN min_life_in_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN min_life_in_percent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN life_days_max INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN best_before_blocks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN regimes TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN status TEXT NOT NULL DEFAULT 'active';
ALTER TABLE product ADD COLUMN assign_tlc INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN single_lot INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN temp_class TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN unit TEXT NOT NULL DEFAULT 'EA';
ALTER TABLE product ADD COLUMN scale INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN hold_max_age_min INTEGER;
ALTER TABLE product ADD COLUMN hold_stale TEXT NOT NULL DEFAULT 'warn';
ALTER TABLE product ADD COLUMN doc_max_age_min INTEGER;
ALTER TABLE product ADD COLUMN zone TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN company_prefix_length INTEGER NOT NULL DEFAULT 0;
ALTER TABLE product ADD COLUMN custom TEXT NOT NULL DEFAULT '';

ALTER TABLE party ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN rotation TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN min_life_out_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE party ADD COLUMN transit_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE party ADD COLUMN gln TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN exempt INTEGER NOT NULL DEFAULT 0;

CREATE TABLE location(
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  zone TEXT NOT NULL,
  pickable INTEGER NOT NULL,
  quarantine INTEGER NOT NULL,
  lockable INTEGER NOT NULL,
  lot_mix TEXT NOT NULL,
  temp_class TEXT NOT NULL,
  walk_order INTEGER NOT NULL,
  gln TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX location_gln ON location(gln) WHERE gln <> '';

ALTER TABLE lot ADD COLUMN expires_at TEXT;
ALTER TABLE lot ADD COLUMN sell_by TEXT;
ALTER TABLE lot ADD COLUMN produced_on TEXT;
ALTER TABLE lot ADD COLUMN packed_on TEXT;
ALTER TABLE lot ADD COLUMN mfr_lot TEXT NOT NULL DEFAULT '';
ALTER TABLE lot ADD COLUMN own INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lot ADD COLUMN po TEXT NOT NULL DEFAULT '';
ALTER TABLE lot ADD COLUMN custom TEXT NOT NULL DEFAULT '';
CREATE INDEX lot_key_only ON lot(lot_key);

-- Every spelling in which a lot was seen; the key is one.
CREATE TABLE lot_variant(
  gtin TEXT NOT NULL,
  lot_key TEXT NOT NULL,
  raw TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY(gtin, lot_key, raw)
) STRICT, WITHOUT ROWID;

-- scope is "product:<gtin>", "owner:<owner>" or "global"; one key stands in it once. A unit that
-- was announced and never came (VOIDED) has none, so that its key is free.
ALTER TABLE unit ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE unit ADD COLUMN scope TEXT;
ALTER TABLE unit ADD COLUMN serial_key TEXT NOT NULL DEFAULT '';
ALTER TABLE unit ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE unit ADD COLUMN capture TEXT NOT NULL DEFAULT '';
ALTER TABLE unit ADD COLUMN confidence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE unit ADD COLUMN custom TEXT NOT NULL DEFAULT '';
UPDATE unit SET serial_key = serial;
UPDATE unit SET scope = 'product:' || gtin WHERE state <> 'VOIDED';
CREATE UNIQUE INDEX unit_scope ON unit(scope, serial_key);
CREATE INDEX unit_location ON unit(location, gtin, lot_key) WHERE location <> '';
CREATE INDEX unit_expected ON unit(document) WHERE state = 'EXPECTED';

CREATE TABLE balance_with_owner(
  gtin TEXT NOT NULL,
  lot_key TEXT NOT NULL,
  place TEXT NOT NULL,
  owner TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK(quantity >= 0),
  PRIMARY KEY(gtin, lot_key, place, owner)
) STRICT, WITHOUT ROWID;
INSERT INTO balance_with_owner SELECT gtin, lot_key, place, '', quantity FROM balance;
DROP TABLE balance;
ALTER TABLE balance_with_owner RENAME TO balance;
CREATE INDEX balance_place ON balance(place);

ALTER TABLE container ADD COLUMN parent TEXT;
ALTER TABLE container ADD COLUMN location TEXT NOT NULL DEFAULT '';
CREATE INDEX container_parent ON container(parent) WHERE parent IS NOT NULL;

ALTER TABLE document ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN carrier TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN door TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN ship_by TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN deliver_by TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN station TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN po TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN ref TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN custom TEXT NOT NULL DEFAULT '';

ALTER TABLE document_line ADD COLUMN rotation TEXT NOT NULL DEFAULT '';
ALTER TABLE document_line ADD COLUMN single_lot INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document_line ADD COLUMN min_life_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document_line ADD COLUMN allocation TEXT NOT NULL DEFAULT '';
ALTER TABLE document_line ADD COLUMN tolerance_percent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document_line ADD COLUMN produced_on TEXT;
ALTER TABLE document_line ADD COLUMN mfr_lot TEXT NOT NULL DEFAULT '';
ALTER TABLE document_line ADD COLUMN custom TEXT NOT NULL DEFAULT '';

-- The serials an order or return names; those of an ASN are units in state EXPECTED.
CREATE TABLE line_serial(
  document TEXT NOT NULL,
  line INTEGER NOT NULL,
  serial TEXT NOT NULL,
  PRIMARY KEY(document, line, serial)
) STRICT, WITHOUT ROWID;
