package org.channelgateway.registry;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counts of a database that several gateways share: each writes rows of its own, so that none waits for another. What several
 * create at once may exceed a bound by that much. The sessions of a lease that is revoked are over with it; those of one that has
 * expired have that expiry themselves. Thread-safe.
 *
 * <p>T1 notes a session while T2 revokes its lease: T1 holds the row of the lease meanwhile, so either T2 waits and its second
 * statement finds the session, or T1 waits and finds no lease.
 */
final class SharedLeaseCounts implements LeaseCounts {
    private static final String OF_APP = "SELECT COALESCE(SUM(leases), 0) FROM lease_counts WHERE app = ?";
    private static final String CHANGE = "INSERT INTO lease_counts (app, gateway, leases) VALUES (?, ?, ?)"
            + " ON CONFLICT (app, gateway) DO UPDATE SET leases = lease_counts.leases + excluded.leases";

    private final Database database;
    private final LeaseLimits limits;
    private final String gateway;

    /** @param gateway the name of this one */
    SharedLeaseCounts(Database database, LeaseLimits limits, String gateway) {
        this.database = database;
        this.limits = limits;
        this.gateway = gateway;
    }

    /** Of a key nothing is known: the database is asked. */
    @Override
    public After adding(String app, ChannelKey key) {
        if (limits.perApp() == Integer.MAX_VALUE) {
            return new After(0, Long.MAX_VALUE);
        }
        long ofApp = database.with(session -> session.list(OF_APP, row -> row.getLong(1), app))
                .get(0);
        return new After(ofApp + 1, Long.MAX_VALUE);
    }

    @Override
    public void notAdded(String app, ChannelKey key) {}

    @Override
    public void added(Session session, List<LeaseRow> rows) throws SQLException {
        change(session, rows.stream().map(LeaseRow::lease).toList(), 1);
    }

    @Override
    public void removing(Session session, List<Lease> leases, Instant now) throws SQLException {
        change(session, leases, -1);
        session.updateAll(
                "UPDATE sessions SET expires = 0 WHERE account = ? AND expires > ?",
                leases.stream()
                        .map(lease -> new Object[] {lease.account(), now.toEpochMilli()})
                        .toList());
    }

    @Override
    public void removed(List<Lease> leases) {}

    private void change(Session session, List<Lease> leases, int sign) throws SQLException {
        Map<String, Integer> byApp =
                new TreeMap<>(); // in order: two that change two applications do not wait for each other
        leases.forEach(lease -> byApp.merge(lease.app(), sign, Integer::sum));
        for (Map.Entry<String, Integer> one : byApp.entrySet()) {
            int unused = session.update(CHANGE, one.getKey(), gateway, one.getValue());
        }
    }
}
