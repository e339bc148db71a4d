package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.channelgateway.api.FakeGateway.Asked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a client, whatever state it is in. */
final class CloseIT {
    /** Those that Smack keeps for all connections of a JVM. */
    private static final Set<String> SHARED = Set.of("Smack Cached Executor", "Smack DefaultReactor Thread");

    private static final Duration SECOND = Duration.ofSeconds(1);
    /** What writes for so long without an end is blocked. */
    private static final Duration BLOCKED = Duration.ofMillis(300);

    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    private final FakeGateway gateway = new FakeGateway(this::ask);

    /** The gateway reads nothing after the next request. */
    private volatile boolean deaf;

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void ask(Asked request) {
        asked.add(request);
        if (deaf) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the gateway is closed
            }
        }
    }

    private static void closeWithinASecond(ChannelClient client) {
        assertThat(timeOf(client::close)).isLessThan(SECOND);
        isClosed(client);
    }

    private static Duration timeOf(Runnable close) {
        Instant start = Instant.now();
        close.run();
        return Duration.between(start, Instant.now());
    }

    private static void isClosed(ChannelClient client) {
        await().until(() -> threads().isEmpty());
        assertThatIllegalStateException()
                .isThrownBy(() -> client.sendMessage("k", "m"))
                .withMessage("client: closed (expected: open)");
        assertThatIllegalStateException().isThrownBy(() -> client.getAsync("k"));
        assertThat(client.isConnected()).isFalse();
        client.close();
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("channel-client") || name.contains("Smack") || name.contains("XMPP"))
                .filter(name -> SHARED.stream().noneMatch(name::startsWith))
                .collect(Collectors.toSet());
    }

    /** Sends so much that the thread that writes is blocked by a gateway that does not read. */
    private List<CompletableFuture<Receipt>> block(ChannelClient client) {
        deaf = true;
        List<CompletableFuture<Receipt>> receipts = IntStream.range(0, 1500)
                .mapToObj(i -> client.sendMessageAsync("k" + i, "m".repeat(32_000)))
                .toList();
        await().during(BLOCKED)
                .until(() -> Thread.getAllStackTraces().values().stream().anyMatch(CloseIT::writes));
        return receipts;
    }

    private static boolean writes(StackTraceElement[] stack) {
        return Arrays.stream(stack)
                .anyMatch(frame -> frame.getClassName().equals("sun.nio.ch.NioSocketImpl")
                        && frame.getMethodName().equals("implWrite"));
    }

    private static void assertAllClosed(List<CompletableFuture<Receipt>> receipts) {
        for (int i = 0; i < receipts.size(); i++) {
            assertClosed(receipts.get(i), i < Pending.WINDOW);
        }
    }

    private static void assertClosed(CompletableFuture<Receipt> receipt, boolean outcomeUnknown) {
        assertThat(receipt.handle((result, reason) -> reason).join())
                .isInstanceOfSatisfying(UnreachableException.class, e -> {
                    assertThat(e).hasMessage("<publish/>: the client was closed");
                    assertThat(e.outcomeUnknown()).isEqualTo(outcomeUnknown);
                });
    }

    @Test
    void failsWhatWaitsAndSaysWhetherItWasSent() {
        ChannelClient client = gateway.connect();
        CompletableFuture<Receipt> sent = client.sendMessageAsync("k", "m");
        CompletableFuture<Receipt> waiting = client.sendMessageAsync("k", "m");
        await().until(() -> asked.size() == 1);

        closeWithinASecond(client);

        assertClosed(sent, true);
        assertClosed(waiting, false);
    }

    @Test
    void doesNotWaitLongForAGatewayThatSaysNoFarewell() {
        gateway.polite = false;
        ChannelClient client = gateway.connect();
        gateway.mute = true;

        closeWithinASecond(client);
    }

    @Test
    void endsWhileAWriterIsBlocked() {
        ChannelClient client = gateway.connect();
        List<CompletableFuture<Receipt>> receipts = block(client);

        closeWithinASecond(client);

        assertAllClosed(receipts);
    }

    @Test
    void endsWhileAWriterIsBlockedAndTheCallerIsInterrupted() {
        ChannelClient client = gateway.connect();
        List<CompletableFuture<Receipt>> receipts = block(client);

        Thread.currentThread().interrupt();
        Duration closing = timeOf(client::close);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(closing).isLessThan(SECOND);
        isClosed(client);
        assertAllClosed(receipts);
    }

    @Test
    void endsWhileAWriterIsBlockedInACallback() {
        ChannelClient client = gateway.connect();
        CompletableFuture<Receipt> answered = client.sendMessageAsync("first", "m");
        CompletableFuture<Void> blocked = new CompletableFuture<>();
        CompletableFuture<Duration> closing = answered.thenApply(receipt -> {
            blocked.join();
            return timeOf(client::close);
        });
        await().until(() -> asked.size() == 1);
        asked.element().publish();
        List<CompletableFuture<Receipt>> receipts = block(client);

        blocked.complete(null);

        assertThat(closing.join()).isLessThan(SECOND);
        isClosed(client);
        assertAllClosed(receipts);
    }

    @Test
    void endsWhileAWriterIsBlockedByTwoThreadsAtOnce() {
        ChannelClient client = gateway.connect();
        List<CompletableFuture<Receipt>> receipts = block(client);

        CompletableFuture<Duration> other = CompletableFuture.supplyAsync(() -> timeOf(client::close));
        Duration closing = timeOf(client::close);

        assertThat(List.of(closing, other.join())).allMatch(time -> time.compareTo(SECOND) < 0);
        isClosed(client);
        assertAllClosed(receipts);
    }

    @Test
    void endsWhileItConnectsAgain() {
        ChannelClient client = gateway.connect();
        gateway.mute = true;
        gateway.resetAll();
        await().until(() -> !client.isConnected());
        CompletableFuture<Receipt> waiting = client.sendMessageAsync("k", "m");
        await().until(() -> threads().contains("channel-client connect"));

        closeWithinASecond(client);

        assertClosed(waiting, false);
    }

    @Test
    void endsWhileItPauses() {
        ChannelClient client = gateway.connect();
        gateway.close();
        await().until(() -> threads().equals(Set.of("channel-client timer", "channel-client reconnect")));

        closeWithinASecond(client);
    }

    @Test
    void endsAfterARefusal() {
        ChannelClient client = gateway.connect();
        gateway.loginFailure = "<account-disabled/>";
        gateway.resetAll();
        await().until(() -> gateway.logins() == 2);

        closeWithinASecond(client);
    }

    @Test
    void leavesNoThreadOfManyClients() {
        for (int i = 0; i < 10; i++) {
            gateway.connect().close();
        }

        await().until(() -> threads().isEmpty());
    }

    @Test
    void hasNoThreadThatKeepsTheJvmAlive() {
        ChannelClient client = gateway.connect();

        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> threads().contains(thread.getName())))
                .isNotEmpty()
                .allMatch(Thread::isDaemon);

        closeWithinASecond(client);
    }
}
