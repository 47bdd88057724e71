-- Which rows of the ledger stand in archive files and no longer here (docs/data/tables.md). The
-- greatest last_seq is where the ledger of this file begins, and `closing` is the hash that its
-- first row is chained to. Rows up to there that are still in the ledger are on their way out.

CREATE TABLE archive(
  last_seq INTEGER PRIMARY KEY,
  first_seq INTEGER NOT NULL,
  opening TEXT NOT NULL,
  closing TEXT NOT NULL,
  until INTEGER NOT NULL,
  file TEXT NOT NULL,
  digest TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT;
