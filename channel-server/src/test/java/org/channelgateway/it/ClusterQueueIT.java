package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
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
import org.channelgateway.fixture.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What waits at a gateway while ejabberd takes nothing for a moment. */
final class ClusterQueueIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int BOUND_BYTES = 1 << 20;
    private static final String FILL = "x".repeat(32_000);
    private static final int SUBSCRIBERS = 8;
    private static final int AT_ONCE = 16;
    private static final int MANY = 1_000;
    private static final int SESSIONS_OF_TOKEN = 100;
    private static final int CONNECTS_AT_ONCE = 16;

    private static ClusterServers servers;

    private final HttpClient http = ChannelApi.client();
    private final String key = "queue-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        servers = new ClusterServers(PostgresServer.shared());
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    private record Sent(String text, CompletableFuture<HttpResponse<String>> answer) {
        int status() {
            return answer.join().statusCode();
        }

        boolean isRefused() {
            return answer.isDone() && status() == 503;
        }
    }

    private CompletableFuture<HttpResponse<String>> post(URI to, String secret, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(to)
                .timeout(PATIENCE)
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(body));
        if (!secret.isEmpty()) {
            request.header("Authorization", "Bearer " + secret);
        }
        return http.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private Sent publish(ClusterGateway gateway, String to, String text) {
        URI messages = gateway.other().resolve("v1/channels/" + to + "/messages");
        return new Sent(text, post(messages, gateway.api().secret(), text));
    }

    private static double waiting(ClusterGateway gateway) {
        return Metrics.of(gateway.other()).value("gateway_component_waiting_bytes");
    }

    @Test
    void isRefusedBeyondItsBoundAndArrivesWhenEjabberdGoesOn() {
        try (ClusterGateway gateway = new ClusterGateway(
                FixtureSettings.withoutPages().with("CHANNEL_EJABBERD_MAXQUEUEDBYTES", Integer.toString(BOUND_BYTES)),
                servers)) {
            String token = gateway.api().token(key);
            List<ClusterSubscriber> subscribers = IntStream.range(0, SUBSCRIBERS)
                    .mapToObj(i -> new ClusterSubscriber(gateway.uri(), token))
                    .toList();
            await().atMost(PATIENCE).until(() -> gateway.api().subscribers(key).orElse(0) == SUBSCRIBERS);

            List<Sent> sent = whileEjabberdHangs(gateway);

            List<String> accepted = sent.stream()
                    .filter(one -> one.status() == 202)
                    .map(Sent::text)
                    .toList();
            assertThat(accepted).isNotEmpty();
            assertThat(sent).allSatisfy(one -> assertThat(one.status()).isIn(202, 503));
            assertThat(sent)
                    .filteredOn(Sent::isRefused)
                    .allSatisfy(one -> assertThat(one.answer.join().headers().firstValue("Retry-After"))
                            .isPresent())
                    .anySatisfy(one -> assertThat(one.answer.join().body()).contains("takes no more now"));
            for (ClusterSubscriber subscriber : subscribers) {
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(subscriber.messages().size()).isEqualTo(accepted.size()));
                assertThat(subscriber.messages().containsAll(accepted)).isTrue();
                assertThat(subscriber.wrong()).isEmpty();
                subscriber.close();
            }
            await().until(() -> waiting(gateway) == 0);
            gateway.api().revoke(key);
        }
    }

    /** Sends until something is refused and something waits. */
    private List<Sent> whileEjabberdHangs(ClusterGateway gateway) {
        List<Sent> sent = new ArrayList<>();
        servers.ejabberd().hang();
        try {
            await().atMost(PATIENCE).until(() -> {
                for (int i = 0; i < AT_ONCE; i++) {
                    sent.add(publish(gateway, key, sent.size() + FILL));
                }
                double waiting = waiting(gateway);
                assertThat(waiting).isLessThanOrEqualTo(BOUND_BYTES);
                return waiting > 0 && sent.stream().anyMatch(Sent::isRefused);
            });
        } finally {
            servers.ejabberd().goOn();
        }
        return sent;
    }

    private void connectMany(ClusterGateway gateway) {
        Semaphore connects = new Semaphore(CONNECTS_AT_ONCE);
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        String token = "";
        for (int i = 0; i < MANY; i++) {
            token = i % SESSIONS_OF_TOKEN == 0 ? gateway.api().token(key) : token;
            connects.acquireUninterruptibly();
            answers.add(post(gateway.uri().resolve("_ah/channel/connect"), "", token)
                    .whenComplete((answer, failure) -> connects.release()));
        }
        assertThat(answers)
                .allSatisfy(one -> assertThat(one.join().statusCode()).isEqualTo(200));
        await().atMost(PATIENCE).until(() -> gateway.api().subscribers(key).orElse(0) == MANY);
    }

    /** ejabberd stands still until both are there, so that the one to many is surely under way. */
    @Test
    void aMessageToAThousandDoesNotHoldUpOneOfAnotherKey() throws Exception {
        try (ClusterGateway gateway = new ClusterGateway(FixtureSettings.withoutPages(), servers);
                HeldPoll other = new HeldPoll(gateway.uri(), gateway.api().token(key + "-other"))) {
            connectMany(gateway);
            Sent many;
            CompletableFuture<Boolean> overtaken;
            servers.ejabberd().hang();
            try {
                many = publish(gateway, key, FILL.substring(0, 24_000));
                await().until(() -> waiting(gateway) > 0);
                double before = waiting(gateway);
                Sent one = publish(gateway, key + "-other", "small");
                overtaken = one.answer.thenApply(answer -> answer.statusCode() == 202 && !many.answer.isDone());
                await().until(() -> waiting(gateway) > before);
            } finally {
                servers.ejabberd().goOn();
            }

            assertThat(overtaken.join()).isTrue();
            assertThat(other.answer()).contains("<body>small</body>");
            assertThat(many.answer.join().body()).contains("\"receivers\":" + MANY);
            gateway.api().revoke(key);
            gateway.api().revoke(key + "-other");
        }
    }
}
