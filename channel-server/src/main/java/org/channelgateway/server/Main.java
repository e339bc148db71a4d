package org.channelgateway.server;

import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.channelgateway.config.CommandLine;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Settings;
import org.channelgateway.config.SettingsLoader;
import org.jspecify.annotations.Nullable;

/** {@code ./gateway}: starts, says what to do next, and runs until SIGTERM, or until it must not go on. */
public final class Main {
    private static final int BAD_SETTINGS = 2;
    private static final int FAILED = 1;

    private Main() {}

    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (List.of(args).contains("--help")) {
            out.println(CommandLine.USAGE);
            return;
        }
        CompletableFuture<@Nullable Gateway> started = new CompletableFuture<>();
        AtomicReference<@Nullable Duration> limit = new AtomicReference<>();
        AtomicInteger status = new AtomicInteger();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started, limit, status)));
        try {
            Settings settings = SettingsLoader.load(CommandLine.parse(args), System.getenv());
            limit.set(settings.shutdown().limit());
            Gateway gateway = Gateway.start(settings, InstantSource.system(), System::nanoTime);
            started.complete(gateway);
            out.print(howTo(settings, gateway));
            out.println("ready " + gateway.uri());
        } catch (ConfigException e) {
            started.complete(null);
            System.err.println("gateway: " + e.getMessage());
            System.exit(BAD_SETTINGS);
        } catch (Throwable e) { // the hook waits for the outcome
            started.complete(null);
            System.err.println("gateway: did not start");
            e.printStackTrace();
            System.exit(FAILED);
        }
        Gateway gateway = started.join();
        if (gateway != null) {
            System.err.println("gateway: " + gateway.unfit().join());
            status.set(FAILED);
            System.exit(FAILED);
        }
    }

    /** On SIGTERM, the ordinary way to stop; also while it is still starting. */
    private static void stop(
            CompletableFuture<@Nullable Gateway> started,
            AtomicReference<@Nullable Duration> limit,
            AtomicInteger status) {
        Hurry.install(limit.get());
        Gateway gateway = started.join();
        if (gateway != null) {
            gateway.close();
            Runtime.getRuntime().halt(status.get());
        }
    }

    private static String howTo(Settings settings, Gateway gateway) {
        URI uri = gateway.uri();
        URI admin = gateway.admin();
        URI app = settings.http().app();
        StringBuilder text = new StringBuilder("\nChannel Gateway\n");
        if (app != null) {
            text.append(line("Application", uri + " (from " + app + ")"));
        }
        if (settings.apps().isEmpty()) {
            text.append(line("Demo page", app == null ? uri.toString() : uri + "_ah/channel/demo"));
            text.append("""
                      Send to it  curl -X POST -H "Authorization: Bearer $(cat '%s')" \\
                                       -H 'Content-Type: text/plain' --data-binary 'Hello' \\
                                       %sv1/channels/demo/messages
                    """.formatted(settings.data().resolve("demo.secret"), admin));
        } else {
            text.append(line("In a page", "<script src=\"" + uri + "_ah/channel/jsapi\"></script>"));
            text.append(
                    line("To create", "POST " + admin + "v1/channels with Authorization: Bearer <secret of the app>"));
        }
        if (!admin.equals(uri)) {
            text.append(line("Admin", admin + " (/v1, /healthz, /readyz, /metrics)"));
        }
        String xmpp = gateway.xmpp().getHostString() + ":" + gateway.xmpp().getPort();
        return text.append(line("XMPP", xmpp)).append('\n').toString();
    }

    private static String line(String name, String value) {
        return "  %-11s %s%n".formatted(name, value);
    }
}
