package org.channelgateway.registry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * How many rows the leases have: of an application exactly, of a key at most so many, since keys share a fixed number of counts.
 * So a create asks the database only near a bound. Thread-safe.
 */
final class LeaseCounts {
    private static final int SHARED = 1 << 16;

    private final Map<String, AtomicInteger> byApp = new ConcurrentHashMap<>();
    private final AtomicIntegerArray byKey = new AtomicIntegerArray(SHARED);

    /** What the counts are with one more. */
    record After(int ofApp, int ofKeyAtMost) {}

    After add(String app, ChannelKey key, int rows) {
        int ofApp = byApp.computeIfAbsent(app, name -> new AtomicInteger()).addAndGet(rows);
        return new After(ofApp, byKey.addAndGet(place(app, key), rows));
    }

    void remove(Lease lease) {
        add(lease.app(), lease.key(), -1);
    }

    private static int place(String app, ChannelKey key) {
        int hash = (31 * app.hashCode() + key.hashCode()) * 0x9E3779B9; // spreads what differs in its last bits
        return hash >>> 16;
    }
}
