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
    /** How many messages they send in all, or more. */
    static final int MESSAGES = 1000;

    private static final int SENDERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ChannelClient client;
    private final String key;
    private final int more;
    private final ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
    private final Map<String, Receipt> accepted = new ConcurrentHashMap<>();
    private final Map<String, ChannelException> failed = new ConcurrentHashMap<>();
    private final Map<String, Receipt> acceptedSinceMark = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> all;
    private volatile boolean marked;

    /** They begin at once. */
    ConcurrentSenders(ChannelClient client, String key) {
        this(client, key, 0);
    }

    /**
     * They begin at once.
     *
     * @param more they go on until so many were accepted of what is begun after {@link #mark}
     */
    ConcurrentSenders(ChannelClient client, String key, int more) {
        this.client = client;
        this.key = key;
        this.more = more;
        all = CompletableFuture.allOf(IntStream.range(0, SENDERS)
                .mapToObj(sender -> CompletableFuture.runAsync(() -> send(sender), threads))
                .toArray(CompletableFuture<?>[]::new));
    }

    private void send(int sender) {
        for (int i = 0; !isEnough(i) && !Thread.currentThread().isInterrupted(); i++) {
            String message = message(sender, i);
            boolean late = marked;
            try {
                Receipt receipt = client.sendMessage(key, message);
                accepted.put(message, receipt);
                if (late) {
                    acceptedSinceMark.put(message, receipt);
                }
            } catch (ChannelException e) {
                failed.put(message, e);
            }
        }
    }

    private boolean isEnough(int sent) {
        return sent >= MESSAGES / SENDERS && acceptedSinceMark.size() >= more;
    }

    private static String message(int sender, int number) {
        return "sender " + sender + ", " + number;
    }

    void awaitAccepted(int count) {
        await().atMost(PATIENCE).until(() -> accepted.size() >= count);
    }

    void awaitFailed(int count) {
        await().atMost(PATIENCE).until(() -> failed.size() >= count);
    }

    /** See {@link #acceptedSinceMark}. */
    void mark() {
        marked = true;
    }

    /** Waits until each has sent its last. */
    void join() {
        assertThat(all).succeedsWithin(PATIENCE);
    }

    Map<String, Receipt> accepted() {
        return accepted;
    }

    /** Of what was begun after {@link #mark}. */
    Map<String, Receipt> acceptedSinceMark() {
        return acceptedSinceMark;
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

    /** Checks that of each sender nothing arrived before what it had sent before; one message may be there twice, one behind the other. */
    static void arrivedInOrder(Inbox inbox) {
        for (int i = 0; i < SENDERS; i++) {
            String sender = "sender " + i + ", ";
            assertThat(inbox.messages().stream()
                            .filter(message -> message.startsWith(sender))
                            .map(message -> Integer.valueOf(message.substring(sender.length())))
                            .toList())
                    .isSorted();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
