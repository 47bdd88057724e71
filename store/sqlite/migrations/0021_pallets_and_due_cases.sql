-- What stands in a container, at any depth; cases that are due at a time (rule R-20); lots that the
-- site gave.

CREATE INDEX container_location ON container(location) WHERE location <> '';

-- Microseconds since 1970, UTC; null: whenever somebody gets to it.
ALTER TABLE "case" ADD COLUMN due INTEGER;

-- The ASN whose goods came without a lot and were given this one (rule R-04).
ALTER TABLE lot ADD COLUMN assigned_for TEXT NOT NULL DEFAULT '';
CREATE INDEX lot_assigned ON lot(assigned_for, gtin) WHERE assigned_for <> '';

INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES
  ('container', 'container', '1000000 1'),
  ('container', 'container_sscc', '1000000 1'),
  ('container', 'container_document', '1000000 3'),
  ('container', 'container_parent', '500000 20'),
  ('container', 'container_location', '500000 10'),
  ('lot', 'lot_assigned', '20000 3 1');
ANALYZE sqlite_schema;
