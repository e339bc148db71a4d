package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.channelgateway.registry.xmpp.AdministrationException;
import org.channelgateway.registry.xmpp.ForeignAuthzidCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks, before a gateway serves anybody, whether ejabberd is safe: whether no account can become another one. */
public final class SafetyCheck {
    private static final Logger LOG = LoggerFactory.getLogger(SafetyCheck.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private SafetyCheck() {}

    /**
     * Blocks until one of the nodes could be looked at, for half a minute at most; those that cannot be reached are left out.
     *
     * @return what is wrong; empty when ejabberd is safe
     */
    public static Optional<String> run(EjabberdConfig config, String domain) {
        ForeignAuthzidCheck check = new ForeignAuthzidCheck(EjabberdSessions.administration(config, domain));
        long end = System.nanoTime() + PATIENCE.toNanos();
        AdministrationException last = null;
        do {
            int looked = 0;
            for (EjabberdConfig.Node node : config.nodes()) {
                try {
                    Optional<String> wrong = check.run(node.c2s());
                    if (wrong.isPresent()) {
                        return wrong;
                    }
                    looked++;
                } catch (AdministrationException e) {
                    last = e;
                }
            }
            if (looked > 0) {
                if (last != null) {
                    LOG.warn("a node of ejabberd was not looked at: {}", last.getMessage());
                }
                return Optional.empty();
            }
        } while (System.nanoTime() < end && pause());
        return Optional.of("ejabberd cannot be looked at: " + (last == null ? "" : last.getMessage())
                + " (expected: ejabberd that runs, with the accounts of the gateways' database)");
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
}
