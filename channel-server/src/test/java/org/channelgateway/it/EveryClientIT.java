package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.it.SmackSubscriber.Transport;
import org.junit.jupiter.api.Test;

/** Whatever a subscriber is made with, it is sent the same. */
final class EveryClientIT {
    private static final int MESSAGES = 500;

    /** What is easily spoilt on its way. */
    private static final List<String> AWKWARD = List.of(
            "]]> <b a=\"1\" c='2'>&amp;</b> &#13;",
            "a\r\nb\rc\nd\te",
            "  white space around  ",
            "\n",
            "\uD83D\uDE00 na\u00efve \u4f60\u597d \u0645\u0631\u062d\u0628\u0627",
            "{\"move\":[3,\"\\u0000\"]}",
            "x".repeat(32_767));

    private final String key = "every/" + UUID.randomUUID();

    @Test
    void receivesTheSameMessagesInTheSameOrder() throws Exception {
        List<AutoCloseable> clients = new ArrayList<>();
        List<Supplier<List<String>>> heard = new ArrayList<>();
        try (GatewayFixture gateway = GatewayFixture.start(FixtureSettings.withoutPages())) {
            try {
                Created shared = gateway.api().create(key);
                for (int i = 0; i < 2; i++) {
                    for (Transport transport : Transport.values()) {
                        SmackSubscriber smack = new SmackSubscriber(transport, gateway, shared).login();
                        clients.add(smack);
                        heard.add(smack::texts);
                    }
                    ClientProgram strophe =
                            ClientProgram.strophe(gateway.uri(), gateway.api().create(key));
                    clients.add(strophe);
                    heard.add(strophe::texts);
                    strophe.answers().orTimeout(30, TimeUnit.SECONDS).join();
                }
                List<String> messages = messages();

                for (String message : messages) {
                    assertThat(gateway.api().send(key, message)).isEqualTo(clients.size());
                }

                await().dontCatchUncaughtExceptions() // smack-bosh throws in a thread of its own when it is closed
                        .atMost(Duration.ofSeconds(60))
                        .until(() ->
                                heard.stream().allMatch(texts -> texts.get().size() >= messages.size()));
                assertThat(heard).allSatisfy(texts -> assertThat(texts.get()).containsExactlyElementsOf(messages));
            } finally {
                for (AutoCloseable client : clients) {
                    client.close();
                }
            }
        }
    }

    private static List<String> messages() {
        Stream<String> numbered = Stream.iterate(1, number -> number + 1)
                .map(number -> "message " + number)
                .limit(MESSAGES - AWKWARD.size());
        return Stream.concat(AWKWARD.stream(), numbered).toList();
    }
}
