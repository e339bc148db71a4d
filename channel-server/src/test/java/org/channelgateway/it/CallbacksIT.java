package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an application is told of its sessions, and when. */
@SuppressWarnings("try") // an open page is there to be open
final class CallbacksIT {
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final String SECRET = "secret-of-the-tests";

    private static CallbackApp app;
    private static CallbackApp neighbour;
    private static GatewayFixture gateway;

    private final String key = "presence/" + UUID.randomUUID();
    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeAll
    static void start() {
        app = new CallbackApp(SECRET);
        neighbour = new CallbackApp("another-" + SECRET);
        gateway = GatewayFixture.start(FixtureSettings.withoutPages()
                .with("CHANNEL_APPS_GUESTBOOK_CALLBACK", app.uri().toString())
                .with("CHANNEL_APPS_NEIGHBOUR_CALLBACK", neighbour.uri() + "/below/")
                .with("CHANNEL_CALLBACKS_ATONCE", "4")
                .with("CHANNEL_CALLBACKS_ATTEMPTS", "4"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        app.close();
        neighbour.close();
    }

    @AfterEach
    void letHangingOnesGo() {
        over.countDown();
        app.answer(one -> 200);
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

    private CallbackApp.Heard hang() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return app.heard().get(0);
    }

    @Test
    void tellsAnApplicationThatASessionCanReceiveAndThatItIsOver() throws IOException {
        try (HeldPoll page = open()) {
            heard("connected");
            page.leave(gateway.api(), key);
            pass(GRACE);
            heard("connected", "disconnected");
        }
        assertThat(app.heard().stream().filter(one -> one.channel().equals(key)))
                .allMatch(CallbackApp.Heard::isSigned)
                .extracting(CallbackApp.Heard::path)
                .containsExactly("/_ah/channel/connected/", "/_ah/channel/disconnected/");
    }

    @Test
    void namesTheChannelExactlyAsItWasCreated() throws IOException {
        String odd = "a/b@C~d \r\n--+++\r\né😀&=+% " + UUID.randomUUID();
        try (HeldPoll page = open(odd)) {
            soon().until(() -> app.of(odd).equals(List.of("connected")));
        }
    }

    @Test
    void tellsEachApplicationOfItsOwnSessionsBelowItsOwnAddress() throws IOException {
        try (HeldPoll page = new HeldPoll(gateway.uri(), gateway.neighbour().token(key))) {
            soon().until(() -> neighbour.heard().stream()
                    .anyMatch(one -> one.channel().equals(key)
                            && one.path().equals("/below/_ah/channel/connected/")
                            && one.isSigned()));
        }
        assertThat(app.of(key)).isEmpty();
    }

    @Test
    void deliversWhatTheApplicationSendsWhileItIsToldThatASessionCanReceive() throws IOException {
        AtomicInteger receivers = new AtomicInteger();
        app.answer(one -> {
            if (one.channel().equals(key)) {
                receivers.set(gateway.api().send(key, "what you missed"));
            }
            return 200;
        });
        try (HeldPoll page = open()) {
            assertThat(page.answer()).contains("what you missed");
        }
        soon().untilAtomic(receivers, equalTo(1));
    }

    @Test
    void tellsThatASessionCameFirstAlsoWhenItWasGoneAtOnce() throws IOException {
        for (int i = 0; i < 10; i++) {
            try (HeldPoll page = open()) {
                page.leave(gateway.api(), key);
            }
            pass(GRACE.plusMillis(1)); // the next one comes later than this one is told
        }
        soon().until(() -> app.of(key).size() == 20);
        for (int i = 0; i < 20; i++) {
            assertThat(app.of(key).get(i)).isEqualTo(i % 2 == 0 ? "connected" : "disconnected");
        }
    }

    @Test
    void repeatsWhatTheApplicationFailedToTakeAndKeepsTheOrderOfTheChannel() throws IOException {
        app.answer(one ->
                one.channel().equals(key) && one.attempt() <= 3 && one.kind().equals("connected") ? 500 : 200);
        try (HeldPoll page = open()) {
            page.leave(gateway.api(), key);
        }
        soon().until(() -> {
            pass(Duration.ofSeconds(2));
            return app.of(key).size() == 5;
        });
        heard("connected", "connected", "connected", "connected", "disconnected");
        assertThat(app.heard().stream()
                        .filter(one -> one.channel().equals(key) && one.kind().equals("connected"))
                        .map(CallbackApp.Heard::task)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void delaysNeitherMessagesNorOtherChannelsNorOtherApplicationsWhenOneHangs() throws IOException {
        app.answer(one -> one.channel().equals(key) ? hang().attempt() : 200);
        String other = key + "/other";
        try (HeldPoll hanging = open();
                HeldPoll fine = open(other);
                HeldPoll next = new HeldPoll(gateway.uri(), gateway.neighbour().token(key))) {
            soon().until(() -> app.of(other).equals(List.of("connected")));
            soon().until(() -> neighbour.heard().stream()
                    .anyMatch(one -> one.channel().equals(key) && one.kind().equals("connected")));
            assertThat(gateway.api().send(key, "all the same")).isEqualTo(1);
            assertThat(hanging.answer()).contains("all the same");
        }
    }
}
