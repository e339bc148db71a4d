package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** When the application is told that sessions are over: to the millisecond, of a gateway whose clock stands still. */
@SuppressWarnings("try") // an open page is there to be open
final class CallbackTimesIT {
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final String SECRET = "secret-of-the-tests";

    private static CallbackApp app;
    private static GatewayFixture gateway;

    private final String key = "times/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        app = new CallbackApp(SECRET);
        gateway = GatewayFixture.start(FixtureSettings.withoutPages()
                .with("CHANNEL_APPS_GUESTBOOK_CALLBACK", app.uri().toString())
                .with("CHANNEL_CALLBACKS_ATONCE", "4"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        app.close();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30));
    }

    private HeldPoll open() throws IOException {
        return open(key);
    }

    private static HeldPoll open(String channel) throws IOException {
        return new HeldPoll(gateway.uri(), gateway.api().token(channel));
    }

    private void heard(String... kinds) {
        soon().untilAsserted(() -> assertThat(app.of(key)).containsExactly(kinds));
    }

    private static void pass(Duration time) {
        gateway.clock().advance(time);
    }

    @Test
    void tellsNothingOfReloads() throws IOException {
        HeldPoll page = open();
        for (int i = 0; i < 20; i++) {
            page.leave(gateway.api(), key);
            page.close();
            pass(GRACE.minusMillis(1));
            page = open();
        }
        page.leave(gateway.api(), key);
        page.close();
        pass(GRACE);
        heard("connected", "disconnected");
    }

    @Test
    void tellsAfterARestartOfSessionsThatDoNotComeBackAndNotOfThoseThatDo() throws IOException {
        String back = key + "/back";
        try (HeldPoll lost = open();
                HeldPoll returning = open(back)) {
            heard("connected");
            soon().until(() -> app.of(back).equals(List.of("connected")));
            gateway.restart();
        }
        try (HeldPoll returned = open(back)) {
            pass(Duration.ofSeconds(149));
            assertThat(app.of(key)).containsExactly("connected");
            pass(Duration.ofSeconds(1));
            heard("connected", "disconnected");
            assertThat(app.of(back)).containsExactly("connected");
            returned.leave(gateway.api(), back);
        }
        pass(GRACE);
        soon().until(() -> app.of(back).equals(List.of("connected", "disconnected")));
    }

    @Test
    void tellsOfTwoThousandSessionsThatComeAndGoAtOnce() throws Exception {
        int sessions = 2000;
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            keys.add(key + "/" + i);
        }
        int others = gateway.census().subscribers();
        List<HeldPoll> pages = atOnce(keys, CallbackTimesIT::open);
        assertThat(gateway.census().subscribers()).isGreaterThanOrEqualTo(sessions);
        List<Boolean> unused = atOnce(pages, page -> {
            page.leave();
            page.close();
            return true;
        });
        soon().until(() -> gateway.census().subscribers() <= others);
        pass(GRACE);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> app.heard().stream()
                                .filter(one -> one.channel().startsWith(key))
                                .count()
                        == 2L * sessions);
        assertThat(keys).allMatch(one -> app.of(one).equals(List.of("connected", "disconnected")));
    }

    private interface Work<T, R> {
        R run(T item) throws IOException;
    }

    /** Does the work for all, many at once; returns what it returned, in order. */
    private static <T, R> List<R> atOnce(List<T> items, Work<T, R> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try {
            List<Future<R>> futures = new ArrayList<>();
            for (T item : items) {
                futures.add(threads.submit(() -> work.run(item)));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> future : futures) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
