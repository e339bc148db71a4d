-- The tables of the H2 file, and what several gateways and an outside XMPP server need besides. Times are milliseconds since 1970.
-- Names are compared by their bytes, whatever the locale of the database.

-- Accounts of applications, users and of the gateways themselves. The keys are those of SCRAM-SHA-1 (RFC 5802 §3); null while no
-- outside server logs anybody in.
CREATE TABLE accounts (
    localpart VARCHAR(128) COLLATE "C" NOT NULL PRIMARY KEY CHECK (localpart NOT LIKE 'ch-%'),
    secret_hash BYTEA NOT NULL,
    created BIGINT NOT NULL,
    salt BYTEA,
    stored_key BYTEA,
    server_key BYTEA
);

-- A lease is its channel's account: neither can be without the other. The client key is of no use without the token, which masks it.
CREATE TABLE leases (
    account VARCHAR(29) COLLATE "C" NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    app VARCHAR(124) COLLATE "C" NOT NULL,
    channel_key BYTEA NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    salt BYTEA,
    stored_key BYTEA,
    server_key BYTEA,
    client_key BYTEA
);

CREATE INDEX leases_by_key ON leases (app, channel_key, expires);
CREATE UNIQUE INDEX leases_by_expiry ON leases (expires, token_hash);

-- How many leases an application has: the sum over the gateways, each of which writes a row of its own.
CREATE TABLE lease_counts (
    app VARCHAR(124) COLLATE "C" NOT NULL,
    gateway VARCHAR(64) COLLATE "C" NOT NULL,
    leases BIGINT NOT NULL,
    PRIMARY KEY (app, gateway)
);

CREATE TABLE secrets (
    name VARCHAR(64) COLLATE "C" NOT NULL PRIMARY KEY,
    secret BYTEA NOT NULL
);

-- The sessions that subscribers have at the outside XMPP server. A revoked lease leaves its sessions with expires 0: they are over and
-- have to be ended there; claimed is until when one of the gateways is at it.
CREATE TABLE sessions (
    account VARCHAR(29) COLLATE "C" NOT NULL,
    resource VARCHAR(1023) COLLATE "C" NOT NULL,
    app VARCHAR(124) COLLATE "C" NOT NULL,
    channel_key BYTEA NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    since BIGINT NOT NULL,
    claimed BIGINT NOT NULL,
    PRIMARY KEY (account, resource)
);

CREATE INDEX sessions_by_key ON sessions (app, channel_key, expires);
CREATE INDEX sessions_by_expiry ON sessions (expires);

-- When one of the gateways last began to compare them with those of the server.
CREATE TABLE sessions_compared (
    began BIGINT NOT NULL
);

INSERT INTO sessions_compared VALUES (0);

-- See the folder of H2.
CREATE TABLE presences (
    id VARCHAR(26) COLLATE "C" NOT NULL PRIMARY KEY,
    app VARCHAR(124) COLLATE "C" NOT NULL,
    channel_key BYTEA NOT NULL,
    gateway VARCHAR(64) COLLATE "C" NOT NULL,
    since BIGINT NOT NULL
);

CREATE TABLE callbacks (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name VARCHAR(40) COLLATE "C" NOT NULL UNIQUE,
    app VARCHAR(124) COLLATE "C" NOT NULL,
    channel_key BYTEA NOT NULL,
    kind VARCHAR(12) NOT NULL,
    message BYTEA,
    state VARCHAR(9) NOT NULL,
    attempts INTEGER NOT NULL,
    not_before BIGINT NOT NULL,
    due BIGINT NOT NULL,
    gateway VARCHAR(64) COLLATE "C",
    error VARCHAR(200)
);

CREATE INDEX callbacks_by_due ON callbacks (state, app, due);
CREATE INDEX callbacks_by_end ON callbacks (state, due) WHERE state IN ('completed', 'failed');
CREATE INDEX callbacks_by_channel ON callbacks (app, channel_key, state, not_before);
CREATE INDEX callbacks_by_app ON callbacks (app, id);

-- Publishes with an id, for two minutes: whichever gateway gets a repeat answers it as the first time; claim is the number of the one
-- that has it now. Not worth a write to the log.
CREATE UNLOGGED TABLE publishes (
    app VARCHAR(124) COLLATE "C" NOT NULL,
    id VARCHAR(128) COLLATE "C" NOT NULL,
    fingerprint BIGINT NOT NULL,
    claim BIGINT NOT NULL,
    receipts TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (app, id)
);

CREATE INDEX publishes_by_age ON publishes (at);

-- What ejabberd reads (auth_method: sql, auth_password_format: scram). A lease that is over is no account from that millisecond on.
-- Its role needs no more than:
--   GRANT USAGE ON SCHEMA ejabberd TO <role>; GRANT SELECT ON ejabberd.users TO <role>;
--   ALTER ROLE <role> SET search_path = ejabberd;
CREATE SCHEMA ejabberd;

CREATE VIEW ejabberd.users AS
    SELECT account AS username,
           encode(stored_key, 'base64') AS password,
           encode(server_key, 'base64') AS serverkey,
           encode(salt, 'base64') AS salt,
           4096 AS iterationcount,
           to_timestamp(created / 1000.0) AS created_at
    FROM leases
    WHERE stored_key IS NOT NULL AND expires > CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)
    UNION ALL
    SELECT localpart,
           encode(stored_key, 'base64'),
           encode(server_key, 'base64'),
           encode(salt, 'base64'),
           4096,
           to_timestamp(created / 1000.0)
    FROM accounts
    WHERE stored_key IS NOT NULL;
