-- A create writes a page of the table and of each index, so there are as few as can be: the name of a lease's account is
-- computed from token_hash, and a token is looked up with the expiry that it names. The accounts of earlier leases get other
-- names, their tokens stay what they are.
CREATE TABLE leases_new (
    token_hash VARBINARY(32) NOT NULL,
    app VARCHAR(124) NOT NULL,
    channel_key VARBINARY(256) NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

INSERT INTO leases_new SELECT token_hash, app, channel_key, created, expires FROM leases;

DROP TABLE leases;

ALTER TABLE leases_new RENAME TO leases;

CREATE INDEX leases_by_key ON leases (app, channel_key, expires);
CREATE UNIQUE INDEX leases_by_expiry ON leases (expires, token_hash);
