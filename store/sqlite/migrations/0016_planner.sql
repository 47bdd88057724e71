-- What SQLite's planner is to think of the tables' sizes (sqlite_stat1: rows, then rows for each
-- prefix of the index; https://www.sqlite.org/fileformat2.html#the_sqlite_stat1_table). Without it
-- the planner takes the primary key's first column, the product, for as good as any index, and
-- reads all units of a product to find one. Not measured but given: a site's first day and its
-- tenth year get the same plans. A primary key stands under its table's name.
ANALYZE sqlite_schema;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES
  ('unit', 'unit', '10000000 10000 1'),
  ('unit', 'unit_near', '10000000 10000 1'),
  ('unit', 'unit_lot', '10000000 10000 100'),
  ('unit', 'unit_container', '1000000 20'),
  ('unit', 'unit_scope', '10000000 10000 1'),
  ('unit', 'unit_location', '8000000 5000 500 50'),
  ('unit', 'unit_expected', '1000000 500'),
  ('unit', 'unit_free', '4000000 4000 50 20 20'),
  ('unit', 'unit_of_order', '2000000 20 10 5 2'),
  ('unit', 'unit_waiting', '1000000 1'),
  ('balance', 'balance', '100000 100 5 2 1'),
  ('balance', 'balance_place', '100000 20'),
  ('balance', 'balance_here', '50000 50 4 2'),
  ('lot', 'lot', '100000 100 1'),
  ('lot', 'lot_key_only', '100000 2'),
  ('document_line', 'document_line', '1000000 20 1'),
  ('document_line', 'document_line_gtin', '1000000 20 2'),
  ('document_line', 'document_line_sscc', '100000 1'),
  ('document_line', 'document_line_lot', '500000 500 10'),
  ('allocation', 'allocation', '100000 20 2 2 1'),
  ('allocation', 'allocation_lot', '100000 100 5'),
  ('mention', 'mention', '30000000 4 1');
-- Read again by this connection; others read it when they open.
ANALYZE sqlite_schema;
