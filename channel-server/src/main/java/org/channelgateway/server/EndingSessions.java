package org.channelgateway.server;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.channelgateway.ejabberd.EjabberdConfig;
import org.channelgateway.ejabberd.EjabberdSessions;
import org.channelgateway.gc.Reconciliation;
import org.channelgateway.gc.SessionSweeper;
import org.channelgateway.registry.Registry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions at ejabberd whose lease is over or was revoked, and compares all of them with the registry now and then, on a thread
 * of its own. The gateways share the work.
 */
final class EndingSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndingSessions.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration COMPARED_EVERY = Duration.ofMinutes(5);
    /** Sessions that were too young the first time are not any more. */
    private static final Duration YOUNG = Duration.ofSeconds(70);

    private static final Duration SOON = Duration.ofSeconds(3);

    private final EjabberdSessions server;
    private final SessionSweeper sweeper;
    private final Reconciliation reconciliation;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> Timer.daemon(task, "sessions"));

    EndingSessions(EjabberdConfig config, String domain, Registry registry) {
        this.server = new EjabberdSessions(config, domain, System::nanoTime);
        this.sweeper = new SessionSweeper(registry, server);
        this.reconciliation = new Reconciliation(registry, server);
    }

    void start() {
        Future<?> unused =
                thread.scheduleWithFixedDelay(this::sweep, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        unused = thread.scheduleWithFixedDelay(
                this::compare, COMPARED_EVERY.toMillis(), COMPARED_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Who came and went is not known: each gateway looks, at another time within a few seconds. */
    void compareSoon() {
        long wait = ThreadLocalRandom.current().nextLong(SOON.toMillis(), 3 * SOON.toMillis());
        Future<?> unused = thread.schedule(this::compare, wait, TimeUnit.MILLISECONDS);
        unused = thread.schedule(this::compare, wait + YOUNG.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Some were revoked: at once. */
    void soon() {
        Future<?> unused = thread.submit(this::sweep);
    }

    private void sweep() {
        try {
            int ended = sweeper.sweep();
            if (ended > 0) {
                LOG.debug("ended {} sessions whose lease is over", ended);
            }
        } catch (RuntimeException e) {
            LOG.warn(
                    "sessions whose lease is over could not be ended: {}; in a minute they are tried again",
                    e.getMessage());
        }
    }

    private void compare() {
        try {
            LOG.debug("sessions compared with ejabberd's: {}", reconciliation.run(true));
        } catch (RuntimeException e) {
            LOG.warn("sessions could not be compared with ejabberd's: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        server.close();
    }
}
