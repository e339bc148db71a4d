package org.channelgateway.it;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.awaitility.Awaitility;
import org.channelgateway.cluster.EjabberdProcess;
import org.channelgateway.fixture.PostgresServer;
import org.channelgateway.server.Census;
import org.channelgateway.server.Gateway;
import org.jspecify.annotations.Nullable;

/**
 * Two gateways on one ejabberd and one PostgreSQL: pages have the one, applications the other, so that all goes from one to the other.
 */
final class ClusterGateway implements GatewayFixture {
    private static final Object LOCK = new Object();
    private static @Nullable ClusterServers shared;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Clock clock = new Clock();
    private final ClusterServers servers;
    private final Runnable closing;
    private final GatewayFolder folder;
    private final URI uri;
    private final URI other;
    private final ChannelApi ofPagesApi;
    private final ChannelApi api;
    private final ChannelApi neighbour;
    private @Nullable Gateway ofPages;
    private @Nullable Gateway ofApplications;

    /** On the servers that all tests share, or with an ejabberd of its own when clients are to use TLS. */
    static ClusterGateway of(FixtureSettings settings) {
        if (!settings.overrides().containsKey(ClusterServers.CERTIFICATE)) {
            return new ClusterGateway(settings);
        }
        ClusterServers own = ClusterServers.encrypted(settings.overrides());
        return new ClusterGateway(settings, own, own::close);
    }

    /** On the servers that all tests share. */
    ClusterGateway(FixtureSettings settings) {
        this(settings, shared());
    }

    /** On servers that the test may stop. */
    ClusterGateway(FixtureSettings settings, ClusterServers servers) {
        this(settings, servers, () -> {});
    }

    /** @param closing what is left to do when it is closed */
    private ClusterGateway(FixtureSettings settings, ClusterServers servers, Runnable closing) {
        this.servers = servers;
        this.closing = closing;
        folder = new GatewayFolder(settings, servers.settings());
        Gateway first = start("pages", 0);
        Gateway second = start("applications", 0);
        ofPages = first;
        ofApplications = second;
        uri = first.uri();
        other = second.uri();
        ofPagesApi = folder.api(first, "pages");
        api = folder.api(second, "applications");
        neighbour = folder.neighbour(second);
        awaitReady();
    }

    /** One for all the tests of this JVM: an ejabberd takes seconds to start. */
    private static ClusterServers shared() {
        synchronized (LOCK) {
            ClusterServers started = shared;
            if (started == null) {
                started = new ClusterServers(PostgresServer.shared());
                Runtime.getRuntime().addShutdownHook(new Thread(started::close));
                shared = started;
            }
            return started;
        }
    }

    private Gateway start(String name, int port) {
        return folder.start(name, port, 0, InstantSource.system());
    }

    private void awaitReady() {
        Awaitility.await().until(() -> isReady(uri) && isReady(other));
    }

    private static boolean isReady(URI gateway) {
        return ChannelApi.send(
                                ChannelApi.client(),
                                HttpRequest.newBuilder(gateway.resolve("readyz"))
                                        .build())
                        .statusCode()
                == 200;
    }

    /** Where the gateway of the applications serves HTTP. */
    URI other() {
        return other;
    }

    EjabberdProcess ejabberd() {
        return servers.ejabberd();
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public List<URI> all() {
        return List.of(uri, other);
    }

    @Override
    public InetSocketAddress xmpp() {
        return ejabberd().c2s();
    }

    @Override
    public ChannelApi api() {
        return api;
    }

    @Override
    public ChannelApi neighbour() {
        return neighbour;
    }

    /** The database's: each gateway asks for it every few seconds. */
    @Override
    public MovableClock clock() {
        return clock;
    }

    private final class Clock implements MovableClock {
        @Override
        public Instant instant() {
            return servers.time().instant();
        }

        @Override
        public void advance(Duration duration) {
            Instant then = instant().plus(duration);
            servers.time().advance(duration);
            if (ofPages != null) {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> then.isBefore(ofPagesApi.time()) && then.isBefore(api.time()));
            }
        }

        @Override
        public Duration error() {
            return servers.time().error();
        }
    }

    @Override
    public int rows(String table) {
        return servers.rows(table);
    }

    @Override
    public void sweep() {
        String unused = GcProcess.run(config(), "--once");
    }

    /** The settings of the gateways. */
    Path config() {
        return folder.config();
    }

    @Override
    public Census census() {
        return Census.NOBODY;
    }

    @Override
    public Path data() {
        return folder.data("pages");
    }

    @Override
    public void stop() {
        if (ofPages != null) {
            ofPages.close();
            ofPages = null;
        }
        if (ofApplications != null) {
            ofApplications.close();
            ofApplications = null;
        }
    }

    @Override
    public void restart() {
        stop();
        ofPages = start("pages", uri.getPort());
        ofApplications = start("applications", other.getPort());
        awaitReady();
    }

    @Override
    public void close() {
        stop();
        folder.close();
        closing.run();
    }
}
