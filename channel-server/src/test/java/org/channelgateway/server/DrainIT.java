package org.channelgateway.server;

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
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a gateway stops: nobody new comes in, and those who are there are told a few at a time. */
final class DrainIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Shorter than a poll is held. */
    private static final Duration SPREAD = Duration.ofSeconds(30);

    private static final int SESSIONS = 4;

    /** One page: its session, the request it goes on with, and the poll that is held for it. */
    private record Page(String sid, long next, CompletableFuture<HttpResponse<String>> held) {
        boolean isTold() {
            return held.isDone() && held.join().body().contains("type='terminate' condition='system-shutdown'");
        }
    }

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicLong nanos = new AtomicLong();
    private final List<Page> pages = new ArrayList<>();
    private RunningGateway gateway;
    /** Of a gateway that stops; each test stops it. */
    private CompletableFuture<Void> closing = new CompletableFuture<>();

    private String token;

    @BeforeEach
    void startAndConnect() throws Exception {
        gateway = RunningGateway.start(
                folder,
                "",
                InstantSource.system(),
                nanos::get,
                Map.of("CHANNEL_SHUTDOWN_SPREAD", "30s", "CHANNEL_SHUTDOWN_LIMIT", "90s"));
        token = JSON.readTree(
                        gateway.json("POST", "/v1/channels", "{\"key\":\"k\"}").body())
                .path("token")
                .textValue();
        for (int i = 0; i < SESSIONS; i++) {
            pages.add(connect());
        }
    }

    @AfterEach
    void endTheSpread() throws Exception {
        nanos.addAndGet(SPREAD.toNanos());
        closing.get(60, TimeUnit.SECONDS);
    }

    private Page connect() throws Exception {
        JsonNode session =
                JSON.readTree(gateway.text("/_ah/channel/connect", token).body());
        String sid = session.path("sid").textValue();
        long rid = session.path("rid").longValue();
        CompletableFuture<HttpResponse<String>> before = poll(sid, rid);
        CompletableFuture<HttpResponse<String>> held = poll(sid, rid + 1);
        before.get(20, TimeUnit.SECONDS); // it is let go when the next one is held
        return new Page(sid, rid + 2, held);
    }

    private CompletableFuture<HttpResponse<String>> poll(String sid, long rid) {
        return post("<body rid='%d' sid='%s' xmlns='http://jabber.org/protocol/httpbind'/>".formatted(rid, sid));
    }

    private CompletableFuture<HttpResponse<String>> post(String body) {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri().resolve("http-bind"))
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) {
        return gateway.send("GET", path, "");
    }

    private void stop() {
        RunningGateway stopped = gateway;
        closing = CompletableFuture.runAsync(stopped::close);
        await().until(() -> get("/readyz").statusCode() == 503);
    }

    private long told() {
        return pages.stream().filter(Page::isTold).count();
    }

    @Test
    void isReadyUntilItStopsAndAliveMeanwhile() throws IOException {
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        await().until(() -> get("/readyz").statusCode() == 200);
        stop();
        HttpResponse<String> ready = get("/readyz");
        assertThat(ready.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(ready.headers().firstValue("Retry-After")).hasValue("5");
        JsonNode problem = JSON.readTree(ready.body());
        assertThat(problem.path("detail").textValue()).isEqualTo("not ready: stopping");
        assertThat(problem.path("reasons").get(0).textValue()).isEqualTo("stopping");
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(get("/metrics").body()).contains("gateway_backend_up 0.0");
    }

    @Test
    void takesNoNewSessions() throws Exception {
        stop();
        HttpResponse<String> connect = gateway.text("/_ah/channel/connect", token);
        assertThat(connect.statusCode()).isEqualTo(503);
        assertThat(Integer.parseInt(connect.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(2, 6);
        String creation = "<body rid='1' to='localhost' wait='60' hold='1' xml:lang='en' ver='1.11'"
                + " xmlns='http://jabber.org/protocol/httpbind'/>";
        assertThat(post(creation).get(20, TimeUnit.SECONDS).body())
                .contains("type='terminate' condition='system-shutdown'");
    }

    @Test
    void spreadsTheEndsOfSessionsEvenlyAndServesTheOthersMeanwhile() throws Exception {
        stop();
        await().until(() -> told() == 1);
        for (int ended = 2; ended < SESSIONS; ended++) {
            nanos.addAndGet(SPREAD.toNanos() / SESSIONS);
            int expected = ended;
            await().until(() -> told() == expected);
            assertThat(gateway.text("/v1/channels/k/messages", "to the rest").body())
                    .contains("\"receivers\":" + (SESSIONS - ended));
            repoll();
        }
        nanos.addAndGet(SPREAD.toNanos() / SESSIONS);
        await().until(() -> told() == SESSIONS);
        closing.get(30, TimeUnit.SECONDS);
    }

    /** Those who got the message go on with the next poll. */
    private void repoll() throws Exception {
        for (int i = 0; i < SESSIONS; i++) {
            Page page = pages.get(i);
            if (!page.isTold()) {
                assertThat(page.held.get(20, TimeUnit.SECONDS).body()).contains("to the rest");
                pages.set(i, new Page(page.sid, page.next + 1, poll(page.sid, page.next)));
            }
        }
    }

    @Test
    void endsAllWhenTheSpreadIsOver() throws Exception {
        stop();
        nanos.addAndGet(SPREAD.toNanos());
        closing.get(30, TimeUnit.SECONDS);
        await().until(() -> told() == SESSIONS);
    }
}
