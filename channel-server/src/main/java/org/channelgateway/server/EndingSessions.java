package org.channelgateway.server;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.channelgateway.ejabberd.EjabberdConfig;
import org.channelgateway.ejabberd.EjabberdSessions;
import org.channelgateway.gc.SessionSweeper;
import org.channelgateway.registry.Registry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends sessions at ejabberd whose lease is over or was revoked, on a thread of its own. The gateways share the work. */
final class EndingSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndingSessions.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final EjabberdSessions server;
    private final SessionSweeper sweeper;
    private final AtomicBoolean isAsked = new AtomicBoolean();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> Timer.daemon(task, "sessions"));

    EndingSessions(EjabberdConfig config, String domain, Registry registry) {
        this.server = new EjabberdSessions(config, domain, System::nanoTime);
        this.sweeper = new SessionSweeper(registry, server);
    }

    void start() {
        Future<?> unused =
                thread.scheduleWithFixedDelay(this::sweep, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Some were revoked: at once. However many ask while it is being done, it is done once more. */
    void soon() {
        if (!isAsked.compareAndSet(false, true)) {
            return;
        }
        try {
            Future<?> unused = thread.submit(() -> {
                isAsked.set(false); // what is revoked from here on is for another run
                sweep();
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("closed: another gateway ends them");
        }
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

    @Override
    public void close() {
        thread.shutdownNow();
        server.close();
    }
}
