package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Ten thousand messages of eight threads that send by all doors at once, to several keys that subscribers of all kinds listen
 * to, and the order of what each of the threads sends to a key.
 */
@ExtendWith(Browser.Shared.class)
final class MixedOrderIT {
    private static final int SENDERS = 8;
    private static final int ROUNDS = 10;
    /** What a thread sends to a key in a round: first some that wait for their answers, then the others at once. */
    private static final int ONE_BY_ONE = 5;

    private static final int AT_ONCE = 20;
    private static final int OF_EACH = ROUNDS * (ONE_BY_ONE + AT_ONCE);
    private static final List<String> KEYS =
            Stream.generate(UUID::randomUUID).limit(5).map(id -> "mixed/" + id).toList();
    private static final String LAST = "last";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Whoever listens to a key, and what came there. */
    private record Listener(String name, IntSupplier count, Supplier<List<String>> messages) {
        static Listener of(String name, Supplier<List<String>> messages) {
            return new Listener(name, () -> messages.get().size(), messages);
        }
    }

    private final ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Sender> senders = new ArrayList<>();
    private Browser browser;
    private PageServer pages;
    private GatewayFixture gateway;

    /** A subscriber that is slower than the senders is not what is looked at: nothing is ended for what waits for it. */
    @BeforeEach
    void start(Browser shared) {
        browser = shared;
        pages = new PageServer();
        gateway = GatewayFixture.start(FixtureSettings.pagesOf(pages)
                .with("CHANNEL_BOSH_MAXQUEUEDSTANZAS", "10000")
                .with("CHANNEL_BOSH_MAXQUEUEDBYTES", "16777216")
                .with("CHANNEL_XMPP_MAXQUEUEDSTANZAS", "10000")
                .with("CHANNEL_XMPP_MAXQUEUEDBYTES", "16777216"));
        for (int i = 0; i < 3; i++) {
            senders.add(
                    new HttpSender(new ChannelApi(gateway.uri(), gateway.api().secret())));
        }
        Sender together = Way.CLIENT.open(gateway);
        senders.addAll(List.of(together, together, together, Way.IQ.open(gateway), Way.IQ.open(gateway)));
    }

    @AfterEach
    void stop() throws Exception {
        threads.shutdownNow();
        senders.forEach(Sender::close);
        browser.closePages();
        for (AutoCloseable one : open) {
            one.close();
        }
        gateway.close();
        pages.close();
    }

    private List<Listener> subscribers(String key) throws Exception {
        Inbox tcp = Inbox.of(gateway, key);
        open.add(tcp);
        SmackSubscriber bosh = new SmackSubscriber(
                        SmackSubscriber.Transport.BOSH, gateway, gateway.api().create(key))
                .login();
        open.add(bosh);
        return List.of(Listener.of("TCP", tcp::messages), Listener.of("BOSH", bosh::texts));
    }

    private Listener page(String key) {
        PageSocket page = browser.open(pages.page(gateway.uri()))
                .open(gateway.api().token(key))
                .awaitOpen();
        return new Listener("page", page::messageCount, page::messages);
    }

    private static List<String> messages(int sender, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "sender " + sender + ", " + i)
                .toList();
    }

    /** Sends all of one thread, and checks that each subscriber of the key was reached by each that it waited for. */
    private void send(int number, List<List<Listener>> listeners) {
        Sender sender = senders.get(number);
        for (int from = 0; from < OF_EACH; from += ONE_BY_ONE + AT_ONCE) {
            for (int k = 0; k < KEYS.size(); k++) {
                String key = KEYS.get(k);
                for (String message : messages(number, from, from + ONE_BY_ONE)) {
                    assertThat(sender.send(key, message))
                            .isEqualTo(listeners.get(k).size());
                }
                sender.sendAtOnce(key, messages(number, from + ONE_BY_ONE, from + ONE_BY_ONE + AT_ONCE));
            }
        }
    }

    private static void arrivedOnceAndInOrder(Listener listener) {
        await(listener.name())
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(listener.count().getAsInt()).isGreaterThanOrEqualTo(SENDERS * OF_EACH + 1));
        List<String> arrived = listener.messages().get();
        assertThat(arrived).as(listener.name()).hasSize(SENDERS * OF_EACH + 1).endsWith(LAST);
        for (int i = 0; i < SENDERS; i++) {
            String sender = "sender " + i + ",";
            assertThat(arrived)
                    .as(listener.name())
                    .filteredOn(message -> message.startsWith(sender))
                    .isEqualTo(messages(i, 0, OF_EACH));
        }
    }

    @Test
    void eachSubscriberGetsWhatEachThreadSentOnceAndInItsOrder() throws Exception {
        List<List<Listener>> listeners = new ArrayList<>();
        for (String key : KEYS) {
            listeners.add(new ArrayList<>(subscribers(key)));
        }
        listeners.get(0).add(page(KEYS.get(0)));

        CompletableFuture.allOf(IntStream.range(0, SENDERS)
                        .mapToObj(i -> CompletableFuture.runAsync(() -> send(i, listeners), threads))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        for (String key : KEYS) {
            gateway.api().send(key, LAST);
        }

        listeners.forEach(ofAKey -> ofAKey.forEach(MixedOrderIT::arrivedOnceAndInOrder));
    }
}
