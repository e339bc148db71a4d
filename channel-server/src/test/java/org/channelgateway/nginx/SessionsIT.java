package org.channelgateway.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.channelgateway.config.ConfigException;
import org.channelgateway.server.RunningGateway;
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

    private RunningGateway first;
    private RunningGateway second;
    private NginxProcess nginx;
    private RawHttps browser;

    @BeforeEach
    void start() throws IOException, ConfigException {
        first = RunningGateway.start(Files.createDirectory(folder.resolve("first")), "");
        second = RunningGateway.start(Files.createDirectory(folder.resolve("second")), "");
        nginx = new NginxProcess("cluster", Map.of(), first.uri(), second.uri());
        browser = new RawHttps(nginx.uri());
    }

    @AfterEach
    void stop() {
        nginx.close();
        second.close();
        first.close();
    }

    /** The gateways that served the requests of one session, as the log has it. */
    private List<String> gateways(String path) {
        int before = polls().size();
        for (int i = 0; i < REQUESTS; i++) {
            assertThat(browser.post(path, "<body/>").status()).isNotZero();
        }
        await().until(() -> polls().size() == before + REQUESTS);
        return polls().stream()
                .skip(before)
                .map(line -> line.replaceAll(".* (127\\.0\\.0\\.1:\\d+) .*", "$1"))
                .distinct()
                .toList();
    }

    private List<String> polls() {
        try {
            return nginx.accesses().stream()
                    .filter(line -> line.contains(" POST /http-bind"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
                .filter(path -> gateways(path).contains(first.uri().getAuthority()))
                .findFirst()
                .orElseThrow();
        first.close();
        await().untilAsserted(() ->
                assertThat(gateways(ofFirst)).containsExactly(second.uri().getAuthority()));
    }
}
