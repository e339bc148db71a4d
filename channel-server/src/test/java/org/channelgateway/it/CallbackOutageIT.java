package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Applications that are gone, hang, or answer without end; each with a gateway of its own. */
@SuppressWarnings("try") // an open page is there to be open
final class CallbackOutageIT {
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final String SECRET = "secret-of-the-tests";

    private final String key = "outage/" + UUID.randomUUID();
    private final CountDownLatch over = new CountDownLatch(1);
    private @Nullable GatewayFixture started;
    private CallbackApp app = new CallbackApp(SECRET);

    @AfterEach
    void stop() {
        over.countDown();
        if (started != null) {
            started.close();
        }
        app.close();
    }

    private FixtureSettings settings() {
        return FixtureSettings.withoutPages()
                .with("CHANNEL_APPS_GUESTBOOK_CALLBACK", app.uri().toString());
    }

    private GatewayFixture start(FixtureSettings settings) {
        GatewayFixture gateway = GatewayFixture.start(settings);
        started = gateway;
        return gateway;
    }

    private HeldPoll open(GatewayFixture gateway) throws IOException {
        return new HeldPoll(gateway.uri(), gateway.api().token(key));
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60));
    }

    private void heard(String... kinds) {
        soon().untilAsserted(() -> assertThat(app.of(key)).containsExactly(kinds));
    }

    private void hang() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void tellsEverythingInOrderAfterTheApplicationWasDownForAMinute() throws IOException {
        GatewayFixture gateway = start(settings());
        int port = app.uri().getPort();
        app.close();
        for (int i = 0; i < 3; i++) {
            try (HeldPoll page = open(gateway)) {
                page.leave(gateway.api(), key);
            }
            gateway.clock().advance(Duration.ofSeconds(20));
        }
        Metrics.until(gateway, "gateway_callback_attempts_total{result=\"repeated\"}", is -> is > 0);
        app = new CallbackApp(SECRET, port);
        soon().until(() -> {
            gateway.clock().advance(Duration.ofSeconds(20));
            return app.of(key).size() == 6;
        });
        heard("connected", "disconnected", "connected", "disconnected", "connected", "disconnected");
    }

    @Test
    void triesAgainWhenAnAttemptTookTooLongAndKeepsTheOrder() throws IOException {
        GatewayFixture gateway = start(settings().with("CHANNEL_CALLBACKS_TIMEOUT", "1s"));
        app.answer(one -> {
            if (one.attempt() == 1) {
                hang();
            }
            return 200;
        });
        try (HeldPoll page = open(gateway)) {
            page.leave(gateway.api(), key);
        }
        heard("connected");
        soon().until(() -> {
            gateway.clock().advance(Duration.ofSeconds(2));
            return app.of(key).size() == 4;
        });
        heard("connected", "connected", "disconnected", "disconnected");
    }

    @Test
    void postsAgainAfterAStopWhatTheApplicationHadNotAnswered() throws IOException {
        GatewayFixture gateway = start(settings());
        app.answer(one -> {
            if (one.attempt() == 1) {
                hang();
            }
            return 200;
        });
        try (HeldPoll page = open(gateway)) {
            heard("connected");
            gateway.restart();
            soon().until(() -> {
                gateway.clock().advance(Duration.ofSeconds(10));
                return app.of(key).size() == 2;
            });
            heard("connected", "connected");
        }
        assertThat(app.heard())
                .extracting(CallbackApp.Heard::task)
                .containsOnly(app.heard().get(0).task());
    }

    @Test
    void readsNoMoreOfAnAnswerThanItNeeds() throws IOException {
        GatewayFixture gateway = start(settings());
        app.answerBy((one, exchange) -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(new byte[8192]);
            }
        });
        try (HeldPoll page = open(gateway)) {
            page.leave(gateway.api(), key);
        }
        gateway.clock().advance(GRACE);
        heard("connected", "disconnected");
    }

    @Test
    void tellsWhatPagesSendAndNotWhoComesWhenThatIsAllTheApplicationWants() throws IOException {
        GatewayFixture gateway = start(settings().with("CHANNEL_APPS_GUESTBOOK_PRESENCE", "false"));
        String token = gateway.api().token(key);
        try (HeldPoll page = new HeldPoll(gateway.uri(), token)) {
            page.leave(gateway.api(), key);
        }
        gateway.clock().advance(GRACE);
        int status = ChannelApi.send(
                        ChannelApi.client(),
                        HttpRequest.newBuilder(gateway.uri().resolve("_ah/channel/receive"))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("key=" + token + "&msg=hello"))
                                .build())
                .statusCode();
        assertThat(status).isEqualTo(204);
        heard("receive");
    }

    @Test
    void countsWhatItHasGivenUp() throws IOException {
        GatewayFixture gateway = start(settings().with("CHANNEL_CALLBACKS_ATTEMPTS", "2"));
        app.answer(one -> 503);
        try (HeldPoll page = open(gateway)) {
            soon().until(() -> {
                gateway.clock().advance(Duration.ofSeconds(2));
                return Metrics.of(gateway).value("gateway_callbacks{state=\"failed\"}") == 1;
            });
        }
        assertThat(Metrics.sum(gateway, "gateway_callback_attempts_total{result=\"failed\"}"))
                .isEqualTo(1);
    }

    @Test
    void letsSessionsInThatItCannotTellOfWhenTooMuchWaits() throws IOException {
        GatewayFixture gateway = start(settings().with("CHANNEL_LIMITS_CALLBACKSPERAPP", "2"));
        app.answer(one -> {
            hang();
            return 200;
        });
        try (HeldPoll first = open(gateway);
                HeldPoll second = open(gateway);
                HeldPoll untold = open(gateway)) {
            Metrics.until(gateway, "gateway_callback_drops_total", is -> is == 1);
            assertThat(gateway.api().send(key, "all the same")).isEqualTo(3);
            assertThat(untold.answer()).contains("all the same");
            untold.leave();
        }
    }
}
