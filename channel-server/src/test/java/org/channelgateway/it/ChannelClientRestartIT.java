package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.Receipt;
import org.channelgateway.api.UnreachableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway that is restarted while {@link ChannelClient} sends. */
final class ChannelClientRestartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int AFTERWARDS = 200;

    private final String key = "restart/" + UUID.randomUUID();
    private GatewayFixture gateway;
    private Inbox inbox;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
        inbox = Inbox.of(gateway, key);
    }

    @AfterEach
    void stop() {
        inbox.close();
        gateway.close();
    }

    @Test
    void whatIsAcceptedWhileTheGatewayIsRestartedArrivesOnce() {
        try (ChannelClient client = ChannelClient.connect(ClientFixture.guestbook(gateway)
                        .silence(Duration.ofSeconds(1))
                        .build());
                ConcurrentSenders senders = new ConcurrentSenders(client, key, AFTERWARDS)) {
            senders.awaitAccepted(400);
            gateway.stop();
            inbox.awaitLost();
            gateway.restart();
            inbox.awaitConnected();
            senders.mark();
            senders.join();
            assertThat(client.sendMessage(key, "last").receivers()).isEqualTo(1);

            await().atMost(PATIENCE).until(() -> inbox.messages().contains("last"));
            assertThat(senders.failed()).isEmpty();
            assertThat(inbox.messages()).doesNotHaveDuplicates();
            List<String> received = senders.accepted().entrySet().stream()
                    .filter(one -> one.getValue().receivers() == 1)
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(inbox.messages()).containsAll(received);
            ConcurrentSenders.arrivedInOrder(inbox);
            assertThat(senders.acceptedSinceMark().values())
                    .hasSizeGreaterThanOrEqualTo(AFTERWARDS)
                    .allMatch(receipt -> receipt.receivers() == 1);
        }
    }

    @Test
    void whatFailsWhileTheGatewayIsAwaySaysThatItWasNotSentAndDoesNotArrive() {
        try (ChannelClient hasty = ChannelClient.connect(
                ClientFixture.guestbook(gateway).timeout(Duration.ofSeconds(1)).build())) {
            gateway.stop();
            await().until(() -> !hasty.isConnected());
            List<CompletableFuture<Receipt>> waiting = new ArrayList<>();
            IntStream.range(0, 20).forEach(i -> waiting.add(hasty.sendMessageAsync(key, "never sent " + i)));
            for (CompletableFuture<Receipt> one : waiting) {
                assertThat(one.handle((receipt, reason) -> reason).join())
                        .isInstanceOfSatisfying(
                                UnreachableException.class,
                                e -> assertThat(e.outcomeUnknown()).isFalse());
            }

            gateway.restart();
            inbox.awaitConnected();
            await().atMost(PATIENCE).until(hasty::isConnected);
            hasty.sendMessage(key, "after");

            inbox.awaitCount(1);
            assertThat(inbox.messages()).containsExactly("after");
        }
    }
}
