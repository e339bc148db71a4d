package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.ChannelException;
import org.channelgateway.api.Receipt;

/** Threads that send to one key with one {@link ChannelClient}, each one message after the other. */
final class ConcurrentSenders implements AutoCloseable {
    /** How many messages they send in all. */
    static final int MESSAGES = 1000;

    private static final int SENDERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ChannelClient client;
    private final String key;
    private final ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
    private final Map<String, Receipt> accepted = new ConcurrentHashMap<>();
    private final Map<String, ChannelException> failed = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> all;

    /** They begin at once. */
    ConcurrentSenders(ChannelClient client, String key) {
        this.client = client;
        this.key = key;
        all = CompletableFuture.allOf(IntStream.range(0, SENDERS)
                .mapToObj(sender -> CompletableFuture.runAsync(() -> send(sender), threads))
                .toArray(CompletableFuture<?>[]::new));
    }

    private void send(int sender) {
        for (int i = 0; i < MESSAGES / SENDERS; i++) {
            String message = message(sender, i);
            try {
                accepted.put(message, client.sendMessage(key, message));
            } catch (ChannelException e) {
                failed.put(message, e);
            }
        }
    }

    private static String message(int sender, int number) {
        return "sender " + sender + ", " + number;
    }

    void awaitAccepted(int count) {
        await().atMost(PATIENCE).until(() -> accepted.size() >= count);
    }

    /** Waits until each has sent its last. */
    void join() {
        all.join();
    }

    Map<String, Receipt> accepted() {
        return accepted;
    }

    Map<String, ChannelException> failed() {
        return failed;
    }

    /** Checks that none failed and that each arrived once, in the order of its sender. */
    void arrivedOnceAndInOrder(Inbox inbox) {
        assertThat(failed).isEmpty();
        assertThat(accepted).hasSize(MESSAGES);
        inbox.awaitCount(MESSAGES);
        for (int i = 0; i < SENDERS; i++) {
            int sender = i;
            assertThat(inbox.messages())
                    .filteredOn(message -> message.startsWith("sender " + sender + ","))
                    .isEqualTo(IntStream.range(0, MESSAGES / SENDERS)
                            .mapToObj(number -> message(sender, number))
                            .toList());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
