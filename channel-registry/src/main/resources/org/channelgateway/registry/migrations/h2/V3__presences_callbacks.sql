-- Sessions of applications that want to hear of them. A row whose gateway is gone is a session that was lost with it.
CREATE TABLE presences (
    id VARCHAR(26) NOT NULL PRIMARY KEY,
    app VARCHAR(124) NOT NULL,
    channel_key VARBINARY(256) NOT NULL,
    gateway VARCHAR(64) NOT NULL,
    since BIGINT NOT NULL
);

-- What is to be posted to an application. Those of one channel are done in the order of not_before and id; due is when to look
-- at one again: not before its turn, its next attempt, or the end of the time that an attempt has. After the end it is when
-- that was.
CREATE TABLE callbacks (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name VARCHAR(40) NOT NULL UNIQUE,
    app VARCHAR(124) NOT NULL,
    channel_key VARBINARY(256) NOT NULL,
    kind VARCHAR(12) NOT NULL,
    message VARBINARY(32767),
    state VARCHAR(9) NOT NULL,
    attempts INTEGER NOT NULL,
    not_before BIGINT NOT NULL,
    due BIGINT NOT NULL,
    gateway VARCHAR(64),
    error VARCHAR(200)
);

CREATE INDEX callbacks_by_due ON callbacks (state, app, due);
CREATE INDEX callbacks_by_channel ON callbacks (app, channel_key, state, not_before);
CREATE INDEX callbacks_by_app ON callbacks (app, id);
