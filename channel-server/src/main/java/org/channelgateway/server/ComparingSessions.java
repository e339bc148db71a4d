package org.channelgateway.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.channelgateway.ejabberd.EjabberdConfig;
import org.channelgateway.ejabberd.EjabberdSessions;
import org.channelgateway.gc.Reconciliation;
import org.channelgateway.registry.Registry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the sessions of the registry with those of ejabberd: now and then, and when it is not known who came and went. A thread and
 * a connection of its own, as it takes long where there are many; what one gateway compares the others need not. Thread-safe.
 */
final class ComparingSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ComparingSessions.class);
    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(3);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Registry registry;
    private final EjabberdSessions server;
    private final Reconciliation reconciliation;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> Timer.daemon(task, "sessions-compared"));
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Future<?> first;

    @GuardedBy("lock")
    private @Nullable Future<?> second;

    /** After a failure; one at a time. */
    @GuardedBy("lock")
    private @Nullable Future<?> retry;

    /** @param hears whether the application of a name wants to be told of its sessions */
    ComparingSessions(EjabberdConfig config, String domain, Registry registry, Predicate<String> hears) {
        this.registry = registry;
        this.server = new EjabberdSessions(config, domain, System::nanoTime);
        this.reconciliation = new Reconciliation(registry, server, hears);
    }

    void start() {
        Future<?> unused = thread.scheduleWithFixedDelay(
                () -> compare(registry.time().instant().minus(EVERY), RETRY),
                LOOK.toMillis(),
                LOOK.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /**
     * Who came and went until now is not known: one of the gateways looks within a few seconds, and again when the sessions are old
     * enough that were too young to be judged then.
     */
    void soon() {
        Instant now = registry.time().instant();
        lock.lock();
        try {
            cancel(first); // what was about to be looked at is looked at with this
            cancel(second);
            first = after(wait(SOON), () -> compare(now, RETRY));
            second = after(Reconciliation.YOUNG.plus(wait(SOON)), () -> compare(now.plus(Reconciliation.YOUNG), RETRY));
        } finally {
            lock.unlock();
        }
    }

    private static void cancel(@Nullable Future<?> run) {
        if (run != null) {
            boolean unused = run.cancel(false);
        }
    }

    /** Each gateway waits another time. */
    private static Duration wait(Duration about) {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(about.toMillis(), 2 * about.toMillis()));
    }

    private @Nullable Future<?> after(Duration wait, Runnable run) {
        try {
            return thread.schedule(run, wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closed: another gateway compares");
            return null;
        }
    }

    /** @param notSince nothing is done when one of the gateways has begun to compare then or later */
    private void compare(Instant notSince, Duration retryAfter) {
        try {
            if (registry.sessions().claimComparison(notSince)) {
                LOG.debug("sessions compared with ejabberd's: {}", reconciliation.run(true));
            }
        } catch (RuntimeException e) {
            LOG.warn("sessions could not be compared with ejabberd's: {}", e.getMessage());
            again(retryAfter);
        }
    }

    /** Waits longer each time. */
    private void again(Duration wait) {
        Instant now = registry.time().instant();
        Duration twice = wait.multipliedBy(2);
        lock.lock();
        try {
            if (retry == null) {
                retry = after(wait, () -> retry(now, twice.compareTo(EVERY) > 0 ? EVERY : twice));
            }
        } finally {
            lock.unlock();
        }
    }

    private void retry(Instant notSince, Duration retryAfter) {
        lock.lock();
        try {
            retry = null;
        } finally {
            lock.unlock();
        }
        compare(notSince, retryAfter);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        server.close();
    }
}
