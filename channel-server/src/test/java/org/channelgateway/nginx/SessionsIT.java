package org.channelgateway.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.channelgateway.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which gateway the requests of a session go to. */
final class SessionsIT {
    private static final int SESSIONS = 20;
    private static final int REQUESTS = 3;

    @TempDir
    Path folder;

    private TwoGateways gateways;
    private RawHttps browser;

    @BeforeEach
    void start() throws IOException, ConfigException {
        gateways = new TwoGateways(folder);
        browser = new RawHttps(gateways.nginx().uri());
    }

    @AfterEach
    void stop() {
        gateways.close();
    }

    /** Those that the requests of one session go to. */
    private List<String> gateways(String path) {
        return gateways.of("/http-bind", REQUESTS, () -> {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(browser.post(path, "<body/>").status()).isNotZero();
            }
        });
    }

    private static String path(int session) {
        return "/http-bind/node/1/" + session;
    }

    @Test
    void thoseOfOneSessionGoToOneAndThoseOfAllToEach() {
        List<List<String>> all = IntStream.range(0, SESSIONS)
                .mapToObj(SessionsIT::path)
                .map(this::gateways)
                .toList();
        assertThat(all).allSatisfy(one -> assertThat(one).hasSize(1));
        assertThat(all.stream().distinct()).hasSize(2);
        assertThat(gateways("/http-bind")).hasSize(1);
    }

    @Test
    void theyGoToAnotherOneWhenItsGatewayIsAway() {
        String ofFirst = IntStream.range(0, SESSIONS)
                .mapToObj(SessionsIT::path)
                .filter(path -> gateways(path).contains(gateways.first()))
                .findFirst()
                .orElseThrow();
        gateways.stopFirst();
        await().untilAsserted(() -> assertThat(gateways(ofFirst)).containsExactly(gateways.second()));
    }
}
