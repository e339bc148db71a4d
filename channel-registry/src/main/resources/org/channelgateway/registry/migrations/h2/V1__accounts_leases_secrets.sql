-- Times are BIGINT milliseconds since 1970: one meaning in every vendor, no time zone of a driver or session in between.

-- Accounts of applications and users. A channel's account is its lease: one row, so neither can be without the other.
CREATE TABLE accounts (
    localpart VARCHAR(128) NOT NULL PRIMARY KEY CHECK (localpart NOT LIKE 'ch-%'),
    secret_hash VARBINARY(32) NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE leases (
    account VARCHAR(29) NOT NULL PRIMARY KEY,
    token_hash VARBINARY(32) NOT NULL UNIQUE,
    app VARCHAR(124) NOT NULL,
    channel_key VARBINARY(256) NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

CREATE INDEX leases_by_key ON leases (app, channel_key, expires);
CREATE INDEX leases_by_expiry ON leases (expires);

CREATE TABLE secrets (
    name VARCHAR(64) NOT NULL PRIMARY KEY,
    secret VARBINARY(32) NOT NULL
);
