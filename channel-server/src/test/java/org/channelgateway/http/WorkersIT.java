package org.channelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that wait do not hold up those that do not. */
@Timeout(60)
final class WorkersIT {
    /** More than the server has threads of its own, and than there are workers. */
    private static final int MANY = 60;

    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();
    private final Workers workers = new Workers();
    private final HttpServer server = new HttpServer(new HttpConfig("127.0.0.1", 0, Duration.ofMinutes(2), 8192));
    private final HttpClient http = HttpClient.newHttpClient();

    WorkersIT() throws IOException {
        server.handOverTo(workers);
        server.start(
                List.of(
                        Route.get("/slow", call -> passGate(call, new byte[0])),
                        Route.post("/slow", call -> call.body(1000, body -> passGate(call, body))),
                        Route.get("/prompt", call -> call.answer(204)).prompt()),
                new Origins(Set.of()));
    }

    @AfterEach
    void stop() {
        open.countDown();
        server.close();
        workers.close();
    }

    private void passGate(Call call, byte[] body) {
        waiting.incrementAndGet();
        try {
            open.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts", e);
        }
        call.answer(200, "text/plain", body);
    }

    private HttpRequest.Builder at(String path) {
        return HttpRequest.newBuilder(server.uri().resolve(path));
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
        return http.sendAsync(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    @Test
    void aPromptRequestIsAnsweredWhileManyWait() {
        List<CompletableFuture<HttpResponse<String>>> slow = Stream.iterate(0, i -> i < MANY, i -> i + 1)
                .map(i -> send(
                        i % 2 == 0
                                ? at("slow").build()
                                : at("slow")
                                        .POST(BodyPublishers.ofString("body " + i))
                                        .build()))
                .toList();
        await().until(() -> waiting.get() >= 48);

        assertThat(send(at("prompt").build()).join().statusCode()).isEqualTo(204);

        assertThat(slow).noneMatch(CompletableFuture::isDone);
        open.countDown();
        assertThat(slow.stream().map(CompletableFuture::join)).allMatch(answer -> answer.statusCode() == 200);
        assertThat(slow.get(1).join().body()).isEqualTo("body 1");
    }
}
