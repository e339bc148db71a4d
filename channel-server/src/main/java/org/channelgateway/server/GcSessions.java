package org.channelgateway.server;

import java.util.function.Predicate;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Settings;
import org.channelgateway.ejabberd.EjabberdConfig;
import org.channelgateway.ejabberd.EjabberdSessions;
import org.channelgateway.gc.Reconciliation;
import org.channelgateway.gc.SessionSweeper;
import org.channelgateway.registry.Registry;
import org.jspecify.annotations.Nullable;

/** What the daemon does about sessions; nothing when no other process is the XMPP server. */
final class GcSessions implements AutoCloseable {
    private final Registry registry;
    /** Null when each gateway is an XMPP server by itself. */
    private final @Nullable EjabberdSessions server;

    private final Predicate<String> hears;

    private GcSessions(Registry registry, @Nullable EjabberdSessions server, Predicate<String> hears) {
        this.registry = registry;
        this.hears = hears;
        this.server = server;
    }

    static GcSessions of(Settings settings, Registry registry) {
        EjabberdConfig config = settings.ejabberd();
        return new GcSessions(
                registry,
                config == null
                        ? null
                        : new EjabberdSessions(config, settings.xmpp().domain(), System::nanoTime),
                app -> hears(settings, app));
    }

    private static boolean hears(Settings settings, String name) {
        Settings.App app = settings.apps().get(name);
        return app != null && app.callback() != null && app.presence();
    }

    /** Ends the sessions of leases that are over; returns what to say of it. */
    String sweep() {
        return server == null ? "" : ", ended " + new SessionSweeper(registry, server).sweep() + " sessions";
    }

    /** Compares the sessions; returns what was found. */
    String reconcile(boolean apply) throws ConfigException {
        if (server == null) {
            throw new ConfigException(
                    "--reconcile: backend is not ejabberd (expected: an XMPP server to compare with)");
        }
        Reconciliation.Report found = new Reconciliation(registry, server, hears).run(apply);
        return "sessions: %d noted, %d online; %d noted and gone, %d online and over, %d online and not noted; %d strangers; %s"
                .formatted(
                        found.noted(),
                        found.online(),
                        found.gone(),
                        found.over(),
                        found.unnoted(),
                        found.strangers(),
                        apply ? "mended" : "nothing was changed (--apply does it)");
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
