package org.channelgateway.registry;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The counts of a database that several gateways share: each writes rows of its own, so that none waits for another. What several
 * create at once may exceed a bound by that much; a key that was full may stay so for a second when one revokes leases of it while
 * another makes as many for other keys. The sessions of a lease that is revoked are over with it; those of one that has
 * expired have that expiry themselves. Thread-safe.
 *
 * <p>T1 notes a session while T2 revokes its lease: T1 holds the row of the lease meanwhile, so either T2 waits and its second
 * statement finds the session, or T1 waits and finds no lease.
 */
final class SharedLeaseCounts implements LeaseCounts {
    private static final Logger LOG = LoggerFactory.getLogger(SharedLeaseCounts.class);

    /** Both in one round trip; the second at most so many. */
    static final String LOOK = "SELECT (SELECT COALESCE(SUM(leases), 0) FROM lease_counts WHERE app = ?), ("
            + JdbcLeases.LIVE_OF_KEY + ")";

    private static final String CHANGE = "INSERT INTO lease_counts (app, gateway, leases) VALUES (?, ?, ?)"
            + " ON CONFLICT (app, gateway) DO UPDATE SET leases = lease_counts.leases + excluded.leases";

    /** In the order of the applications: two that do this at once do not wait for each other in a circle. */
    private static final String FOLD = "WITH gone AS (DELETE FROM lease_counts WHERE (app, gateway) IN ("
            + "SELECT app, gateway FROM lease_counts WHERE gateway <> 'all' FETCH FIRST 10000 ROWS ONLY FOR UPDATE SKIP LOCKED)"
            + " RETURNING app, leases)"
            + " INSERT INTO lease_counts (app, gateway, leases) SELECT app, 'all', SUM(leases) FROM gone GROUP BY app ORDER BY app"
            + " ON CONFLICT (app, gateway) DO UPDATE SET leases = lease_counts.leases + excluded.leases";

    private final Database database;
    private final LeaseLimits limits;
    private final FullKeys full;
    private final InstantSource time;
    private final String gateway;
    private final CountedKeys counted;

    /**
     * @param full the keys that this gateway found full
     * @param gateway the name of this one
     */
    SharedLeaseCounts(Database database, LeaseLimits limits, FullKeys full, InstantSource time, String gateway) {
        this.database = database;
        this.limits = limits;
        this.full = full;
        this.time = time;
        this.gateway = gateway;
        this.counted = new CountedKeys(limits.perKey(), time);
    }

    /**
     * Makes one row of all rows of an application. Each start of a gateway leaves one, and each create adds them up. The row of a gateway
     * that runs may be among them: its next change makes a new one.
     */
    void fold() {
        try {
            int unused = database.with(session -> session.update(FOLD));
        } catch (RegistryException e) { // whoever starts next does it
            LOG.warn("the counts of earlier gateways were not added up: {}", e.getMessage());
        }
    }

    @Override
    public After adding(String app, ChannelKey key, List<LeaseRow> planned) {
        After after = adding(app, key);
        long plannedOfKey =
                planned.stream().filter(row -> row.lease().key().equals(key)).count();
        return new After(after.ofApp() + planned.size(), after.ofKeyAtMost() + plannedOfKey);
    }

    private After adding(String app, ChannelKey key) {
        if (full.contains(app, key)) {
            After found = look(app, key, 0);
            if (full.stillContains(app, key, found.ofApp() + 1)) {
                return new After(found.ofApp() + 1, limits.perKey() + 1L);
            }
        }
        boolean countsKey = limits.perKey() < Integer.MAX_VALUE && !counted.takeOne(app, key);
        if (!countsKey && limits.perApp() == Integer.MAX_VALUE) {
            return new After(0, 0);
        }
        After found = look(app, key, countsKey ? limits.perKey() : 0);
        if (countsKey) {
            counted.counted(app, key, (int) found.ofKeyAtMost());
        }
        return new After(found.ofApp() + 1, found.ofKeyAtMost() + 1);
    }

    /** What is there already. */
    private After look(String app, ChannelKey key, int mostOfKey) {
        return database.with(session -> session.list(
                        LOOK,
                        row -> new After(row.getLong(1), row.getLong(2)),
                        app,
                        app,
                        key.bytes(),
                        time.instant().toEpochMilli(),
                        mostOfKey))
                .get(0);
    }

    @Override
    public void notAdded(String app, ChannelKey key) {}

    @Override
    public void added(Session session, List<LeaseRow> rows) throws SQLException {
        change(session, rows.stream().map(LeaseRow::lease).toList(), 1);
    }

    /** The count comes last: creates of the application at this gateway wait for its row. */
    @Override
    public void removing(Session session, List<Lease> leases, Instant now) throws SQLException {
        session.updateAll(
                "UPDATE sessions SET expires = 0 WHERE account = ? AND expires > ?",
                leases.stream()
                        .map(lease -> new Object[] {lease.account(), now.toEpochMilli()})
                        .toList());
        change(session, leases, -1);
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
