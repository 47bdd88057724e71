-- What names a product where its label carries no GTIN: HIBC, PPN and part numbers, as "scheme:value"
-- (docs/data/feed.md, "Products"). A code of two products stands twice: it is never chosen between.
CREATE TABLE product_code(
  code TEXT NOT NULL,
  gtin TEXT NOT NULL,
  PRIMARY KEY(code, gtin)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_code_gtin ON product_code(gtin);

-- Which lots of a product are announced or asked for, on any document.
CREATE INDEX document_line_lot ON document_line(gtin, lot_key) WHERE lot_key <> '';
