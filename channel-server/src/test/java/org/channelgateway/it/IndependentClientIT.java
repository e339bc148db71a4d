package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.channelgateway.it.ChannelApi.Created;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** BOSH clients of others, unchanged, behind a network that drops connections. */
@ExtendWith(Browser.Shared.class)
final class IndependentClientIT {
    private static final int MESSAGES = 500;

    private static Browser browser;
    private static PageServer pages;
    private static GatewayFixture gateway;
    private static CuttableProxy network;

    private final String key = "independent/" + UUID.randomUUID();

    /** Begins to log in. */
    private interface Login {
        Subscriber begin(URI gateway, Created channel) throws Exception;
    }

    @BeforeAll
    static void start(Browser shared) {
        browser = shared;
        pages = new PageServer();
        gateway = GatewayFixture.start(FixtureSettings.pagesOf(pages));
        network = new CuttableProxy(gateway.behind());
    }

    @AfterAll
    static void stop() {
        network.close();
        gateway.close();
        pages.close();
    }

    @AfterEach
    void leaveNothing() {
        browser.closePages();
    }

    @Test
    void stropheInNodeMissesNothingWhenItsConnectionsAreDropped() throws Exception {
        missesNothing(ClientProgram::strophe);
    }

    @Test
    void stropheInAPageOfAnotherOriginMissesNothingWhenItsConnectionsAreDropped() throws Exception {
        missesNothing((uri, channel) -> new StrophePage(browser.open(pages.strophe()), uri, channel));
    }

    @Test
    void stanzaMissesNothingWhenItsConnectionsAreDropped() throws Exception {
        missesNothing(ClientProgram::stanza);
    }

    @Test
    void smackGoesOnWithTheSameTokenWhenItsConnectionsWereDropped() throws Exception {
        goesOn((uri, channel) ->
                new SmackSubscriber(SmackSubscriber.Transport.BOSH, uri, gateway.xmpp(), channel).login());
    }

    @Test
    void glooxGoesOnWithTheSameTokenWhenItsConnectionsWereDropped() throws Exception {
        goesOn(ClientProgram::gloox);
    }

    /** Logs in with address and token, receives every message in order over two dropped connections, and logs out. */
    private void missesNothing(Login login) throws Exception {
        try (Subscriber subscriber = login.begin(network.uri(), gateway.api().create(key))) {
            await().until(subscriber::isConnected);
            List<String> sent = new ArrayList<>();
            send(subscriber, sent, MESSAGES / 5);
            network.drop();
            send(subscriber, sent, MESSAGES / 5);
            network.drop();
            send(subscriber, sent, MESSAGES - sent.size());
        }
        isGone();
    }

    /** It has logged out: a session that is only silent would be there for 150 s. */
    private void isGone() {
        await().untilAsserted(() -> assertThat(gateway.api().subscribers(key)).hasValue(0));
    }

    /**
     * The same for a client that repeats no request whose connection broke, as XEP-0124 §14.3 asks: smack-bosh 4.4.8 gives its
     * session up then, gloox 1.0.24 waits for ever. They miss nothing of what is sent after their next login.
     */
    private void goesOn(Login login) throws Exception {
        Created channel = gateway.api().create(key);
        try (Subscriber subscriber = login.begin(network.uri(), channel)) {
            await().until(subscriber::isConnected);
            send(subscriber, new ArrayList<>(), MESSAGES);
        }
        isGone();
        try (Subscriber subscriber = login.begin(network.uri(), channel)) {
            await().until(subscriber::isConnected);
            network.drop();
        }
        try (Subscriber subscriber = login.begin(network.uri(), channel)) {
            await().until(subscriber::isConnected);
            send(subscriber, new ArrayList<>(), MESSAGES / 2);
        }
    }

    /** Sends so many more, and waits until all that was ever sent is there. */
    private void send(Subscriber subscriber, List<String> sent, int count) {
        IntStream.range(0, count).forEach(i -> {
            String text = "headline " + sent.size();
            assertThat(gateway.api().send(key, text)).isPositive();
            sent.add(text);
        });
        await().untilAsserted(() -> assertThat(subscriber.texts()).containsExactlyElementsOf(sent));
        assertThat(subscriber.isConnected()).isTrue();
    }

    /** smack-bosh throws in a thread of its own when its connection breaks, which is not what is waited for. */
    private static ConditionFactory await() {
        return Awaitility.await().dontCatchUncaughtExceptions();
    }
}
