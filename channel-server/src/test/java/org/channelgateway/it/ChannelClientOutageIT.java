package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.ChannelException;
import org.channelgateway.api.Receipt;
import org.channelgateway.api.UnreachableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A network that fails, and a gateway that is restarted, while {@link ChannelClient} sends. */
final class ChannelClientOutageIT {
    private static final int SENDERS = 4;
    private static final int MESSAGES = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String key = "outage/" + UUID.randomUUID();
    private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    private final Map<String, Receipt> accepted = new ConcurrentHashMap<>();
    private final Map<String, ChannelException> failed = new ConcurrentHashMap<>();
    private GatewayFixture gateway;
    private CuttableProxy network;
    private ChannelClient client;
    private Inbox inbox;

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
        senders.shutdownNow();
        inbox.close();
        client.close();
        network.close();
        gateway.close();
    }

    /** Sends {@link #MESSAGES}, each thread one after the other. */
    private CompletableFuture<Void> sending() {
        return CompletableFuture.allOf(IntStream.range(0, SENDERS)
                .mapToObj(sender -> CompletableFuture.runAsync(() -> send(sender), senders))
                .toArray(CompletableFuture<?>[]::new));
    }

    private void send(int sender) {
        for (int i = 0; i < MESSAGES / SENDERS; i++) {
            String message = "sender " + sender + ", " + i;
            try {
                accepted.put(message, client.sendMessage(key, message));
            } catch (ChannelException e) {
                failed.put(message, e);
            }
        }
    }

    private void awaitAccepted(int count) {
        await().atMost(PATIENCE).until(() -> accepted.size() >= count);
    }

    private void arrivedOnceAndInOrder() {
        assertThat(failed).isEmpty();
        assertThat(accepted).hasSize(MESSAGES);
        inbox.awaitCount(MESSAGES);
        for (int i = 0; i < SENDERS; i++) {
            int sender = i;
            assertThat(inbox.messages())
                    .filteredOn(message -> message.startsWith("sender " + sender + ","))
                    .isEqualTo(IntStream.range(0, MESSAGES / SENDERS)
                            .mapToObj(n -> "sender " + sender + ", " + n)
                            .toList());
        }
    }

    @Test
    void losesAndDoublesNothingWhenConnectionsAreReset() {
        CompletableFuture<Void> sending = sending();

        for (int cut = 1; cut <= 5; cut++) {
            awaitAccepted(cut * 150);
            network.reset();
            network.restore();
        }
        sending.join();

        arrivedOnceAndInOrder();
    }

    @Test
    void losesAndDoublesNothingWhenTheNetworkSwallowsEverything() {
        CompletableFuture<Void> sending = sending();

        for (int cut = 1; cut <= 2; cut++) {
            awaitAccepted(cut * 300);
            network.swallow();
            await().until(() -> !client.isConnected());
            network.restore();
        }
        sending.join();

        arrivedOnceAndInOrder();
    }

    /** A gateway that stops may have carried out one request of a connection that it did not answer any more. */
    @Test
    void whatIsAcceptedWhileTheGatewayIsRestartedArrivesOnceButForTheRequestOfThatMoment() {
        CompletableFuture<Void> sending = sending();

        awaitAccepted(400);
        gateway.restart();
        sending.join();
        inbox.awaitConnected();
        assertThat(client.sendMessage(key, "last").receivers()).isEqualTo(1);

        await().atMost(PATIENCE).until(() -> inbox.messages().contains("last"));
        assertThat(failed).isEmpty();
        assertThat(inbox.messages())
                .hasSizeLessThanOrEqualTo(Set.copyOf(inbox.messages()).size() + 1);
        List<String> received = accepted.entrySet().stream()
                .filter(one -> one.getValue().receivers() == 1)
                .map(Map.Entry::getKey)
                .toList();
        assertThat(inbox.messages()).containsAll(received);
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
