package org.channelgateway.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys with many leases that were counted a moment ago, and how many more this gateway may make of each before it counts again: a
 * small part of what is left, since other gateways make some, too. To count 20,000 for each one that is made would read 200 million
 * in all. Thread-safe.
 */
final class CountedKeys {
    /** To count so few costs no more than to ask. */
    private static final int FEW = 64;
    /** So many gateways may make leases of one key as fast as they can, and the bound is kept. */
    private static final int PART = 16;

    private static final Duration FRESH = Duration.ofSeconds(10);
    private static final int MOST_KEYS = 10_000;

    private final int limit;
    private final InstantSource time;
    private final Map<Key, Left> lefts = new ConcurrentHashMap<>();

    /** The key of one application. */
    record Key(String app, ChannelKey key) {}

    private record Left(int leases, Instant until) {}

    /** @param limit most leases of a key */
    CountedKeys(int limit, InstantSource time) {
        this.limit = limit;
        this.time = time;
    }

    /** True when one more may be made without counting. */
    boolean takeOne(String app, ChannelKey key) {
        Instant now = time.instant();
        return lefts.computeIfPresent(new Key(app, key), (same, left) -> {
                    boolean lasts = left.leases > 0 && now.isBefore(left.until);
                    return lasts ? new Left(left.leases - 1, left.until) : null;
                })
                != null;
    }

    /** So many are there: the caller may make one more of them, and some without counting. */
    void counted(String app, ChannelKey key, int leases) {
        int more = (limit - leases) / PART;
        if (leases < FEW || more <= 0) {
            return;
        }
        if (lefts.size() >= MOST_KEYS) {
            lefts.clear(); // they are counted once more
        }
        lefts.put(new Key(app, key), new Left(more, time.instant().plus(FRESH)));
    }
}
