package org.channelgateway.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
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

/** Which gateway the requests of applications go to. */
final class KeysIT {
    private static final int KEYS = 20;
    private static final int REQUESTS = 3;

    @TempDir
    Path folder;

    private final HttpClient application = HttpClient.newHttpClient();
    private RunningGateway first;
    private RunningGateway second;
    private NginxProcess nginx;

    @BeforeEach
    void start() throws IOException, ConfigException {
        first = RunningGateway.start(Files.createDirectory(folder.resolve("first")), "");
        second = RunningGateway.start(Files.createDirectory(folder.resolve("second")), "");
        nginx = new NginxProcess("cluster", Map.of(), first.uri(), second.uri());
    }

    @AfterEach
    void stop() {
        nginx.close();
        second.close();
        first.close();
    }

    private int status(String path, String type, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(nginx.inside() + path))
                .header("Authorization", "Bearer " + RunningGateway.SECRET)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            return application.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private int send(String key) {
        return status("v1/channels/" + key + "/messages", "text/plain", "x");
    }

    /** The gateways that some requests were sent to, as the log has it. */
    private List<String> gateways(Runnable requests, int count) {
        int before = calls().size();
        requests.run();
        await().until(() -> calls().size() == before + count);
        return calls().stream()
                .skip(before)
                .map(line -> line.replaceAll(".* (127\\.0\\.0\\.1:\\d+) .*", "$1"))
                .distinct()
                .toList();
    }

    private List<String> calls() {
        try {
            return nginx.accesses().stream()
                    .filter(line -> line.contains(" POST /v1/"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> ofMessages(List<String> writtenSo) {
        return gateways(() -> writtenSo.forEach(key -> assertThat(send(key)).isEqualTo(202)), writtenSo.size());
    }

    private static List<String> thrice(int key) {
        return List.of("room%2F" + key, "room%2f" + key, "%72oom%2F" + key);
    }

    @Test
    void messagesOfOneKeyGoToOneHoweverItIsWrittenAndThoseOfAllToEach() {
        List<List<String>> all = IntStream.range(0, KEYS)
                .mapToObj(KeysIT::thrice)
                .map(this::ofMessages)
                .toList();

        assertThat(all).allSatisfy(one -> assertThat(one).hasSize(1));
        assertThat(all.stream().distinct()).hasSize(2);
    }

    @Test
    void whatNamesNoKeyInItsPathGoesToEachInTurn() {
        assertThat(gateways(
                        () -> IntStream.range(0, REQUESTS)
                                .forEach(i -> assertThat(status("v1/channels", "application/json", "{\"key\":\"a\"}"))
                                        .isEqualTo(201)),
                        REQUESTS))
                .hasSize(2);
    }

    @Test
    void messagesGoToAnotherOneWhenTheirGatewayIsAway() {
        String ofFirst = IntStream.range(0, KEYS)
                .mapToObj(key -> "away" + key)
                .filter(key -> ofMessages(List.of(key)).contains(first.uri().getAuthority()))
                .findFirst()
                .orElseThrow();
        first.close();

        await().until(() -> send(ofFirst) == 202);
        assertThat(ofMessages(List.of(ofFirst))).containsExactly(second.uri().getAuthority());
    }
}
