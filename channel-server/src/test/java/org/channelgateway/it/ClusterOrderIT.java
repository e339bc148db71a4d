package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.Receipt;
import org.channelgateway.nginx.NginxProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One {@link ChannelClient} whose requests ejabberd gives to any of two gateways, and the order of what arrives over XMPP, over BOSH and
 * in a browser.
 */
@ExtendWith(Browser.Shared.class)
final class ClusterOrderIT {
    private static final int THREADS = 4;
    private static final int OF_EACH = 250;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String key = "order/" + UUID.randomUUID() + "/";
    private final PageServer pages = new PageServer();
    private final ExecutorService senders = Executors.newFixedThreadPool(3 * THREADS);
    private Browser browser;
    private ClusterGateway gateways;
    private NginxProcess nginx;
    private ChannelClient client;

    @BeforeEach
    void start(Browser shared) {
        browser = shared;
        gateways = new ClusterGateway(FixtureSettings.pagesOf(pages));
        nginx = new NginxProcess("cluster", Map.of("NGINX_EXEMPT", "127.0.0.1"), gateways.uri(), gateways.other());
        client = ClientFixture.connect(gateways);
    }

    @AfterEach
    void stop() {
        senders.shutdownNow();
        client.close();
        browser.closePages();
        nginx.close();
        gateways.close();
        pages.close();
    }

    private static String message(int thread, int i) {
        return "thread" + thread + "," + i;
    }

    /** Half of the threads wait for each receipt. */
    private List<Receipt> send(String to, int thread) {
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        for (int i = 0; i < OF_EACH; i++) {
            CompletableFuture<Receipt> receipt = client.sendMessageAsync(to, message(thread, i));
            receipts.add(receipt);
            if (thread % 2 == 0) {
                receipt.join();
            }
        }
        return receipts.stream().map(CompletableFuture::join).toList();
    }

    private List<CompletableFuture<List<Receipt>>> sending(String to) {
        return IntStream.range(0, THREADS)
                .mapToObj(thread -> CompletableFuture.supplyAsync(() -> send(to, thread), senders))
                .toList();
    }

    private static void arrivedOnceAndInOrder(Supplier<List<String>> messages) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(messages.get()).hasSizeGreaterThanOrEqualTo(THREADS * OF_EACH));
        List<String> arrived = messages.get();
        assertThat(arrived).hasSize(THREADS * OF_EACH);
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            assertThat(arrived.stream().filter(message -> message.startsWith("thread" + thread + ",")))
                    .isEqualTo(IntStream.range(0, OF_EACH)
                            .mapToObj(n -> message(thread, n))
                            .toList());
        }
    }

    @Test
    void whatFourThreadsSendToEachOfThreeKeysArrivesOnceAndInOrder() {
        String token = gateways.api().token(key + "bosh");
        try (Inbox xmpp = Inbox.of(gateways, key + "xmpp");
                ClusterSubscriber bosh = new ClusterSubscriber(nginx.uri(), token)) {
            PageSocket page = browser.open(pages.page(nginx.uri()))
                    .open(gateways.api().token(key + "page"))
                    .awaitOpen();
            await().until(() -> gateways.api().subscribers(key + "bosh").orElse(0) == 1);

            List<CompletableFuture<List<Receipt>>> sent = new ArrayList<>();
            List.of("xmpp", "bosh", "page").forEach(to -> sent.addAll(sending(key + to)));

            for (CompletableFuture<List<Receipt>> one : sent) {
                assertThat(one.join())
                        .hasSize(OF_EACH)
                        .extracting(Receipt::receivers)
                        .containsOnly(1);
            }
            arrivedOnceAndInOrder(xmpp::messages);
            arrivedOnceAndInOrder(bosh::messages);
            arrivedOnceAndInOrder(page::messages);
            assertThat(bosh.wrong()).isEmpty();
            assertThat(bosh.sessions()).isEqualTo(1);
        }
    }
}
