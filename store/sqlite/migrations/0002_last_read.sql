-- The last read of each station: tells a second read of the same unit from a second unit (N-13).

CREATE TABLE last_read(
  station TEXT PRIMARY KEY,
  raw TEXT NOT NULL,
  at INTEGER NOT NULL,
  did TEXT NOT NULL,
  document TEXT NOT NULL,
  progress TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
