package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.channelgateway.it.WireClient.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Element;

/** Many wrong secrets from one address at once (RFC 6120 §6.4.5). */
final class GuessedSecretIT {
    private static final String APP = "app-guestbook";

    /** Failures of one address that may wait for their answer at once; what comes then is not looked at. */
    private static final int WAITING = 8;

    /** So many that the surplus is certain: they come within seconds, and the later ones wait for seconds. */
    private static final int GUESSES = 40;

    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @EnumSource
    void areNotAllLookedAtAndTheRightOneLogsInAfterwards(Transport transport) throws Exception {
        List<WireClient> clients = new ArrayList<>();
        for (int i = 0; i < GUESSES; i++) {
            clients.add(transport.open(gateway));
        }

        List<String> conditions = conditions(guess(clients));

        assertThat(conditions).containsOnly("not-authorized", "temporary-auth-failure");
        assertThat(conditions).filteredOn("not-authorized"::equals).hasSizeGreaterThanOrEqualTo(WAITING);
        WireClient client = clients.get(GUESSES - 1);
        assertThat(client.login("", APP, gateway.api().secret()).getLocalName()).isEqualTo("success");
        client.bind();
        assertThat(client.bareJid()).isEqualTo(APP + "@" + WireClient.DOMAIN);
        transport.connected(gateway, gateway.api().create("guessed")).terminate();
    }

    private static List<Element> guess(List<WireClient> clients) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients.size());
        try {
            List<Callable<Element>> guesses = new ArrayList<>();
            for (WireClient client : clients) {
                guesses.add(() -> client.login("", APP, "a guess"));
            }
            List<Element> answers = new ArrayList<>();
            for (Future<Element> answer : threads.invokeAll(guesses)) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<String> conditions(List<Element> failures) {
        return failures.stream()
                .map(failure -> WireClient.only(failure).getLocalName())
                .toList();
    }
}
