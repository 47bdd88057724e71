-- People who may overrule the rule book, as the feed names them: works with no network. The PIN is
-- a salted hash (docs/data/tables.md).
CREATE TABLE user(
  badge TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  roles TEXT NOT NULL,
  pin TEXT NOT NULL,
  badge_is_enough INTEGER NOT NULL,
  wrong_pins INTEGER NOT NULL,
  locked_until INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The badges and the reason scanned at a station, for its next read.
CREATE TABLE station_badge(
  station TEXT PRIMARY KEY,
  badge TEXT NOT NULL,
  second_badge TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
