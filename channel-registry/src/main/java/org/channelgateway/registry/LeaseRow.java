package org.channelgateway.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;

/** A lease and the hash of its token, as one row of the table. */
record LeaseRow(Lease lease, SecretHash token) {
    /** The columns that {@link #read} wants. */
    static final String COLUMNS = "account, token_hash, app, channel_key, created, expires";

    static LeaseRow read(ResultSet row, StatementContext context) throws SQLException {
        Lease lease = new Lease(
                row.getString("account"),
                row.getString("app"),
                ChannelKey.ofStored(row.getBytes("channel_key")),
                Instant.ofEpochMilli(row.getLong("created")),
                Instant.ofEpochMilli(row.getLong("expires")));
        return new LeaseRow(lease, SecretHash.ofBytes(row.getBytes("token_hash")));
    }

    static void insert(Handle handle, List<LeaseRow> rows) {
        PreparedBatch batch = handle.prepareBatch("INSERT INTO leases (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?)");
        for (LeaseRow row : rows) {
            Lease lease = row.lease;
            batch.add(
                    lease.account(),
                    row.token.bytes(),
                    lease.app(),
                    lease.key().bytes(),
                    lease.created().toEpochMilli(),
                    lease.expires().toEpochMilli());
        }
        batch.execute();
    }

    static void delete(Handle handle, List<LeaseRow> rows) {
        if (rows.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("DELETE FROM leases WHERE account = ?");
        rows.forEach(row -> batch.add(row.lease.account()));
        batch.execute();
    }
}
