package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.channelgateway.cluster.EjabberdConfig;
import org.channelgateway.cluster.EjabberdProcess;
import org.channelgateway.config.ConfigException;
import org.channelgateway.fixture.PostgresServer;
import org.channelgateway.server.Gateway;
import org.junit.jupiter.api.Test;

/** A gateway before an ejabberd at which an account can become any other. */
final class UnsafeEjabberdIT {
    private static final Duration START = Duration.ofMinutes(2); // on a slow machine

    /** As ARCHITECTURE.md names them, and Jetty's and the pool's. */
    private static final Predicate<String> OF_A_GATEWAY = Pattern.compile(
                    "(work|component|timer|sweeper|service|presence|upstream|sessions|comparing|session-count|"
                            + "database-clock|callbacks|probe|ops|qtp|http|registry).*")
            .asMatchPredicate();

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void doesNotStartAndLeavesNothingRunning() throws IOException {
        try (ClusterServers servers = new ClusterServers(
                        PostgresServer.shared(), config -> new EjabberdProcess(config.offeringPlain()));
                GatewayFolder folder = new GatewayFolder(FixtureSettings.withoutPages(), servers.settings())) {
            Set<Thread> before = threads();
            int port = freePort();

            assertThatThrownBy(() -> folder.start("gateway", port, 0, InstantSource.system()))
                    .cause()
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("ejabberd at 127.0.0.1:"
                            + servers.ejabberd().insideC2s().getPort())
                    .hasMessageContaining("adm-gateway became")
                    .hasMessageContaining("disable_sasl_mechanisms: [plain, digest-md5, x-oauth2]")
                    .hasMessageNotContaining(ClusterServers.ADMIN_SECRET);

            await().untilAsserted(() -> assertThat(threads())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    .noneMatch(OF_A_GATEWAY));
            await().until(() -> servers.rows("pg_stat_activity WHERE datname = current_database()"
                            + " AND application_name = 'channel-gateway'")
                    == 0);
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        }
    }

    @Test
    void doesNotGoOnWhenANodeIsThatWasDownAtItsStart() {
        AtomicReference<EjabberdConfig> safe = new AtomicReference<>();
        try (ClusterServers servers = new ClusterServers(PostgresServer.shared(), config -> {
                    safe.set(config);
                    return new EjabberdProcess(config);
                });
                EjabberdProcess other = new EjabberdProcess(
                        Objects.requireNonNull(safe.get()).withOtherPorts().offeringPlain())) {
            other.stop();
            String settings = servers.settings() + ClusterServers.node("two", other);
            try (GatewayFolder folder = new GatewayFolder(FixtureSettings.withoutPages(), settings);
                    Gateway gateway = folder.start("gateway", 0, 0, InstantSource.system())) {
                assertThat(gateway.unfit()).isNotDone();

                other.start();

                assertThat(gateway.unfit())
                        .succeedsWithin(START)
                        .asString()
                        .contains("ejabberd at 127.0.0.1:" + other.insideC2s().getPort())
                        .contains("disable_sasl_mechanisms: [plain, digest-md5, x-oauth2]");
            }
        }
    }
}
