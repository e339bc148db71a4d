package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A network that fails between browser and gateway, while messages are sent by every way in turn. */
@ExtendWith(Browser.Shared.class)
final class OutageIT {
    private static final Duration CUT = Duration.ofSeconds(5);
    private static final Duration BETWEEN_MESSAGES = Duration.ofMillis(100);

    private static Browser browser;
    private static PageServer pages;
    private static GatewayFixture gateway;
    private static CuttableProxy network;
    private static Sender sender;

    private final String key = "outage/" + UUID.randomUUID();
    private final List<String> sent = new ArrayList<>();

    /** A short wait: a browser notices a silent network only when a poll is not answered in time. */
    @BeforeAll
    static void start(Browser shared) {
        browser = shared;
        pages = new PageServer();
        gateway = GatewayFixture.start(FixtureSettings.pagesOf(pages).with("CHANNEL_BOSH_WAIT", "3s"));
        network = new CuttableProxy(gateway.uri());
        sender = Way.mixed(gateway);
    }

    @AfterAll
    static void stop() {
        sender.close();
        network.close();
        gateway.close();
        pages.close();
    }

    @AfterEach
    void closePages() {
        network.restore();
        browser.closePages();
    }

    private PageSocket listen() {
        return browser.open(pages.page(network.uri()))
                .open(gateway.api().token(key))
                .awaitOpen();
    }

    private void send() {
        String message = "message " + sent.size();
        sender.send(key, message);
        sent.add(message);
    }

    /** Sends without a pause of more than {@link #BETWEEN_MESSAGES} for as long as the cut lasts. */
    private void sendWhileCut() {
        Instant end = Instant.now().plus(CUT);
        await().pollInterval(BETWEEN_MESSAGES).atMost(CUT.multipliedBy(2)).until(() -> {
            send();
            return Instant.now().isAfter(end);
        });
    }

    private void arrivedAsIfNothingHadHappened(PageSocket socket) {
        socket.awaitMessages(sent.size());
        assertThat(socket.messages()).isEqualTo(sent);
        assertThat(socket.calls()).first().isEqualTo(PageSocket.OPENED);
        assertThat(socket.calls().subList(1, socket.calls().size())).containsOnly(PageSocket.MESSAGE);
        assertThat(socket.readyState()).isEqualTo(1);
        assertThat(gateway.api().subscribers(key)).hasValue(1);
    }

    @Test
    void losesNothingWhenConnectionsAreResetForFiveSeconds() {
        PageSocket socket = listen();
        send();

        network.reset();
        sendWhileCut();
        network.restore();
        send();

        arrivedAsIfNothingHadHappened(socket);
    }

    @Test
    void losesNothingWhenTheNetworkSwallowsEverythingForFiveSeconds() {
        PageSocket socket = listen();
        send();

        network.swallow();
        sendWhileCut();
        network.restore();
        send();

        arrivedAsIfNothingHadHappened(socket);
    }

    @Test
    void losesNothingWhenConnectionsAreResetAgainAndAgainInABurst() {
        PageSocket socket = listen();

        for (int i = 0; i < 300; i++) {
            send();
            if (i % 30 == 15) {
                network.reset();
                network.restore();
            }
        }

        arrivedAsIfNothingHadHappened(socket);
    }
}
