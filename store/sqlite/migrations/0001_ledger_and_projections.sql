-- The ledger is the truth; everything below "projections" is folded from it (docs/data/tables.md).

CREATE TABLE ledger(
  seq INTEGER PRIMARY KEY,
  hlc INTEGER NOT NULL,
  kind TEXT NOT NULL,
  kind_ver INTEGER NOT NULL,
  station TEXT NOT NULL,
  actor TEXT NOT NULL,
  request_id TEXT,
  known_cursor INTEGER NOT NULL,
  body TEXT NOT NULL,
  hash BLOB NOT NULL CHECK(length(hash) = 32)
) STRICT;
CREATE UNIQUE INDEX ledger_request ON ledger(request_id) WHERE request_id IS NOT NULL;

-- Who writes this ledger, and how far the cloud has it. One row; not a projection.
CREATE TABLE site_identity(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  site TEXT NOT NULL,
  zone TEXT NOT NULL,
  instance BLOB NOT NULL CHECK(length(instance) = 16),
  epoch INTEGER NOT NULL,
  acked_seq INTEGER NOT NULL,
  acked_hash BLOB NOT NULL,
  acked_at INTEGER NOT NULL
) STRICT;

-- projections

CREATE TABLE product(
  gtin TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  serial_tracked INTEGER NOT NULL,
  lot_tracked INTEGER NOT NULL,
  expiry_required INTEGER NOT NULL,
  body TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE party(
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  route TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE lot(
  gtin TEXT NOT NULL,
  lot_key TEXT NOT NULL,
  raw TEXT NOT NULL,
  expires_on TEXT,
  best_before TEXT,
  supplier TEXT NOT NULL,
  received INTEGER NOT NULL DEFAULT 0,
  first_seq INTEGER NOT NULL,
  PRIMARY KEY(gtin, lot_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE unit(
  gtin TEXT NOT NULL,
  serial TEXT NOT NULL,
  near_key TEXT NOT NULL,
  state TEXT NOT NULL,
  state_before TEXT NOT NULL,
  lot_key TEXT NOT NULL,
  expires_on TEXT,
  location TEXT NOT NULL,
  container TEXT,
  document TEXT NOT NULL,
  line INTEGER NOT NULL,
  order_id TEXT NOT NULL,
  order_line INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY(gtin, serial)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_near ON unit(gtin, near_key);
CREATE INDEX unit_lot ON unit(gtin, lot_key);
CREATE INDEX unit_container ON unit(container) WHERE container IS NOT NULL;

CREATE TABLE balance(
  gtin TEXT NOT NULL,
  lot_key TEXT NOT NULL,
  place TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK(quantity >= 0),
  PRIMARY KEY(gtin, lot_key, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX balance_place ON balance(place);

CREATE TABLE container(
  id TEXT PRIMARY KEY,
  sscc TEXT,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  document TEXT NOT NULL,
  station TEXT NOT NULL,
  label TEXT NOT NULL,
  lane INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX container_sscc ON container(sscc) WHERE sscc IS NOT NULL;
CREATE INDEX container_document ON container(document);

CREATE TABLE hold(
  id TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  class TEXT NOT NULL,
  target TEXT NOT NULL,
  placed_by TEXT NOT NULL,
  note TEXT NOT NULL,
  placed_seq INTEGER NOT NULL,
  lifted_seq INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_target ON hold(target) WHERE lifted_seq IS NULL;

CREATE TABLE document(
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  party TEXT NOT NULL,
  route TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  done INTEGER NOT NULL,
  extra INTEGER NOT NULL,
  shipped INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE document_line(
  document TEXT NOT NULL,
  line INTEGER NOT NULL,
  gtin TEXT NOT NULL,
  lot_key TEXT NOT NULL,
  lot_raw TEXT NOT NULL,
  expires_on TEXT,
  sscc TEXT,
  has_serials INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  done INTEGER NOT NULL,
  shipped INTEGER NOT NULL,
  PRIMARY KEY(document, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_line_gtin ON document_line(document, gtin);
CREATE INDEX document_line_sscc ON document_line(sscc) WHERE sscc IS NOT NULL;

CREATE TABLE "case"(
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  station TEXT NOT NULL,
  told TEXT NOT NULL,
  who TEXT NOT NULL,
  decisions TEXT NOT NULL,
  hold TEXT NOT NULL,
  status TEXT NOT NULL,
  count INTEGER NOT NULL,
  opened_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  decision TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  closed_seq INTEGER
) STRICT;
CREATE UNIQUE INDEX case_open ON "case"(kind, subject) WHERE status = 'open';

CREATE TABLE effect(
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  subject TEXT NOT NULL,
  request TEXT NOT NULL,
  because TEXT NOT NULL,
  lane INTEGER NOT NULL,
  is_open INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL
) STRICT;
CREATE INDEX effect_open ON effect(id) WHERE is_open = 1;
CREATE INDEX effect_subject ON effect(subject);

CREATE TABLE station(
  id TEXT PRIMARY KEY,
  document TEXT NOT NULL,
  carton TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE feed_cursor(
  lane TEXT PRIMARY KEY,
  cursor INTEGER NOT NULL,
  applied_hlc INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sscc_range(
  id TEXT PRIMARY KEY,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  next INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Counts that would else need a walk over the ledger.
CREATE TABLE tally(
  name TEXT PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which ledger rows speak of a unit, lot, container, document or code.
CREATE TABLE mention(
  subject TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY(subject, seq)
) STRICT, WITHOUT ROWID;

-- Facts of the whole site that are folded from the ledger, such as the last trusted civil date.
CREATE TABLE site_state(
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
