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
import java.nio.file.Path;
import java.util.List;
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
    private TwoGateways gateways;

    @BeforeEach
    void start() throws IOException, ConfigException {
        gateways = new TwoGateways(folder);
    }

    @AfterEach
    void stop() {
        gateways.close();
    }

    private int status(String path, String type, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateways.nginx().inside() + path))
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

    private List<String> gateways(Runnable requests, int count) {
        return gateways.of("/v1/", count, requests);
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
                .filter(key -> ofMessages(List.of(key)).contains(gateways.first()))
                .findFirst()
                .orElseThrow();
        gateways.stopFirst();

        await().until(() -> send(ofFirst) == 202);
        assertThat(ofMessages(List.of(ofFirst))).containsExactly(gateways.second());
    }
}
