package org.channelgateway.channel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.channelgateway.channel.RefusedException.Kind;
import org.jspecify.annotations.Nullable;

/** Keeps the ids in memory, for the one gateway that there is. Bounded for each app; thread-safe. */
final class RecentPublishes implements PublishIds {
    /** Most receipts that are kept when nothing else is said: 4,000 messages a second with ids. */
    static final int MAX_RECEIPTS = 500_000;
    /** The most that one takes in the heap: 128 characters of an id take two bytes each unless all are of Latin-1. */
    static final int RECEIPT_BYTES = 640;
    /** No more than this part of the heap is for receipts. */
    private static final int HEAP_PART = 4;

    private record Entry(long fingerprint, int receipts, long at, CompletableFuture<List<Published>> result) {}

    private final LongSupplier ticker;
    private final int most;

    private final Map<String, OfApp> apps = new ConcurrentHashMap<>();

    RecentPublishes(LongSupplier ticker) {
        this(ticker, defaultReceipts(1));
    }

    /** @param most receipts that are kept for one app */
    RecentPublishes(LongSupplier ticker, int most) {
        this.ticker = ticker;
        this.most = most;
    }

    /** For each of so many apps. */
    static int defaultReceipts(int apps) {
        long ofAll = Math.min(MAX_RECEIPTS, Runtime.getRuntime().maxMemory() / HEAP_PART / RECEIPT_BYTES);
        return (int) Math.max(1, ofAll / Math.max(1, apps));
    }

    @Override
    public List<Published> once(
            String app, String id, long fingerprint, int receipts, Supplier<List<Published>> publish) {
        PublishIds.check(id);
        OfApp ofApp = apps.computeIfAbsent(app, name -> new OfApp());
        Entry mine = new Entry(fingerprint, receipts, ticker.getAsLong(), new CompletableFuture<>());
        Entry known = ofApp.claim(id, mine);
        if (known == null) {
            return run(ofApp, id, mine, publish);
        }
        if (known.fingerprint != fingerprint) {
            throw PublishIds.isOfAnother(id);
        }
        return known.result.join();
    }

    private static List<Published> run(OfApp ofApp, String id, Entry mine, Supplier<List<Published>> publish) {
        try {
            List<Published> published = publish.get();
            mine.result.complete(published);
            return published;
        } catch (RuntimeException | Error e) { // whoever waits for the result must not wait for ever
            ofApp.forget(id);
            mine.result.completeExceptionally(e);
            throw e;
        }
    }

    @Override
    public void tick() {
        long now = ticker.getAsLong();
        apps.values().forEach(ofApp -> ofApp.tick(now));
    }

    private final class OfApp {
        private final ReentrantLock lock = new ReentrantLock();

        /** Oldest first. */
        @GuardedBy("lock")
        private final Map<String, Entry> entries = new LinkedHashMap<>();

        /** Those of all entries. */
        @GuardedBy("lock")
        private int receipts;

        /** The entry that has the id already; null when {@code mine} got it. */
        @Nullable
        Entry claim(String id, Entry mine) {
            lock.lock();
            try {
                forgetOld(mine.at);
                Entry known = entries.get(id);
                if (known == null) {
                    takeRoom(mine);
                    entries.put(id, mine);
                }
                return known;
            } finally {
                lock.unlock();
            }
        }

        @GuardedBy("lock")
        private void takeRoom(Entry mine) {
            if (mine.receipts > most - receipts) {
                long oldest = entries.isEmpty()
                        ? mine.at
                        : entries.values().iterator().next().at;
                throw new RefusedException(
                        Kind.TOO_MANY,
                        "id: more than " + most + " messages with one within " + KEPT.toMinutes()
                                + " minutes (expected: fewer)",
                        KEPT.minusNanos(mine.at - oldest).plusSeconds(1));
            }
            receipts += mine.receipts;
        }

        @GuardedBy("lock")
        private void forgetOld(long now) {
            Iterator<Entry> oldest = entries.values().iterator();
            while (oldest.hasNext()) {
                Entry entry = oldest.next();
                if (now - entry.at <= KEPT.toNanos()) {
                    return;
                }
                receipts -= entry.receipts;
                oldest.remove();
            }
        }

        void tick(long now) {
            lock.lock();
            try {
                forgetOld(now);
            } finally {
                lock.unlock();
            }
        }

        void forget(String id) {
            lock.lock();
            try {
                Entry forgotten = entries.remove(id);
                receipts -= forgotten == null ? 0 : forgotten.receipts;
            } finally {
                lock.unlock();
            }
        }
    }
}
