package org.channelgateway.channel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.channelgateway.channel.RefusedException.Kind;
import org.jspecify.annotations.Nullable;

/** Answers a publish that is repeated with its id as it was answered the first time. Bounded; thread-safe. */
final class RecentPublishes {
    static final Duration KEPT = Duration.ofMinutes(2);
    private static final int MAX_ENTRIES = 100_000;
    /** Longest id that a publisher may choose. */
    private static final int MAX_ID_LENGTH = 128;

    private record Id(String app, String id) {}

    private record Entry(String fingerprint, long at, CompletableFuture<Published> result) {}

    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();

    /** Oldest first. */
    @GuardedBy("lock")
    private final Map<Id, Entry> entries = new LinkedHashMap<>();

    RecentPublishes(LongSupplier ticker) {
        this.ticker = ticker;
    }

    Published once(String app, String id, Publication publication, Supplier<Published> publish) {
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw new RefusedException(
                    Kind.INVALID, "id: " + id.length() + " characters (expected: 1.." + MAX_ID_LENGTH + ")");
        }
        Entry mine = new Entry(publication.fingerprint(), ticker.getAsLong(), new CompletableFuture<>());
        Entry known = claim(new Id(app, id), mine);
        if (known == null) {
            return run(new Id(app, id), mine, publish);
        }
        if (!known.fingerprint.equals(mine.fingerprint)) {
            throw new RefusedException(
                    Kind.INVALID, "id: " + id + " (expected: not used before for another key or message)");
        }
        return known.result.join();
    }

    private Published run(Id id, Entry mine, Supplier<Published> publish) {
        try {
            Published published = publish.get();
            mine.result.complete(published);
            return published;
        } catch (RuntimeException e) {
            lock.lock();
            try {
                entries.remove(id);
            } finally {
                lock.unlock();
            }
            mine.result.completeExceptionally(e);
            throw e;
        }
    }

    /** The entry that has the id already; null when {@code mine} got it. */
    private @Nullable Entry claim(Id id, Entry mine) {
        lock.lock();
        try {
            forgetOld(mine.at);
            Entry known = entries.get(id);
            if (known == null) {
                if (entries.size() >= MAX_ENTRIES) {
                    throw new RefusedException(
                            Kind.TOO_MANY, "id: too many publishes with an id within " + KEPT.toMinutes() + " minutes");
                }
                entries.put(id, mine);
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void forgetOld(long now) {
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext() && now - oldest.next().at > KEPT.toNanos()) {
            oldest.remove();
        }
    }
}
