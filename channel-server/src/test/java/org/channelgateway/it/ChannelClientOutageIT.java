package org.channelgateway.it;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.channelgateway.api.ChannelClient;
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
