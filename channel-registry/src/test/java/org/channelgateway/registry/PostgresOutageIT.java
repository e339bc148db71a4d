package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.channelgateway.fixture.PostgresServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that goes away, that hangs, and that comes back. */
final class PostgresOutageIT {
    private static final ChannelKey KEY = ChannelKey.of("k");
    private static final int CALLERS = 16;
    private static final int CALLS = 50;
    private static final int CONNECTIONS = 4;
    /** Two seconds and a slow machine. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private PostgresServer server;
    private String database;
    private Registry registry;

    @BeforeEach
    void open() {
        server = new PostgresServer();
        String url = server.newDatabase();
        database = url.substring(url.lastIndexOf('/') + 1);
        DatabaseConfig config =
                new DatabaseConfig(url, PostgresServer.USER, PostgresServer.PASSWORD, CONNECTIONS, true);
        registry = Registry.openShared(
                new RegistryConfig(Path.of("unused"), config, LeaseLimits.NONE, CallbackLimits.NONE));
    }

    @AfterEach
    void close() {
        registry.close();
        server.close();
    }

    private IssuedLease create() {
        return registry.leases().create("app", KEY, Duration.ofMinutes(1));
    }

    /** Each soon: who waits for it has a client that waits. */
    private void everyCallFails() throws Exception {
        List<Duration> longest = Together.run(CALLERS, () -> {
            Duration creating = failing(this::create);
            Duration reading = failing(() -> registry.sessions().of("app", KEY));
            return creating.compareTo(reading) > 0 ? creating : reading;
        });
        assertThat(longest).hasSize(CALLERS).allSatisfy(time -> assertThat(time).isLessThan(SOON));
    }

    /** How long it takes. */
    private static Duration failing(ThrowingCallable call) {
        long start = System.nanoTime();
        assertThatThrownBy(call).isInstanceOf(RegistryException.class);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void comesBackWith(IssuedLease before) {
        await().ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(registry.leases().find(before.token())).contains(before.lease()));
        assertThat(registry.leases().find(create().token())).isPresent();
    }

    @Test
    void failsWhileItIsAwayAndGoesOnByItself() throws Exception {
        IssuedLease before = create();
        server.stop();
        everyCallFails();
        server.start();
        comesBackWith(before);
    }

    @Test
    void failsWhileItHangsAndGoesOnByItself() throws Exception {
        IssuedLease before = create();
        server.hang();
        everyCallFails();
        server.goOn();
        comesBackWith(before);
    }

    /** Those that a gateway has, as the server knows them. */
    private int connections() {
        return server.count(
                database,
                "pg_stat_activity WHERE datname = current_database() AND application_name = 'channel-gateway'");
    }

    /** The most that there were at once, each caller looks in between. */
    private int mostConnections() throws Exception {
        List<Integer> most = Together.run(CALLERS, () -> {
            int seen = 0;
            for (int i = 0; i < CALLS; i++) {
                IssuedLease made = create();
                assertThat(registry.leases().find(made.token())).isPresent();
                seen = i % 10 == 0 ? Math.max(seen, connections()) : seen;
            }
            return seen;
        });
        return Collections.max(most);
    }

    @Test
    void hasNoMoreConnectionsThanItMayUnderLoadNorAfterAnOutage() throws Exception {
        IssuedLease before = create();
        assertThat(mostConnections()).isBetween(2, CONNECTIONS);

        server.hang();
        everyCallFails();
        server.goOn();
        comesBackWith(before);

        await().until(() -> connections() <= CONNECTIONS); // it notices now that the others were given up
        assertThat(mostConnections()).isBetween(2, CONNECTIONS);
    }
}
