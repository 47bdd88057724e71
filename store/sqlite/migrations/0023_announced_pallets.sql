-- What an announced case stands on. Beside container.parent, which says where it stands now: the
-- line keeps what the sender said, and which numbers are taken in whole at a door.
ALTER TABLE document_line ADD COLUMN pallet TEXT;
CREATE INDEX document_line_pallet ON document_line(pallet) WHERE pallet IS NOT NULL;

INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES
  ('document_line', 'document_line_pallet', '100000 20');
ANALYZE sqlite_schema;
