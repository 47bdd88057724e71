-- The location that was chosen at a station: goods are put there until another is scanned.

ALTER TABLE station ADD COLUMN place TEXT NOT NULL DEFAULT '';
