-- The cloud's tables. One dialect that PostgreSQL, CockroachDB, YugabyteDB and Citus take: no
-- triggers, sequences, LISTEN, advisory locks or foreign keys. site_id leads every key that grows.
-- What each table is for: docs/data/hub.md.

CREATE TABLE site (
    site_id  text PRIMARY KEY,
    tenant   text NOT NULL,
    site     text NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE site_epoch (
    site_id    text NOT NULL,
    epoch      bigint NOT NULL,
    instance   bytea NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT now(),
    closed_at  timestamptz,
    reason     text NOT NULL,
    PRIMARY KEY (site_id, epoch)
);

CREATE TABLE site_cursor (
    site_id    text PRIMARY KEY,
    epoch      bigint NOT NULL,
    instance   bytea NOT NULL,
    last_seq   bigint NOT NULL,
    last_hash  bytea NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE event (
    site_id     text NOT NULL,
    epoch       bigint NOT NULL,
    seq         bigint NOT NULL,
    hlc         bigint NOT NULL,
    kind        text NOT NULL,
    body        bytea NOT NULL,
    rest        bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, epoch, seq)
);

CREATE TABLE feed_head (
    site_id   text NOT NULL,
    lane      integer NOT NULL,
    last_dseq bigint NOT NULL,
    PRIMARY KEY (site_id, lane)
);

CREATE TABLE feed (
    site_id  text NOT NULL,
    lane     integer NOT NULL,
    dseq     bigint NOT NULL,
    kind     text NOT NULL,
    body     text NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, lane, dseq)
);

CREATE TABLE site_status (
    site_id           text PRIMARY KEY,
    head_seq          bigint NOT NULL,
    acked             bigint NOT NULL,
    cursor_main       bigint NOT NULL,
    cursor_urgent     bigint NOT NULL,
    state             text NOT NULL,
    seen_at           timestamptz NOT NULL DEFAULT now()
);
