package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.Receipt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many threads that send through one {@link ChannelClient}, and so over one connection, and the order of what they send. */
final class ChannelClientOrderIT {
    private static final int SENDERS = 8;
    private static final int OF_EACH = 1250;
    private static final List<String> KEYS =
            Stream.generate(UUID::randomUUID).limit(5).map(id -> "order/" + id).toList();

    private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    private GatewayFixture gateway;
    private CuttableProxy network;
    private ChannelClient client;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
        network = new CuttableProxy(
                URI.create("xmpp://127.0.0.1:" + gateway.xmpp().getPort()));
        client = ChannelClient.connect(
                ClientFixture.guestbook(gateway, network.uri().getPort()).build());
    }

    @AfterEach
    void stop() {
        senders.shutdownNow();
        client.close();
        network.close();
        gateway.close();
    }

    private List<Receipt> waiting(int sender) {
        return IntStream.range(0, OF_EACH)
                .mapToObj(i -> client.sendMessage(KEYS.get(i % KEYS.size()), message(sender, i)))
                .toList();
    }

    private List<Receipt> withoutWaiting(int sender) {
        List<CompletableFuture<Receipt>> receipts = IntStream.range(0, OF_EACH)
                .mapToObj(i -> client.sendMessageAsync(KEYS.get(i % KEYS.size()), message(sender, i)))
                .toList();
        return receipts.stream().map(CompletableFuture::join).toList();
    }

    private static String message(int sender, int i) {
        return "sender " + sender + ", " + i;
    }

    @Test
    void tenThousandMessagesOfEightThreadsArriveOnceAndInOrder() {
        List<Inbox> inboxes = KEYS.stream().map(key -> Inbox.of(gateway, key)).toList();
        List<CompletableFuture<List<Receipt>>> sent = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            int sender = i;
            sent.add(CompletableFuture.supplyAsync(
                    () -> sender % 2 == 0 ? waiting(sender) : withoutWaiting(sender), senders));
        }

        List<Receipt> receipts =
                sent.stream().flatMap(all -> all.join().stream()).toList();

        assertThat(receipts)
                .hasSize(SENDERS * OF_EACH)
                .extracting(Receipt::receivers)
                .containsOnly(1);
        assertThat(receipts).extracting(Receipt::id).doesNotHaveDuplicates();
        assertThat(network.accepted()).isEqualTo(1);
        for (int k = 0; k < KEYS.size(); k++) {
            int number = k;
            Inbox inbox = inboxes.get(k);
            inbox.awaitCount(SENDERS * OF_EACH / KEYS.size());
            assertThat(inbox.messages()).hasSize(SENDERS * OF_EACH / KEYS.size());
            for (int i = 0; i < SENDERS; i++) {
                int sender = i;
                assertThat(inbox.messages())
                        .filteredOn(message -> message.startsWith("sender " + sender + ","))
                        .isEqualTo(IntStream.range(0, OF_EACH)
                                .filter(n -> n % KEYS.size() == number)
                                .mapToObj(n -> message(sender, n))
                                .toList());
            }
        }
    }
}
