package org.channelgateway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.channelgateway.LeakWatch;
import org.channelgateway.config.CommandLine;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.SettingsLoader;
import org.channelgateway.server.Gateway;

/** The settings and the data of gateways in the JVM of a test, and their start. */
final class GatewayFolder implements AutoCloseable {
    private static final String SECRET = "secret-of-the-tests";
    private static final String NEIGHBOUR_SECRET = "another-" + SECRET;

    private final FixtureSettings settings;
    private final Path folder;

    /** @param more settings besides the apps, as YAML */
    GatewayFolder(FixtureSettings settings, String more) {
        this.settings = settings;
        try {
            folder = Files.createTempDirectory("gateway-it-");
            Files.writeString(folder.resolve("gateway.yaml"), (settings.demo() ? "apps: {}\n" : apps()) + more);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LeakWatch.secret(SECRET);
    }

    private String apps() {
        return """
                apps:
                  guestbook:
                    secret: %s
                    origins: [%s]
                  neighbour:
                    secret: %s
                    origins: [%s]
                """.formatted(
                        SECRET,
                        String.join(", ", settings.origins()),
                        NEIGHBOUR_SECRET,
                        String.join(", ", settings.neighbourOrigins()));
    }

    /** Starts one; stopping it is fast, unless a test wants it otherwise. */
    Gateway start(String name, int port, int xmppPort, InstantSource clock) {
        CommandLine line = new CommandLine(
                config(),
                data(name),
                new CommandLine.Address("127.0.0.1", port),
                new CommandLine.Address("127.0.0.1", xmppPort));
        Map<String, String> environment = new HashMap<>(settings.overrides());
        environment.putIfAbsent("CHANNEL_SHUTDOWN_SPREAD", "0s");
        try {
            return Gateway.start(SettingsLoader.load(line, environment), clock, System::nanoTime);
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The file of their settings. */
    Path config() {
        return folder.resolve("gateway.yaml");
    }

    Path data(String name) {
        return folder.resolve(name);
    }

    /** The API of the tests' app at a gateway that has started. */
    ChannelApi api(Gateway gateway, String name) {
        if (!settings.demo()) {
            return new ChannelApi(gateway.admin(), SECRET);
        }
        try {
            String secret = Files.readString(data(name).resolve("demo.secret")).strip();
            LeakWatch.secret(secret);
            return new ChannelApi(gateway.admin(), secret);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ChannelApi neighbour(Gateway gateway) {
        return new ChannelApi(gateway.admin(), NEIGHBOUR_SECRET);
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
