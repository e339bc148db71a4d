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
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.channelgateway.nginx.SelfSigned;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many polls that are held at ejabberd, each of them by way of nginx and a gateway. */
final class ClusterHoldsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int POLLS = 1_000;
    private static final int SESSIONS_OF_TOKEN = 100;
    private static final int CONNECTS_AT_ONCE = 16;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** A minute, but for what a clock may be wrong. */
    private static final Duration HELD = Duration.ofSeconds(59);

    private static ClusterGateway gateways;
    private static NginxFront front;

    /** Whichever kind of gateway the other tests run against. */
    private final HttpClient http =
            HttpClient.newBuilder().sslContext(SelfSigned.trusting()).build();

    private final String key = "holds/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateways = new ClusterGateway(FixtureSettings.withoutPages());
        front = NginxFront.of(gateways);
    }

    @AfterAll
    static void stop() {
        front.close();
    }

    private CompletableFuture<String> post(String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(front.uri().resolve(path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(PATIENCE)
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString()).thenApply(ClusterHoldsIT::body);
    }

    private static String body(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    private CompletableFuture<String> poll(JsonNode session) {
        return post(
                session.path("path").textValue(),
                "<body xmlns='http://jabber.org/protocol/httpbind' sid='"
                        + session.path("sid").textValue() + "' rid='"
                        + session.path("rid").longValue() + "'/>");
    }

    private List<JsonNode> sessions(String key, int count) {
        Semaphore connects = new Semaphore(CONNECTS_AT_ONCE);
        List<CompletableFuture<String>> answers = new ArrayList<>();
        String token = "";
        for (int i = 0; i < count; i++) {
            token = i % SESSIONS_OF_TOKEN == 0 ? gateways.api().token(key) : token;
            connects.acquireUninterruptibly();
            answers.add(post("_ah/channel/connect", token).whenComplete((answer, failure) -> connects.release()));
        }
        return answers.stream()
                .map(CompletableFuture::join)
                .map(ClusterHoldsIT::read)
                .toList();
    }

    private static double sum(String series) {
        return IntStream.range(0, 2)
                .mapToObj(i -> Metrics.of(i == 0 ? gateways.uri() : gateways.other()))
                .mapToDouble(metrics -> metrics.value(series))
                .sum();
    }

    private record Answered(String body, Duration after) {}

    /** Of a session that is sent nothing. */
    private CompletableFuture<Answered> idle() {
        JsonNode session = sessions(key + "/idle", 1).get(0);
        long start = System.nanoTime();
        return poll(session).thenApply(body -> new Answered(body, Duration.ofNanos(System.nanoTime() - start)));
    }

    @Test
    void getTheMessageThatIsSentToAllOfThemOrAfterAMinuteNothing() {
        CompletableFuture<Answered> idle = idle();
        List<CompletableFuture<String>> polls =
                sessions(key, POLLS).stream().map(this::poll).toList();
        await().atMost(PATIENCE).until(() -> sum("gateway_held_polls") >= POLLS + (idle.isDone() ? 0 : 1));
        assertThat(sum("gateway_upstream_connections")).isGreaterThanOrEqualTo(POLLS);

        assertThat(gateways.api().send(key, "for a thousand")).isEqualTo(POLLS);

        for (CompletableFuture<String> poll : polls) {
            assertThat(poll.join()).contains("<body>for a thousand</body>");
        }
        await().until(() -> sum("gateway_held_polls") <= 1);
        await().atMost(PATIENCE).until(() -> Metrics.of(gateways.uri()).value("gateway_subscribed_sessions") >= POLLS);
        assertThat(idle.join().after()).isGreaterThan(HELD);
        assertThat(idle.join().body()).startsWith("<body").doesNotContain("terminate", "<message");
        await().until(() -> sum("gateway_held_polls") == 0);
        gateways.api().revoke(key);
        gateways.api().revoke(key + "/idle");
    }

    @Test
    void areCountedUnderNamesLikeAllOthers() {
        Metrics seen = Metrics.of(gateways.uri());

        MetricNamesIT.checkNames(seen);
        MetricNamesIT.checkLabels(seen);
        assertThat(seen.value("gateway_component_up")).isEqualTo(1);
        assertThat(seen.help())
                .containsKeys(
                        "gateway_subscribed_sessions",
                        "gateway_held_polls",
                        "gateway_polling_sessions",
                        "gateway_upstream_connections",
                        "gateway_component_waiting_bytes");
    }

    /** ejabberd notices when it answers, and keeps that answer for the request that is repeated (XEP-0124 §14.3). */
    @Test
    void endWithTheConnectionOfTheirClientWhichLosesNothing() throws Exception {
        String token = gateways.api().token(key);
        double before = sum("gateway_upstream_connections");
        List<HeldPoll> polls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            polls.add(new HeldPoll(gateways.uri(), token));
        }
        await().until(() -> sum("gateway_held_polls") == 20);
        double held = sum("gateway_upstream_connections");

        for (HeldPoll poll : polls) {
            poll.close();
        }

        await().until(() -> sum("gateway_held_polls") == 0 && sum("gateway_upstream_connections") <= held - 20);
        assertThat(held).isGreaterThanOrEqualTo(before);
        assertThat(gateways.api().send(key, "for whoever comes again")).isEqualTo(20);
        for (HeldPoll poll : polls) {
            try (HeldPoll again = poll.again(gateways.other())) {
                assertThat(again.answer()).contains("for whoever comes again");
            }
        }
        gateways.api().revoke(key);
    }
}
