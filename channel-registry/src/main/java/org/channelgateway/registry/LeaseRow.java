package org.channelgateway.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** A lease and the hash of its token, as one row of the table; the hash says the account, too. */
record LeaseRow(Lease lease, SecretHash token) {
    /** The columns that {@link #read} wants. */
    static final String COLUMNS = "token_hash, app, channel_key, created, expires";

    private static final int ACCOUNT_LENGTH = 26; // of 5 bits each

    static LeaseRow of(SecretHash token, String app, ChannelKey key, Instant created, Instant expires) {
        return new LeaseRow(new Lease(account(token), app, key, created, expires), token);
    }

    private static String account(SecretHash token) {
        return AccountKind.CHANNEL.prefix() + Base32.text(token.bytes(), ACCOUNT_LENGTH);
    }

    static LeaseRow read(ResultSet row) throws SQLException {
        return of(
                SecretHash.ofBytes(row.getBytes("token_hash")),
                row.getString("app"),
                ChannelKey.ofStored(row.getBytes("channel_key")),
                Instant.ofEpochMilli(row.getLong("created")),
                Instant.ofEpochMilli(row.getLong("expires")));
    }

    static void insert(Session session, List<LeaseRow> rows) throws SQLException {
        session.updateAll(
                "INSERT INTO leases (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?)",
                rows.stream().map(LeaseRow::columns).toList());
    }

    private Object[] columns() {
        return new Object[] {
            token.bytes(),
            lease.app(),
            lease.key().bytes(),
            lease.created().toEpochMilli(),
            lease.expires().toEpochMilli()
        };
    }
}
