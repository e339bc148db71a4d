package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.channelgateway.registry.xmpp.AdministrationException;
import org.channelgateway.registry.xmpp.ForeignAuthzidCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, before a gateway serves anybody, whether ejabberd is safe: whether no account can become another one. A node that cannot be
 * reached then is looked at when it can.
 */
public final class SafetyCheck implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SafetyCheck.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final ForeignAuthzidCheck check;
    private final List<EjabberdConfig.Node> unknown;
    private final int all;
    private volatile String lastFailure = "";
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "safety");
        made.setDaemon(true);
        return made;
    });

    public SafetyCheck(EjabberdConfig config, String domain) {
        check = new ForeignAuthzidCheck(EjabberdSessions.administration(config, domain));
        unknown = new CopyOnWriteArrayList<>(config.nodes());
        all = unknown.size();
    }

    /**
     * Blocks until one of the nodes could be looked at, for half a minute at most.
     *
     * @return what is wrong; empty when those that were looked at are safe
     */
    public Optional<String> run() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        do {
            Optional<String> wrong = look();
            if (wrong.isPresent() || unknown.size() < all) {
                return wrong;
            }
        } while (System.nanoTime() < end && pause());
        return Optional.of("ejabberd cannot be looked at: " + lastFailure
                + " (expected: ejabberd that runs, with the accounts of the gateways' database)");
    }

    /** Once at each node that was not looked at. */
    private Optional<String> look() {
        for (EjabberdConfig.Node node : List.copyOf(unknown)) {
            try {
                Optional<String> wrong = check.run(node.c2s());
                if (wrong.isPresent()) {
                    return wrong;
                }
                unknown.remove(node);
            } catch (AdministrationException e) {
                lastFailure = String.valueOf(e.getMessage());
            }
        }
        return Optional.empty();
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Looks at the other nodes, until each was looked at; tells {@code unsafe} what is wrong with one. */
    public void watch(Consumer<String> unsafe) {
        if (!unknown.isEmpty()) {
            LOG.warn("a node of ejabberd was not looked at yet: {}", lastFailure);
            Future<?> unused = thread.scheduleWithFixedDelay(
                    () -> watchOnce(unsafe), AGAIN.toMillis(), AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void watchOnce(Consumer<String> unsafe) {
        try {
            Optional<String> wrong = look();
            wrong.ifPresent(unsafe);
            if (wrong.isPresent() || unknown.isEmpty()) {
                thread.shutdown();
            }
        } catch (RuntimeException e) { // or it would never run again
            LOG.error("nodes of ejabberd could not be looked at", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
