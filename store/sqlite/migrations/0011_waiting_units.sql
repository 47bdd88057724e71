-- Units that were received and wait to be put away, in the order in which they came (rule R-23).

CREATE INDEX unit_waiting ON unit(seq) WHERE state = 'RECEIVED';
