package org.channelgateway.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** A lease and the hash of its token, as one row of the table. */
record LeaseRow(Lease lease, SecretHash token) {
    /** The columns that {@link #read} wants. */
    static final String COLUMNS = "account, token_hash, app, channel_key, created, expires";

    static LeaseRow read(ResultSet row) throws SQLException {
        Lease lease = new Lease(
                row.getString("account"),
                row.getString("app"),
                ChannelKey.ofStored(row.getBytes("channel_key")),
                Instant.ofEpochMilli(row.getLong("created")),
                Instant.ofEpochMilli(row.getLong("expires")));
        return new LeaseRow(lease, SecretHash.ofBytes(row.getBytes("token_hash")));
    }

    static void insert(Session session, List<LeaseRow> rows) throws SQLException {
        session.updateAll(
                "INSERT INTO leases (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?)",
                rows.stream().map(LeaseRow::columns).toList());
    }

    private Object[] columns() {
        return new Object[] {
            lease.account(),
            token.bytes(),
            lease.app(),
            lease.key().bytes(),
            lease.created().toEpochMilli(),
            lease.expires().toEpochMilli()
        };
    }
}
