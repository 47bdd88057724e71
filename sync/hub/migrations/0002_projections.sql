-- What the projector folds from the events; all of it can be made again from table event.

CREATE TABLE projector_cursor (
    site_id text PRIMARY KEY,
    epoch   bigint NOT NULL,
    seq     bigint NOT NULL
);

CREATE TABLE event_count (
    site_id text NOT NULL,
    kind    text NOT NULL,
    verdict text NOT NULL,
    code    text NOT NULL,
    events  bigint NOT NULL,
    PRIMARY KEY (site_id, kind, verdict, code)
);

CREATE TABLE unit (
    tenant  text NOT NULL,
    gtin    text NOT NULL,
    serial  text NOT NULL,
    site_id text NOT NULL,
    lot     text NOT NULL,
    state   text NOT NULL,
    epoch   bigint NOT NULL,
    seq     bigint NOT NULL,
    hlc     bigint NOT NULL,
    PRIMARY KEY (tenant, gtin, serial, site_id)
);

CREATE INDEX unit_by_lot ON unit (tenant, gtin, lot);

CREATE TABLE exception (
    tenant       text NOT NULL,
    exception_id text NOT NULL,
    kind         text NOT NULL,
    subject      text NOT NULL,
    evidence     text NOT NULL,
    opened_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, exception_id)
);
