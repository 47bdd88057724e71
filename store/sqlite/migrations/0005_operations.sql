-- What operations fold into: chains between goods, grades of returns, counts.

-- One thing was made of another: relabelled, refurbished, split, merged. Names as of holds.
CREATE TABLE lineage(
  child TEXT NOT NULL,
  parent TEXT NOT NULL,
  how TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY(child, parent, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX lineage_parent ON lineage(parent, child);

CREATE TABLE grade(
  subject TEXT PRIMARY KEY,
  grade TEXT NOT NULL,
  route TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What was looked for and not found, and how often.
CREATE TABLE missed(
  subject TEXT PRIMARY KEY,
  place TEXT NOT NULL,
  times INTEGER NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Places that are being counted, and what was seen there since.
CREATE TABLE count_session(
  place TEXT PRIMARY KEY,
  station TEXT NOT NULL,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX count_session_station ON count_session(station);

CREATE TABLE counted(
  place TEXT NOT NULL,
  subject TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY(place, subject)
) STRICT, WITHOUT ROWID;
