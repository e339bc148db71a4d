package org.channelgateway.server;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.channelgateway.gc.Sweeper;
import org.channelgateway.registry.Leases;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sweeper in the gateway's own process, on a thread of its own. */
final class Sweeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeping.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration LAST_BATCH = Duration.ofSeconds(10);
    private static final int BATCH = 500;
    private static final int BATCHES = 200;

    private final ScheduledExecutorService executor =
            Executors.newSingleThreadScheduledExecutor(task -> Timer.daemon(task, "sweeper"));
    private final Sweeper sweeper;

    Sweeping(Leases leases) {
        sweeper = new Sweeper(leases, BATCH, BATCHES, removed -> {});
        sweeper.start(executor, EVERY);
    }

    Sweeper.Totals totals() {
        return sweeper.totals();
    }

    /** Waits for the batch under way, without an interrupt: that would close the database's file below it. */
    @Override
    public void close() {
        sweeper.close();
        executor.shutdown();
        try {
            if (!executor.awaitTermination(LAST_BATCH.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the sweeper did not end within {}", LAST_BATCH);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
