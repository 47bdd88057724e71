-- Serial and lot numbers that the site gives out, from ranges leased to it alone; and what became
-- of a label's number that is not simply on one label (docs/data/tables.md).

ALTER TABLE sscc_range ADD COLUMN low INTEGER NOT NULL DEFAULT 0;

CREATE TABLE number_range(
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  gtin TEXT NOT NULL,
  prefix TEXT NOT NULL,
  width INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  next INTEGER NOT NULL,
  low INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY(kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE label(
  subject TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  copies INTEGER NOT NULL,
  replaced_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX effect_doubt ON effect(id) WHERE state = 'in_doubt';
CREATE INDEX label_successor ON label(replaced_by) WHERE replaced_by <> '';
