package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What waits at ejabberd for a page that does not fetch it. */
final class ClusterUnfetchedIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** {@code max_waiting_bytes} of the shipped settings. */
    private static final int BOUND_BYTES = 4 << 20;

    private static final int MESSAGE_CHARS = 32_000;
    private static final Pattern MESSAGE = Pattern.compile("<message ");
    private static ClusterGateway gateway;

    private final HttpClient http = ChannelApi.client();
    private final String key = "unfetched/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = new ClusterGateway(FixtureSettings.withoutPages());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private JsonNode connect() throws IOException {
        return JSON.readTree(post("_ah/channel/connect", gateway.api().token(key)));
    }

    private String poll(JsonNode session, int ahead) {
        return post(
                session.path("path").textValue(),
                "<body xmlns='http://jabber.org/protocol/httpbind' rid='%d' sid='%s'/>"
                        .formatted(
                                session.path("rid").longValue() + ahead,
                                session.path("sid").textValue()));
    }

    private String post(String path, String body) {
        HttpResponse<String> answer = ChannelApi.send(
                http,
                HttpRequest.newBuilder(gateway.uri().resolve(path))
                        .timeout(PATIENCE)
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString(body))
                        .build());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    /** Returns how many polls it has taken. */
    private int fetch(JsonNode session, int ahead, int messages) {
        int got = 0;
        int polls = 0;
        while (got < messages) {
            String answer = poll(session, ahead + polls++);
            assertThat(answer).doesNotContain("terminate").contains("<message");
            got += Math.toIntExact(MESSAGE.matcher(answer).results().count());
        }
        assertThat(got).isEqualTo(messages);
        return polls;
    }

    /** What is in use: not what is still to be collected. */
    private static long binariesOfEjabberd() {
        return Long.parseLong(
                gateway.ejabberd().eval("[erlang:garbage_collect(P) || P <- processes()], erlang:memory(binary)"));
    }

    /** More than one answer may hold: mod_bosh gives them in several ({@code max_concat}). And in all, more than may wait at once. */
    @Test
    void isFetchedInSeveralAnswersAgainAndAgain() throws IOException {
        JsonNode session = connect();
        String message = "\"".repeat(MESSAGE_CHARS);
        int messages = 60;
        int polls = 0;
        for (int sent = 0; sent < 2 * BOUND_BYTES; sent += messages * MESSAGE_CHARS) {
            for (int i = 0; i < messages; i++) {
                assertThat(gateway.api().send(key, message)).isEqualTo(1);
            }
            int more = fetch(session, polls, messages);
            assertThat(more).isGreaterThan(1);
            polls += more;
        }
    }

    @Test
    void endsTheSessionBeyondTheBoundAndTheOthersGetAll() throws IOException {
        try (ClusterSubscriber reading =
                new ClusterSubscriber(gateway.uri(), gateway.api().token(key))) {
            await().until(() -> gateway.api().subscribers(key).orElse(0) == 1);
            JsonNode deaf = connect();
            long before = binariesOfEjabberd();
            long most = before;
            List<String> sent = new ArrayList<>();
            int receivers = 2;
            while (receivers == 2 && (long) sent.size() * MESSAGE_CHARS < 2L * BOUND_BYTES) {
                String message = sent.size() + "x".repeat(MESSAGE_CHARS);
                receivers = gateway.api().send(key, message);
                sent.add(message);
                await().atMost(PATIENCE).until(() -> reading.messages().size() == sent.size());
                most = Math.max(most, binariesOfEjabberd());
            }

            assertThat(receivers).isEqualTo(1);
            assertThat((long) sent.size() * MESSAGE_CHARS).isGreaterThan(BOUND_BYTES);
            assertThat(most - before).isBetween(BOUND_BYTES / 2L, 2L * BOUND_BYTES);
            await().atMost(PATIENCE).until(() -> binariesOfEjabberd() < before + BOUND_BYTES / 4);
            assertThat(poll(deaf, 0)).contains("type='terminate'", "condition='item-not-found'");

            assertThat(gateway.api().send(key, "last")).isEqualTo(1);
            sent.add("last");
            await().atMost(PATIENCE).until(() -> reading.messages().size() == sent.size());
            assertThat(reading.messages()).isEqualTo(sent);
            assertThat(reading.wrong()).isEmpty();
            assertThat(reading.sessions()).isEqualTo(1);
        }
    }
}
