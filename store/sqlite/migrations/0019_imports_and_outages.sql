-- A file of many rows is staged beside the tables it will change, and is in force as a whole by one
-- event (decision 0050). run is the ledger row that began it; a staged item's id is
-- run * 2^32 + its place in the file.
CREATE TABLE import_run(
  id TEXT PRIMARY KEY,
  run INTEGER NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  slices INTEGER NOT NULL,
  items INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE import_stage(
  id INTEGER PRIMARY KEY,
  item TEXT NOT NULL
) STRICT;

-- What a staged item is about: whoever asks for it has it written first.
CREATE TABLE import_key(
  key TEXT NOT NULL,
  id INTEGER NOT NULL,
  PRIMARY KEY(key, id)
) STRICT, WITHOUT ROWID;

-- When something could not be seen (decision 0051): devices and the cloud away, the gateway down,
-- a clock that is not synchronised. Milliseconds; an outage that lasts has no end.
CREATE TABLE outage(
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,
  station TEXT NOT NULL,
  seq INTEGER NOT NULL,
  until_seq INTEGER,
  PRIMARY KEY(kind, name, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX outage_open ON outage(kind, name) WHERE until IS NULL;

-- Goods that went past and were not recognised: no_read, unreadable, undecided, parked.
CREATE TABLE unseen(
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  station TEXT NOT NULL
) STRICT;

-- Where a lot is, in which state and for which order, is read from the index alone; units without a
-- lot are not in it.
DROP INDEX unit_lot;
CREATE INDEX unit_lot ON unit(gtin, lot_key, state, location, order_id) WHERE lot_key <> '';

UPDATE sqlite_stat1 SET stat = '10000000 10000 100 50 20 5' WHERE idx = 'unit_lot';
INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES
  ('import_stage', NULL, '1000000'),
  ('import_key', 'import_key', '1000000 2 1'),
  ('outage', 'outage', '10000 5000 100 1'),
  ('unseen', NULL, '1000000');
ANALYZE sqlite_schema;
