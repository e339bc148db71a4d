package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.ChannelException;
import org.channelgateway.api.TimedOutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A network that fails while {@link ChannelClient} sends. */
final class ChannelClientOutageIT {
    private final String key = "outage/" + UUID.randomUUID();
    private GatewayFixture gateway;
    private CuttableProxy network;
    private ChannelClient client;
    private Inbox inbox;
    private @Nullable ConcurrentSenders sending;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
        network = new CuttableProxy(
                URI.create("xmpp://127.0.0.1:" + gateway.xmpp().getPort()));
        client = ChannelClient.connect(
                ClientFixture.guestbook(gateway, network.uri().getPort())
                        .silence(Duration.ofSeconds(1))
                        .build());
        inbox = Inbox.of(gateway, key);
    }

    @AfterEach
    void stop() {
        if (sending != null) {
            sending.close();
        }
        inbox.close();
        client.close();
        network.close();
        gateway.close();
    }

    private ConcurrentSenders sending() {
        ConcurrentSenders begun = new ConcurrentSenders(client, key);
        sending = begun;
        return begun;
    }

    private ChannelClient hasty() {
        return ChannelClient.connect(
                ClientFixture.guestbook(gateway, network.uri().getPort())
                        .timeout(Duration.ofSeconds(1))
                        .build());
    }

    private static void timesOutAndIsNotKnown(ChannelClient hasty, String key, String id) {
        assertThatExceptionOfType(TimedOutException.class)
                .isThrownBy(() -> hasty.sendMessage(key, "perhaps", id))
                .matches(ChannelException::outcomeUnknown);
    }

    /** Sends it with its id once more, on a network that works. */
    private void repeatedArrivesOnce(String id) {
        network.restore();
        network.drop();
        assertThat(client.sendMessage(key, "perhaps", id).receivers()).isEqualTo(1);
        client.sendMessage(key, "last");
        inbox.awaitCount(2);
        assertThat(inbox.messages()).containsExactly("perhaps", "last");
    }

    @Test
    void saysThatItIsNotKnownWhetherAMessageWasSentThatTheNetworkSwallowed() {
        try (ChannelClient hasty = hasty()) {
            network.swallow();

            timesOutAndIsNotKnown(hasty, key, "swallowed");

            assertThat(inbox.messages()).isEmpty();
            repeatedArrivesOnce("swallowed");
        }
    }

    @Test
    void saysThatItIsNotKnownWhetherAMessageWasSentWhoseAnswerTheNetworkSwallowed() {
        try (ChannelClient hasty = hasty()) {
            network.swallowAnswers();

            timesOutAndIsNotKnown(hasty, key, "unanswered");

            inbox.awaitCount(1);
            repeatedArrivesOnce("unanswered");
        }
    }

    @Test
    void losesAndDoublesNothingWhenConnectionsAreReset() {
        ConcurrentSenders senders = sending();

        for (int cut = 1; cut <= 5; cut++) {
            senders.awaitAccepted(cut * 150);
            network.reset();
            network.restore();
        }
        senders.join();

        senders.arrivedOnceAndInOrder(inbox);
    }

    @Test
    void losesAndDoublesNothingWhenTheNetworkSwallowsEverything() {
        ConcurrentSenders senders = sending();

        for (int cut = 1; cut <= 2; cut++) {
            senders.awaitAccepted(cut * 300);
            network.swallow();
            await().until(() -> !client.isConnected());
            network.restore();
        }
        senders.join();

        senders.arrivedOnceAndInOrder(inbox);
    }
}
