package org.channelgateway.registry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How many rows the leases have: of an application exactly, of a key at most so many, since keys share a fixed number of counts.
 * So a create asks the database only near a bound. For the one process that has the database. Thread-safe.
 */
final class LocalLeaseCounts implements LeaseCounts {
    private static final int SHARED = 1 << 16;
    private static final String COUNT = "SELECT app, channel_key, COUNT(*) FROM leases GROUP BY app, channel_key";

    private final Map<String, AtomicInteger> byApp = new ConcurrentHashMap<>();
    private final AtomicIntegerArray byKey = new AtomicIntegerArray(SHARED);

    /** Counts what is there already; to be called before anything else. */
    static LocalLeaseCounts of(Database database) {
        LocalLeaseCounts counts = new LocalLeaseCounts();
        List<Boolean> unused = database.with(session -> session.list(COUNT, row -> {
            counts.add(row.getString(1), ChannelKey.ofStored(row.getBytes(2)), row.getInt(3));
            return true;
        }));
        return counts;
    }

    @Override
    public After adding(String app, ChannelKey key, List<LeaseRow> planned) {
        return add(app, key, 1);
    }

    @Override
    public void notAdded(String app, ChannelKey key) {
        After unused = add(app, key, -1);
    }

    @Override
    public void added(Session session, List<LeaseRow> rows) {}

    @Override
    public void removing(Session session, List<Lease> leases, Instant now) {}

    @Override
    public void removed(List<Lease> leases) {
        leases.forEach(lease -> notAdded(lease.app(), lease.key()));
    }

    private After add(String app, ChannelKey key, int rows) {
        int ofApp = byApp.computeIfAbsent(app, name -> new AtomicInteger()).addAndGet(rows);
        return new After(ofApp, byKey.addAndGet(place(app, key), rows));
    }

    private static int place(String app, ChannelKey key) {
        int hash = (31 * app.hashCode() + key.hashCode()) * 0x9E3779B9; // spreads what differs in its last bits
        return hash >>> 16;
    }
}
