package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.it.WireClient.Transport;
import org.channelgateway.server.Census;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nothing is left of channels whose time is up. */
final class ExpiryIT {
    private static final int LEASES = 5000;
    private static final int KEYS = 50;
    private static final int THREADS = 16;
    /** So many of the leases are used over TCP, the others by long polls. */
    private static final int STREAMS = 100;

    private static final int APPS = 2;
    private static final int WARM_UP_ROUNDS = 2;
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

    /** The first rounds load classes and fill caches and pools: they are not measured. */
    @Test
    void leavesNoRowNoSessionAndNoMemoryOfFiveThousandChannels() throws Exception {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            comeAndGo();
        }
        long before = heap();

        comeAndGo();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(heap() - before)
                        .as("bytes of heap that a round of %d leases left", LEASES)
                        .isLessThanOrEqualTo(HEAP_SLACK_BYTES));
    }

    @Test
    void sweepsWhatExpiredWhileItWasStoppedAndStillSaysTimedOut() {
        String token = gateway.api().create("swept", 1).token();
        gateway.stop();
        gateway.clock().advance(Duration.ofMinutes(1));

        gateway.restart();

        await().atMost(PATIENCE).until(() -> gateway.rows("leases") == 0);
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

    /** Leases are created and connected, all expire, each session says so, and nothing of them is left. */
    private static void comeAndGo() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<HeldPoll> polls =
                    connectAll(threads, LEASES - STREAMS, (at, lease) -> new HeldPoll(at.uri(), lease.token()));
            List<WireClient> streams = connectAll(threads, STREAMS, Transport.TCP::connected);
            assertThat(gateway.rows("leases")).isEqualTo(LEASES);
            assertThat(gateway.census().subscribers()).isEqualTo(LEASES);

            gateway.clock().advance(Duration.ofMinutes(1));

            for (HeldPoll poll : polls) {
                assertThat(poll.answer()).contains("type='terminate'", "Token+timed+out.");
                poll.close();
            }
            for (WireClient stream : streams) {
                assertThat(WireClient.find(stream.end(), "text").get(0).getTextContent())
                        .isEqualTo("Token+timed+out.");
            }
        } finally {
            threads.shutdownNow();
        }
        gateway.sweep();
        nothingIsLeft();
    }

    private static void nothingIsLeft() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(gateway.census()).isEqualTo(Census.NOBODY));
        assertThat(gateway.rows("leases")).isZero();
        assertThat(gateway.rows("accounts")).as("accounts of applications").isEqualTo(APPS);
        for (int i = 0; i < KEYS; i++) {
            assertThat(gateway.api().subscribers(key(i))).isEmpty();
            assertThat(gateway.api().send(key(i), "to nobody")).isZero();
        }
    }

    /** Makes a client of a new lease. */
    private interface Connect<T> {
        T connect(GatewayFixture gateway, Created lease) throws IOException;
    }

    private static <T> List<T> connectAll(ExecutorService threads, int count, Connect<T> connect) throws Exception {
        List<Callable<T>> tasks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String key = key(i);
            tasks.add(() -> connect.connect(gateway, gateway.api().create(key, 1)));
        }
        List<T> connected = new ArrayList<>(count);
        for (Future<T> client : threads.invokeAll(tasks)) {
            connected.add(client.get());
        }
        return connected;
    }

    /** What is in use after a collection; the second one takes what the first one let cleaners run for. */
    private static long heap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
