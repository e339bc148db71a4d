package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.ChannelConfig;
import org.channelgateway.api.TimedOutException;
import org.channelgateway.api.UnreachableException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process of a gateway that ends, and is started again, while {@link ChannelClient} sends a thousand messages to a key. */
final class ChannelClientKillIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int AFTERWARDS = 200;

    @TempDir
    private static Path folder;

    private static KillableGateway gateway;

    private final String key = "kill/" + UUID.randomUUID();
    private Inbox inbox;

    @BeforeAll
    static void start() throws IOException {
        gateway = new KillableGateway(folder, "apps: {guestbook: {secret: %s}}\n".formatted(KillableGateway.SECRET));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void listen() {
        inbox = new Inbox(gateway.xmpp(), gateway.api().create(key));
    }

    @AfterEach
    void leave() {
        inbox.close();
    }

    private ChannelClient client(Duration timeout) {
        return ChannelClient.connect(ChannelConfig.builder(
                        "xmpp://guestbook@127.0.0.1:" + gateway.xmpp().getPort(), KillableGateway.SECRET)
                .timeout(timeout)
                .build());
    }

    /** Starts it again, and waits until so many that were begun after that have reached the subscriber, and the last. */
    private void goOn(ConcurrentSenders senders, ChannelClient client) throws IOException {
        inbox.awaitLost();
        gateway.start();
        inbox.awaitConnected();
        senders.mark();
        senders.join();
        assertThat(client.sendMessage(key, "last").receivers()).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> inbox.messages().contains("last"));

        ConcurrentSenders.arrivedInOrder(inbox);
        assertThat(senders.acceptedSinceMark().values())
                .hasSizeGreaterThanOrEqualTo(AFTERWARDS)
                .allMatch(receipt -> receipt.receivers() == 1);
        assertThat(once(inbox.messages()))
                .as("what was accepted since the subscriber was back")
                .containsAll(senders.acceptedSinceMark().keySet());
    }

    /** Those that are there once and not twice. */
    private static Set<String> once(List<String> messages) {
        return messages.stream()
                .collect(Collectors.groupingBy(message -> message, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(one -> one.getValue() == 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Test
    void whatIsAcceptedArrivesOnceWhenItIsEndedWithSigterm() throws IOException, InterruptedException {
        try (ChannelClient client = client(PATIENCE);
                ConcurrentSenders senders = new ConcurrentSenders(client, key, AFTERWARDS)) {
            senders.awaitAccepted(400);
            gateway.stop();
            goOn(senders, client);

            assertThat(senders.failed()).isEmpty();
            assertThat(inbox.messages()).doesNotHaveDuplicates();
            assertThat(inbox.messages())
                    .containsAll(senders.accepted().entrySet().stream()
                            .filter(one -> one.getValue().receivers() == 1)
                            .map(Map.Entry::getKey)
                            .toList());
        }
    }

    /** Of a key only one publish is under way at a time: that one may have been carried out before the end. */
    @Test
    void onlyWhatWasUnderWayIsDoubledWhenItIsKilled() throws IOException {
        try (ChannelClient client = client(PATIENCE);
                ConcurrentSenders senders = new ConcurrentSenders(client, key, AFTERWARDS)) {
            senders.awaitAccepted(400);
            gateway.kill();
            goOn(senders, client);

            assertThat(senders.failed()).isEmpty();
            Set<String> distinct = new HashSet<>(inbox.messages());
            assertThat(inbox.messages()).hasSizeLessThanOrEqualTo(distinct.size() + 1);
            distinct.remove("last");
            assertThat(senders.accepted().keySet()).containsAll(distinct);
        }
    }

    @Test
    void eachCallThatFailsSaysWhetherItMayHaveBeenCarriedOutWhenItIsKilled() throws IOException {
        try (ChannelClient client = client(Duration.ofSeconds(1));
                ConcurrentSenders senders = new ConcurrentSenders(client, key, AFTERWARDS)) {
            senders.awaitAccepted(400);
            gateway.kill();
            senders.awaitFailed(8);
            goOn(senders, client);

            assertThat(senders.failed().values())
                    .allMatch(e -> e instanceof UnreachableException || e instanceof TimedOutException)
                    .anyMatch(e -> !e.outcomeUnknown());
            assertThat(inbox.messages())
                    .doesNotContainAnyElementsOf(senders.failed().entrySet().stream()
                            .filter(one -> !one.getValue().outcomeUnknown())
                            .map(Map.Entry::getKey)
                            .toList());
        }
    }
}
