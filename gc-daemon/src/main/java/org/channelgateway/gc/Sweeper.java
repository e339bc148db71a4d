package org.channelgateway.gc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.Leases;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes expired leases in batches, each its own transaction. Any number of sweepers, in one process or many, may work on one
 * registry. Thread-safe.
 */
public final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    private final Leases leases;
    private final int batchSize;
    private final int maxBatches;
    private final Consumer<List<Lease>> removed;
    private final LongAdder runs = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder removedLeases = new LongAdder();
    private final AtomicReference<@Nullable Instant> lastEnd = new AtomicReference<>();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Future<?> schedule; // null until started

    @GuardedBy("lock")
    private boolean closed;

    /**
     * What a sweeper did.
     *
     * @param runs those that failed included
     * @param removed leases
     * @param lastEnd when the last run that did not fail ended; null before the first
     */
    public record Totals(
            long runs,
            long failures,
            long removed,
            @Nullable Instant lastEnd) {}

    /** What a run did; {@code capped} when it ended at the most batches, so that more may be expired. */
    private record Run(int leases, boolean capped) {}

    /**
     * A sweeper that runs when asked or started.
     *
     * @param batchSize most leases removed in one transaction, positive
     * @param maxBatches most transactions in one run, positive; what is left is for the next run
     * @param removed told of each batch after it is gone from the registry, on the thread that sweeps
     */
    public Sweeper(Leases leases, int batchSize, int maxBatches, Consumer<List<Lease>> removed) {
        checkPositive("batchSize", batchSize);
        checkPositive("maxBatches", maxBatches);
        this.leases = leases;
        this.batchSize = batchSize;
        this.maxBatches = maxBatches;
        this.removed = removed;
    }

    private static void checkPositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }

    /** One run; returns how many leases it removed. A failure ends it, the batches before stay removed. */
    public int sweep() {
        return runOnce().leases;
    }

    /** What was done since the start. */
    public Totals totals() {
        return new Totals(runs.sum(), failures.sum(), removedLeases.sum(), lastEnd.get());
    }

    private Run runOnce() {
        runs.increment();
        try {
            Run run = batches();
            lastEnd.set(leases.now());
            return run;
        } catch (RuntimeException | Error e) {
            failures.increment();
            throw e;
        }
    }

    private Run batches() {
        int count = 0;
        for (int i = 0; i < maxBatches && !Thread.currentThread().isInterrupted(); i++) {
            List<Lease> batch = leases.sweep(batchSize);
            if (batch.isEmpty()) {
                return new Run(count, false);
            }
            count += batch.size();
            removedLeases.add(batch.size());
            removed.accept(batch);
        }
        return new Run(count, true);
    }

    /**
     * Runs now and then again {@code every} after the end of each run, until closed; at once after a run that ended at the most
     * batches. Between two runs the executor does what else it has to do. A run that fails is logged.
     *
     * @throws IllegalStateException when already started
     */
    public void start(ScheduledExecutorService executor, Duration every) {
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("every: " + every + " (expected: > PT0S)");
        }
        lock.lock();
        try {
            if (schedule != null) {
                throw new IllegalStateException("sweeper: started (expected: start is called once)");
            }
            scheduleNext(executor, Duration.ZERO, every);
        } finally {
            lock.unlock();
        }
    }

    private void scheduleNext(ScheduledExecutorService executor, Duration wait, Duration every) {
        lock.lock();
        try {
            if (!closed) {
                schedule = executor.schedule(() -> run(executor, every), wait.toNanos(), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run(ScheduledExecutorService executor, Duration every) {
        Duration wait = every;
        try {
            Run run = runOnce();
            if (run.leases > 0) {
                LOG.debug("removed {} expired leases", run.leases);
            }
            if (run.capped) {
                wait = Duration.ZERO;
            }
        } catch (Throwable e) { // as from a listener: the next run has to come all the same
            LOG.warn("a sweep of expired leases failed, the next one tries again", e);
        } finally {
            scheduleNext(executor, wait, every);
        }
    }

    /** Runs no more; a run under way ends by itself. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (schedule != null) {
                schedule.cancel(false);
            }
        } finally {
            lock.unlock();
        }
    }
}
