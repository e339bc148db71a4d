package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.ChannelConfig;
import org.channelgateway.api.ChannelException;
import org.channelgateway.fixture.PostgresServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One {@link ChannelClient} that sends one message after the other while gateways are killed and come back. */
final class ClusterSenderIT {
    private static final int MESSAGES = 1000;
    private static final int MEANWHILE = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String key = "sender/" + UUID.randomUUID();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicInteger accepted = new AtomicInteger();
    private ClusterServers servers;
    private ClusterProcesses gateways;
    private ChannelClient client;
    private Inbox inbox;

    @BeforeEach
    void start() {
        servers = new ClusterServers(PostgresServer.shared());
        gateways = new ClusterProcesses(servers, "https://www.example.org");
        inbox = new Inbox(servers.ejabberd().c2s(), gateways.first().api().create(key));
        client = ChannelClient.connect(ChannelConfig.builder(
                        "xmpp://guestbook@127.0.0.1:" + servers.ejabberd().c2s().getPort(), gateways.secret())
                .timeout(Duration.ofSeconds(2))
                .build());
    }

    @AfterEach
    void stop() {
        enough.set(true);
        thread.shutdownNow();
        client.close();
        inbox.close();
        gateways.close();
        servers.close();
    }

    /** @param id its number, by which an accepted one is told from one that was not */
    private record Sent(String id, boolean isAccepted, boolean mayArrive) {}

    private List<Sent> send() {
        List<Sent> sent = new ArrayList<>();
        while (sent.size() < MESSAGES || !enough.get()) {
            String message = "message " + sent.size();
            try {
                assertThat(client.sendMessage(key, message).receivers()).isEqualTo(1);
                sent.add(new Sent(message, true, true));
                accepted.incrementAndGet();
            } catch (ChannelException e) {
                sent.add(new Sent(message, false, e.outcomeUnknown()));
            }
        }
        return sent;
    }

    private void awaitMore() {
        int before = accepted.get();
        await().atMost(PATIENCE).until(() -> accepted.get() >= before + MEANWHILE);
    }

    private void killAndStartAgain(GatewayProcess gateway) throws IOException {
        awaitMore();
        gateway.kill();
        awaitMore();
        gateways.startAgain(gateway);
    }

    /** Each of the two is killed once, so that the one that serves the client is among them. */
    @Test
    void whatWasAcceptedArrivesInOrderAndNothingThatWasRefused() throws Exception {
        CompletableFuture<List<Sent>> sending = CompletableFuture.supplyAsync(this::send, thread);

        killAndStartAgain(gateways.first());
        killAndStartAgain(gateways.second());
        awaitMore();
        enough.set(true);
        List<Sent> sent = sending.join();
        assertThat(client.sendMessage(key, "last").receivers()).isEqualTo(1);
        await().atMost(PATIENCE).until(() -> inbox.messages().contains("last"));

        List<String> arrived = inbox.messages().subList(0, inbox.messages().indexOf("last"));
        assertThat(sent).hasSizeGreaterThanOrEqualTo(MESSAGES);
        assertThat(arrived)
                .containsAll(
                        sent.stream().filter(Sent::isAccepted).map(Sent::id).toList())
                .isEqualTo(sent.stream()
                        .filter(Sent::mayArrive)
                        .map(Sent::id)
                        .filter(arrived::contains)
                        .toList());
    }
}
