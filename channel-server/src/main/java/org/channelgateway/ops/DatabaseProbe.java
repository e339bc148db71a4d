package org.channelgateway.ops;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the database for a number on a thread of its own, one question at a time: however many ask and however long it hangs, one
 * thread waits for it. Thread-safe.
 */
public final class DatabaseProbe implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseProbe.class);

    /** How long an answer is waited for. */
    static final Duration LIMIT = Duration.ofSeconds(1);

    /** How long an answer is good for, so that a flood of questions costs one. */
    private static final long FRESH_NANOS = Duration.ofMillis(500).toNanos();

    private static final Answer SILENT = new Answer(false, 0, "no answer within " + LIMIT.toSeconds() + " s");

    /**
     * What the database said.
     *
     * @param leases how many are live; 0 when it is not up
     * @param problem in words for everybody, empty when it is up
     */
    record Answer(boolean up, long leases, String problem) {}

    private final LongSupplier leases;
    private final LongSupplier ticker;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> daemon(task, "probe"));
    private final ReentrantLock lock = new ReentrantLock();

    /** Null until the first question. */
    @GuardedBy("lock")
    private @Nullable CompletableFuture<Answer> question;

    /** What all who ask are told: that of the question, or that there is none within the limit. */
    @GuardedBy("lock")
    private CompletableFuture<Answer> told = CompletableFuture.completedFuture(SILENT);

    @GuardedBy("lock")
    private long askedAt;

    /**
     * @param leases asks the database how many leases are live
     * @param ticker nano time
     */
    public DatabaseProbe(LongSupplier leases, LongSupplier ticker) {
        this.leases = leases;
        this.ticker = ticker;
    }

    /** Completes within {@link #LIMIT}. */
    CompletableFuture<Answer> ask() {
        lock.lock();
        try {
            long now = ticker.getAsLong();
            if (question == null || (question.isDone() && now - askedAt > FRESH_NANOS)) {
                question = CompletableFuture.supplyAsync(this::answer, thread);
                told = question.copy().completeOnTimeout(SILENT, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                askedAt = now;
            }
            return told;
        } finally {
            lock.unlock();
        }
    }

    private Answer answer() {
        try {
            return new Answer(true, leases.getAsLong(), "");
        } catch (RuntimeException e) {
            LOG.debug("the database did not answer", e);
            return new Answer(false, 0, "it failed; the log says why");
        }
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
