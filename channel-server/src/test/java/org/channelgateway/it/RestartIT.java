package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A gateway that is stopped and started again on the same data and port. */
@ExtendWith(Browser.Shared.class)
final class RestartIT {
    private static final Duration RECONNECTED = Duration.ofSeconds(30);

    private static Browser browser;
    private static PageServer pages;
    private static GatewayFixture gateway;

    private final String key = "restart/" + UUID.randomUUID();

    /** A short wait: a poll that a stopping gateway took and never answered is missed only when its time is over. */
    @BeforeAll
    static void start(Browser shared) {
        browser = shared;
        pages = new PageServer();
        gateway = GatewayFixture.start(FixtureSettings.pagesOf(pages).with("CHANNEL_BOSH_WAIT", "3s"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        pages.close();
    }

    @AfterEach
    void closePages() {
        browser.closePages();
    }

    private void awaitSubscribers(int count) {
        await().atMost(RECONNECTED).until(() -> gateway.api().subscribers(key).orElse(0) == count);
    }

    private PageSocket open(String token) {
        return browser.open(pages.page(gateway.uri())).open(token);
    }

    @Test
    void pagesConnectAgainByThemselvesAndGetWhatIsSentAfterwards() {
        PageSocket first = open(gateway.api().token(key)).awaitOpen();
        PageSocket second = open(gateway.api().token(key)).awaitOpen();
        try (Sender application = Way.CLIENT.open(gateway)) {
            assertThat(application.send(key, "before")).isEqualTo(2);
            first.awaitMessages(1);
            second.awaitMessages(1);

            gateway.restart();
            awaitSubscribers(2);

            assertThat(application.send(key, "after")).isEqualTo(2);
        }
        try (Sender raw = Way.IQ.open(gateway)) {
            assertThat(raw.send(key, "and again")).isEqualTo(2);
        }
        for (PageSocket page : List.of(first, second)) {
            page.awaitMessages(3);
            assertThat(page.messages()).containsExactly("before", "after", "and again");
        }
        assertThat(first.calls())
                .containsExactly(PageSocket.OPENED, PageSocket.MESSAGE, PageSocket.MESSAGE, PageSocket.MESSAGE);
    }

    @Test
    void tokensGoOnAndRevokedOnesStayRevoked() {
        String token = gateway.api().token(key);
        String revoked = gateway.api().token(key);
        gateway.api().revokeToken(revoked);

        gateway.restart();

        open(token).awaitOpen();
        PageSocket refused = open(revoked);
        refused.awaitClosed();
        assertThat(refused.calls()).containsExactly(PageSocket.INVALID, PageSocket.CLOSED);
    }

    @Test
    void aPageWhoseTokenExpiredMeanwhileIsToldSo() {
        PageSocket socket = open(gateway.api().create(key, 1).token()).awaitOpen();

        gateway.stop();
        gateway.clock().advance(Duration.ofMinutes(1));
        gateway.restart();

        socket.awaitClosed();
        assertThat(socket.calls()).containsExactly(PageSocket.OPENED, PageSocket.TIMED_OUT, PageSocket.CLOSED);
    }
}
