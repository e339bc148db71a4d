package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.channelgateway.gc.Sweeper;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.RegistryConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nothing is left of channels whose time is up. */
final class ExpiryIT {
    private static final int LEASES = 5000;
    private static final int KEYS = 50;
    private static final int THREADS = 16;
    private static final int MOST_ROUNDS = 5;
    private static final long HEAP_SLACK_BYTES = 2L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** The first rounds fill caches and load classes; after them a round must leave the heap as it was. */
    @Test
    void leavesNoRowNoSessionAndNoMemoryOfFiveThousandChannels() throws Exception {
        List<Long> heaps = new ArrayList<>(List.of(heap()));
        do {
            comeAndGo();
            sweep();

            assertThat(leases()).isZero();
            for (int i = 0; i < KEYS; i++) {
                assertThat(gateway.api().subscribers(key(i))).isEmpty();
            }
            heaps.add(heap());
            assertThat(heaps).as("bytes of heap after each round").hasSizeLessThanOrEqualTo(MOST_ROUNDS);
        } while (heaps.get(heaps.size() - 1) > heaps.get(heaps.size() - 2) + HEAP_SLACK_BYTES);
    }

    @Test
    void sweepsWhatExpiredWhileItWasStoppedAndStillSaysTimedOut() throws SQLException {
        String token = gateway.api().create("swept", 1).token();
        gateway.stop();
        gateway.clock().advance(Duration.ofMinutes(1));

        gateway.restart();

        await().atMost(PATIENCE).until(() -> leases() == 0);
        HttpRequest connect = HttpRequest.newBuilder(gateway.uri().resolve("_ah/channel/connect"))
                .POST(HttpRequest.BodyPublishers.ofString(token))
                .build();
        HttpResponse<String> answer = ChannelApi.send(ChannelApi.client(), connect);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).isEqualTo("{\"code\":401,\"description\":\"Token+timed+out.\"}");
    }

    private static String key(int i) {
        return "expiry/" + i % KEYS;
    }

    /** Leases are created and connected, all expire, and each session says so. */
    private static void comeAndGo() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<HeldPoll> polls = new ArrayList<>(LEASES);
        try {
            List<Callable<HeldPoll>> creations = new ArrayList<>(LEASES);
            for (int i = 0; i < LEASES; i++) {
                String key = key(i);
                creations.add(() ->
                        new HeldPoll(gateway.uri(), gateway.api().create(key, 1).token()));
            }
            for (Future<HeldPoll> poll : threads.invokeAll(creations)) {
                polls.add(poll.get());
            }
            for (int i = 0; i < KEYS; i++) {
                assertThat(gateway.api().subscribers(key(i))).hasValue(LEASES / KEYS);
            }
            assertThat(leases()).isEqualTo(LEASES);
            gateway.clock().advance(Duration.ofMinutes(1));
            for (HeldPoll poll : polls) {
                assertThat(poll.answer()).contains("type='terminate'", "Token+timed+out.");
            }
            for (int i = 0; i < KEYS; i++) {
                assertThat(gateway.api().send(key(i), "to nobody")).isZero();
            }
        } finally {
            threads.shutdownNow();
            for (HeldPoll poll : polls) {
                poll.close();
            }
        }
    }

    /** Removes expired leases as the daemon does that cleans up a registry from outside. */
    private static void sweep() {
        try (Registry registry = Registry.open(new RegistryConfig(gateway.data()), gateway.clock())) {
            new Sweeper(registry.leases(), 500, 200, removed -> {}).sweep();
        }
    }

    private static int leases() throws SQLException {
        String url = "jdbc:h2:file:" + gateway.data().resolve("registry") + ";IFEXISTS=TRUE";
        try (Connection connection = DriverManager.getConnection(url, "sa", "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM leases")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** What is in use after a collection; the second one takes what the first one let cleaners run for. */
    private static long heap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
