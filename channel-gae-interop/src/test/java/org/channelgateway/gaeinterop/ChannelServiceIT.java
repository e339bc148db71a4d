package org.channelgateway.gaeinterop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.google.appengine.api.channel.ChannelFailureException;
import com.google.appengine.api.channel.ChannelMessage;
import com.google.appengine.api.channel.ChannelService;
import com.google.appengine.api.channel.ChannelServiceFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.channelgateway.api.RefusedException;
import org.channelgateway.api.UnreachableException;
import org.channelgateway.api.appengine.SharedClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drop-in before a gateway that comes and goes. */
final class ChannelServiceIT {
    private static final String INTERNAL = "An internal channel error occured.";
    private static final int THREADS = 16;

    private static GatewayProcess gateway;

    private final ChannelService service = ChannelServiceFactory.getChannelService();
    private final String clientId = "user/" + UUID.randomUUID();

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        gateway = new GatewayProcess(data);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void configure() {
        gateway.configure();
    }

    @AfterEach
    void disconnect() {
        SharedClient.get().close();
    }

    private void send(String to, String text) {
        service.sendMessage(new ChannelMessage(to, text));
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("channel-client"))
                .toList();
    }

    @Test
    void aPageGetsWhatIsSentToItsClientIdAndToItsToken() {
        String token = service.createChannel(clientId);
        Page page = new Page(gateway.uri(), token);

        send(clientId, "to the client id");
        send(token, " to the token\r\n<&>😀");
        send(service.createChannel(clientId, 1), "to another token");

        assertThat(page.next()).isEqualTo("to the client id");
        assertThat(page.next()).isEqualTo(" to the token\r\n<&>😀");
        assertThat(page.next()).isEqualTo("to another token");
    }

    @Test
    void everyPageOfAClientIdGetsTheMessage() {
        Page one = new Page(gateway.uri(), service.createChannel(clientId));
        Page two = new Page(gateway.uri(), service.createChannel(clientId));

        send(clientId, "both");

        assertThat(List.of(one.next(), two.next())).containsExactly("both", "both");
    }

    @Test
    void tokensFitIntoPagesAndIntoAClientId() {
        assertThat(service.createChannel("ü".repeat(128), 1440)).matches("[A-Za-z0-9_-]{1,128}");
    }

    @Test
    void messagesOfOneThreadArriveInOrderWhileManySend() {
        Page page = new Page(gateway.uri(), service.createChannel(clientId));
        ExecutorService senders = Executors.newFixedThreadPool(THREADS);
        try {
            CompletableFuture<?>[] sending = IntStream.range(0, THREADS)
                    .mapToObj(sender -> CompletableFuture.runAsync(
                            () -> IntStream.range(0, 10)
                                    .forEach(i -> ChannelServiceFactory.getChannelService()
                                            .sendMessage(new ChannelMessage(clientId, sender + ":" + i))),
                            senders))
                    .toArray(CompletableFuture<?>[]::new);
            List<String> received =
                    Stream.generate(page::next).limit(THREADS * 10).toList();
            CompletableFuture.allOf(sending).join();

            assertThat(received).hasSize(THREADS * 10).doesNotHaveDuplicates();
            for (int i = 0; i < THREADS; i++) {
                String sender = i + ":";
                assertThat(received)
                        .filteredOn(message -> message.startsWith(sender))
                        .isEqualTo(
                                IntStream.range(0, 10).mapToObj(n -> sender + n).toList());
            }
            assertThat(threads().stream().filter(thread -> thread.getName().endsWith("timer")))
                    .hasSize(1);
        } finally {
            senders.shutdownNow();
        }
    }

    @Test
    void aRestartBetweenTwoMessagesIsNotNoticed() throws IOException {
        String token = service.createChannel(clientId);
        send(clientId, "before");

        gateway.stop();
        gateway.startAgain();
        Page page = new Page(gateway.uri(), token);
        send(clientId, "after");

        assertThat(page.next()).isEqualTo("after");
    }

    @Test
    void anUnreachableGatewayFailsLikeAnInternalErrorOfAppEngine() throws IOException {
        Side google = GoogleSdk.before((method, request) -> 1);
        Supplier<Outcome> sending = () -> Side.ours().send(clientId, "m");

        gateway.stop();
        Outcome create = Side.ours().create(clientId);
        Outcome send = sending.get();
        assertThatExceptionOfType(ChannelFailureException.class)
                .isThrownBy(() -> service.createChannel(clientId))
                .withCauseInstanceOf(UnreachableException.class);
        gateway.startAgain();

        assertThat(create.what())
                .isEqualTo(google.create(clientId).what())
                .isEqualTo("ChannelFailureException: " + INTERNAL);
        assertThat(send.what()).isEqualTo(google.send(clientId, "m").what());
        assertThat(sending.get()).isEqualTo(Outcome.returned(null));
    }

    @Test
    void aMissingSettingFailsTheSameWayAndIsReadAgain() {
        System.clearProperty("CHANNEL_URL");

        assertThatExceptionOfType(ChannelFailureException.class)
                .isThrownBy(() -> service.createChannel(clientId))
                .withMessage(INTERNAL)
                .havingCause()
                .withMessageStartingWith("CHANNEL_URL: missing");

        gateway.configure();
        assertThat(service.createChannel(clientId)).isNotEmpty();
    }

    @Test
    void aWrongSecretFailsTheSameWayAndIsReadAgain() {
        System.setProperty("CHANNEL_SECRET", "wrong");

        assertThatExceptionOfType(ChannelFailureException.class)
                .isThrownBy(() -> service.createChannel(clientId))
                .withMessage(INTERNAL)
                .withCauseInstanceOf(RefusedException.class);

        gateway.configure();
        assertThat(service.createChannel(clientId)).isNotEmpty();
    }

    @Test
    void aConnectionThatWasRefusedForGoodIsMadeAnewWithTheSettingsOfToday() throws IOException {
        service.createChannel(clientId);

        gateway.stop();
        gateway.forgetSecret();
        gateway.startAgain();
        gateway.configure();

        assertThat(service.createChannel(clientId)).isNotEmpty();
    }

    @Test
    void whatXmlCannotCarryIsAnUnexpectedError() {
        assertThatExceptionOfType(ChannelFailureException.class)
                .isThrownBy(() -> send(clientId, "a\u0000b"))
                .withMessage("An unexpected error occurred.")
                .havingCause()
                .withMessageContaining("U+0000");
    }

    @Test
    void nothingRunsBeforeTheFirstCallAndAfterTheLast() {
        ChannelServiceFactory.getChannelService();
        await().untilAsserted(() -> assertThat(threads()).isEmpty()); // of the test before

        service.createChannel(clientId);
        assertThat(threads()).isNotEmpty().allMatch(Thread::isDaemon);

        SharedClient.get().close();
        await().untilAsserted(() -> assertThat(threads()).isEmpty());
        assertThat(service.createChannel(clientId)).isNotEmpty();
    }
}
