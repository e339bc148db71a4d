package org.channelgateway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.channelgateway.config.CommandLine;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.SettingsLoader;
import org.channelgateway.server.Gateway;
import org.jspecify.annotations.Nullable;

/** A gateway with everything embedded, in the JVM of the test. */
final class EmbeddedGateway implements GatewayFixture {
    private static final String SECRET = "secret-of-the-tests";

    private final Map<String, String> settings;
    private final MovableClock clock = new MovableClock();
    private final Path folder;
    private final URI uri;
    private final ChannelApi api;
    private @Nullable Gateway running;

    EmbeddedGateway(Map<String, String> settings, List<String> origins) {
        this.settings = Map.copyOf(settings);
        try {
            folder = Files.createTempDirectory("gateway-it-");
            Files.writeString(folder.resolve("gateway.yaml"), """
                    apps:
                      guestbook:
                        secret: %s
                        origins: [%s]
                    """.formatted(SECRET, String.join(", ", origins)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Gateway started = start(0);
        running = started;
        uri = started.uri();
        api = new ChannelApi(uri, SECRET);
    }

    private Gateway start(int port) {
        CommandLine line = new CommandLine(
                folder.resolve("gateway.yaml"),
                data(),
                new CommandLine.Address("127.0.0.1", port),
                new CommandLine.Address("127.0.0.1", 0));
        try {
            return Gateway.start(SettingsLoader.load(line, settings), clock, System::nanoTime);
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public ChannelApi api() {
        return api;
    }

    @Override
    public MovableClock clock() {
        return clock;
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
        running = start(uri.getPort());
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
