package org.channelgateway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.channelgateway.LeakWatch;
import org.channelgateway.config.CommandLine;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.SettingsLoader;
import org.channelgateway.server.Census;
import org.channelgateway.server.Gateway;
import org.jspecify.annotations.Nullable;

/** A gateway with everything embedded, in the JVM of the test. */
final class EmbeddedGateway implements GatewayFixture {
    private static final String SECRET = "secret-of-the-tests";

    private final FixtureSettings settings;
    private final MovableClock clock = new MovableClock();
    private final Path folder;
    private final URI uri;
    private final InetSocketAddress xmpp;
    private final ChannelApi api;
    private final ChannelApi neighbour;
    private @Nullable Gateway running;

    EmbeddedGateway(FixtureSettings settings) {
        this.settings = settings;
        try {
            folder = Files.createTempDirectory("gateway-it-");
            Files.writeString(folder.resolve("gateway.yaml"), settings.demo() ? "apps: {}" : apps());
            Gateway started = start(0, 0);
            running = started;
            uri = started.uri();
            xmpp = started.xmpp();
            String secret = settings.demo()
                    ? Files.readString(data().resolve("demo.secret")).strip()
                    : SECRET;
            LeakWatch.secret(secret);
            api = new ChannelApi(started.admin(), secret);
            neighbour = new ChannelApi(started.admin(), "another-" + SECRET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String apps() {
        return """
                apps:
                  guestbook:
                    secret: %s
                    origins: [%s]
                  neighbour:
                    secret: another-%s
                    origins: [%s]
                """.formatted(
                SECRET, String.join(", ", settings.origins()), SECRET, String.join(", ", settings.neighbourOrigins()));
    }

    private Gateway start(int port, int xmppPort) {
        CommandLine line = new CommandLine(
                folder.resolve("gateway.yaml"),
                data(),
                new CommandLine.Address("127.0.0.1", port),
                new CommandLine.Address("127.0.0.1", xmppPort));
        try {
            return Gateway.start(SettingsLoader.load(line, environment()), clock, System::nanoTime);
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stopping is fast, unless a test wants it otherwise. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(settings.overrides());
        environment.putIfAbsent("CHANNEL_SHUTDOWN_SPREAD", "0s");
        return environment;
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public InetSocketAddress xmpp() {
        return xmpp;
    }

    @Override
    public ChannelApi api() {
        return api;
    }

    @Override
    public ChannelApi neighbour() {
        return neighbour;
    }

    @Override
    public MovableClock clock() {
        return clock;
    }

    @Override
    public Census census() {
        return running == null ? Census.NOBODY : running.census();
    }

    @Override
    public Path data() {
        return folder.resolve("data");
    }

    @Override
    public void stop() {
        if (running != null) {
            running.close();
            running = null;
        }
    }

    @Override
    public void restart() {
        stop();
        running = start(uri.getPort(), xmpp.getPort());
    }

    @Override
    public void close() {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
