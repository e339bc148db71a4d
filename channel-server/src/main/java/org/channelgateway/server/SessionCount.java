package org.channelgateway.server;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many sessions the registry has. To count them takes longer the more there are, so it is done once in a while, on a thread of its
 * own, and only while somebody asks. Thread-safe.
 */
final class SessionCount implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionCount.class);
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final LongSupplier counts;
    private final LongSupplier ticker;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> Timer.daemon(task, "session-count"));
    private final AtomicBoolean isCounting = new AtomicBoolean();
    /** Nano time of the last count; to be looked at only when there was one. */
    private volatile long countedAt;

    private volatile boolean wasCounted;
    private volatile double latest = Double.NaN;

    /**
     * @param counts asks the registry
     * @param ticker nano time
     */
    SessionCount(LongSupplier counts, LongSupplier ticker) {
        this.counts = counts;
        this.ticker = ticker;
    }

    /** The last count, NaN when there is none; one that is old makes the next. */
    double latest() {
        boolean isOld = !wasCounted || ticker.getAsLong() - countedAt >= EVERY.toNanos();
        if (isOld && !isCounting.getAndSet(true)) {
            try {
                Future<?> unused = thread.submit(this::count);
            } catch (RejectedExecutionException e) {
                LOG.debug("stopping: the sessions are not counted");
            }
        }
        return latest;
    }

    private void count() {
        try {
            latest = counts.getAsLong();
        } catch (RuntimeException e) {
            LOG.debug("the sessions could not be counted", e);
            latest = Double.NaN;
        } finally {
            countedAt = ticker.getAsLong();
            wasCounted = true;
            isCounting.set(false);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
