package org.channelgateway.gc;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.channelgateway.registry.Attempt;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.IssuedLease;
import org.channelgateway.registry.KeySummary;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.Leases;
import org.channelgateway.registry.Token;
import org.jspecify.annotations.Nullable;

/** Leases in memory that are all expired and can only be swept; fails first as often as it is told. */
final class ExpiredLeases implements Leases {
    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    final List<Integer> limits = new ArrayList<>();
    private final Queue<Lease> expired = new ArrayDeque<>();
    private int failures;

    ExpiredLeases(int count) {
        add(count);
    }

    synchronized void add(int count) {
        Instant then = Instant.parse("2026-11-22T10:00:00Z");
        for (int i = 0; i < count; i++) {
            expired.add(new Lease("ch-" + i, "app", ChannelKey.of("k"), then, then.plusSeconds(1)));
        }
    }

    synchronized void failNext(int times) {
        failures = times;
    }

    synchronized int left() {
        return expired.size();
    }

    @Override
    public synchronized List<Lease> sweep(int limit) {
        limits.add(limit);
        if (failures > 0) {
            failures--;
            throw new IllegalStateException("the database is away");
        }
        List<Lease> batch = new ArrayList<>();
        while (batch.size() < limit && !expired.isEmpty()) {
            batch.add(expired.remove());
        }
        return batch;
    }

    @Override
    public List<Attempt<IssuedLease>> create(String app, List<Wanted> wanted) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Lease> find(Token token) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Lease> authenticate(String account, Token token) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<KeySummary> look(String app, ChannelKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ChannelKey> list(String app, String prefix, @Nullable ChannelKey after, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Lease> revoke(String app, ChannelKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Lease> revoke(String app, Token token) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long live() {
        return 0;
    }

    @Override
    public Instant now() {
        return NOW;
    }
}
