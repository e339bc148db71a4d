package org.channelgateway.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lease and the hash of its token, as one row of the table; the hash says the account, too.
 *
 * @param keys what an outside server checks the token with; null when there is none, and in a row that was read
 * @param maskedKey the client key of {@code keys}, masked by the token
 */
record LeaseRow(Lease lease, SecretHash token, @Nullable ScramKeys keys, byte @Nullable [] maskedKey) {
    /** The columns that {@link #read} wants. */
    static final String COLUMNS = "token_hash, app, channel_key, created, expires";

    private static final int ACCOUNT_LENGTH = 26; // of 5 bits each

    static LeaseRow of(SecretHash token, String app, ChannelKey key, Instant created, Instant expires) {
        return new LeaseRow(new Lease(account(token), app, key, created, expires), token, null, null);
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

    LeaseRow withKeys(ScramKeys with, Token of) {
        return new LeaseRow(lease, token, with, with.masked(of.value()));
    }

    static void insert(Session session, List<LeaseRow> rows, Vendor vendor) throws SQLException {
        if (vendor == Vendor.H2) {
            session.updateAll(
                    "INSERT INTO leases (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?)",
                    rows.stream().map(row -> row.columns().toArray()).toList());
        } else {
            session.updateAll(
                    "INSERT INTO leases (" + COLUMNS + ", account, salt, stored_key, server_key, client_key)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    rows.stream().map(LeaseRow::allColumns).toList());
        }
    }

    private List<Object> columns() {
        return List.of(
                token.bytes(),
                lease.app(),
                lease.key().bytes(),
                lease.created().toEpochMilli(),
                lease.expires().toEpochMilli());
    }

    private @Nullable Object[] allColumns() {
        List<@Nullable Object> all = new ArrayList<>(columns());
        all.add(lease.account());
        all.add(keys == null ? null : keys.salt());
        all.add(keys == null ? null : keys.storedKey());
        all.add(keys == null ? null : keys.serverKey());
        all.add(maskedKey);
        return all.toArray();
    }
}
