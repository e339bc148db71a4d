package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.channelgateway.api.FakeGateway.Asked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The end of a client, whatever state it is in. */
final class CloseIT {
    /** Those that Smack keeps for all connections of a JVM. */
    private static final Set<String> SHARED = Set.of("Smack Cached Executor", "Smack DefaultReactor Thread");

    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    private final FakeGateway gateway = new FakeGateway(asked::add);

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static void closeWithinASecond(ChannelClient client) {
        Instant start = Instant.now();
        client.close();
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(1));
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
