package org.channelgateway.server;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.GcCommandLine;
import org.channelgateway.config.Settings;
import org.channelgateway.config.SettingsLoader;
import org.channelgateway.gc.Sweeper;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code ./gateway gc}: removes expired leases from the database that gateways share, and ends their sessions. Any number may run at
 * once.
 */
public final class GcMain {
    private static final Logger LOG = LoggerFactory.getLogger(GcMain.class);
    private static final int BAD_SETTINGS = 2;
    private static final int FAILED = 1;
    private static final int BATCH = 500;
    private static final int BATCHES = 200;

    private GcMain() {}

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (List.of(args).contains("--help")) {
            out.println(GcCommandLine.USAGE);
            return;
        }
        try {
            GcCommandLine line = GcCommandLine.parse(args);
            Settings settings = SettingsLoader.load(line.settings(), System.getenv());
            try (Registry registry = Registry.openForSweeping(SharedDatabase.config(settings));
                    Sweeper sweeper = new Sweeper(registry.leases(), BATCH, BATCHES, removed -> {});
                    GcSessions sessions = GcSessions.of(settings, registry)) {
                if (line.forgetApps()) {
                    out.println(GcApps.forgetOthers(settings, registry));
                } else if (line.reconcile()) {
                    out.println(sessions.reconcile(line.apply()));
                } else if (line.once()) {
                    out.println(run(sweeper, sessions));
                } else {
                    repeat(sweeper, sessions, line.every(), out);
                }
            }
        } catch (ConfigException e) {
            System.err.println("gateway gc: " + e.getMessage());
            System.exit(BAD_SETTINGS);
        } catch (RegistryException | IllegalStateException e) { // the latter of the XMPP server
            System.err.println("gateway gc: " + e.getMessage());
            System.exit(FAILED);
        }
    }

    private static String run(Sweeper sweeper, GcSessions sessions) {
        return "removed " + all(sweeper) + " expired leases" + sessions.sweep();
    }

    /** A run ends at its most batches, {@code --once} when nothing is left. */
    private static long all(Sweeper sweeper) {
        long all = 0;
        int removed;
        do {
            removed = sweeper.sweep();
            all += removed;
        } while (removed > 0);
        return all;
    }

    /** Until SIGTERM. A batch under way then is done or not done as a whole: it is one transaction. */
    private static void repeat(Sweeper sweeper, GcSessions sessions, Duration every, PrintStream out)
            throws InterruptedException {
        CountDownLatch stopping = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(stopping::countDown));
        out.println("ready");
        do {
            try {
                LOG.info("{}", run(sweeper, sessions));
            } catch (RegistryException | IllegalStateException e) {
                LOG.warn("a run failed, the next one tries again: {}", e.getMessage());
            }
        } while (!stopping.await(every.toMillis(), TimeUnit.MILLISECONDS));
    }
}
