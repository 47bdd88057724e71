-- Numbers of labels that the cloud leases to sites: what pools still have, who is supplied from
-- them, and who has what (docs/data/hub.md). No two leases of a tenant share a number.

CREATE TABLE number_pool (
    tenant   text NOT NULL,
    pool     text NOT NULL,
    kind     text NOT NULL,
    gtin     text NOT NULL,
    prefix   text NOT NULL,
    width    bigint NOT NULL,
    first    bigint NOT NULL,
    last     bigint NOT NULL,
    next     bigint NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, pool)
);

-- Changed first by whatever adds a pool or a lease that is of no pool: one at a time.
CREATE TABLE number_turn (
    tenant text PRIMARY KEY,
    turn   bigint NOT NULL
);

CREATE TABLE number_supply (
    site_id text NOT NULL,
    tenant  text NOT NULL,
    pool    text NOT NULL,
    lease   bigint NOT NULL,
    low     bigint NOT NULL,
    PRIMARY KEY (site_id, pool)
);

CREATE TABLE number_lease (
    site_id   text NOT NULL,
    kind      text NOT NULL,
    lease_id  text NOT NULL,
    tenant    text NOT NULL,
    pool      text NOT NULL,
    gtin      text NOT NULL,
    prefix    text NOT NULL,
    width     bigint NOT NULL,
    first     bigint NOT NULL,
    last      bigint NOT NULL,
    next      bigint NOT NULL,
    state     text NOT NULL,
    leased_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (site_id, kind, lease_id)
);

CREATE INDEX number_lease_by_number ON number_lease (tenant, kind, prefix, first);
CREATE INDEX number_lease_open ON number_lease (site_id, pool) WHERE state = 'open';
