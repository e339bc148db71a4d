package org.channelgateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that is down, slow or broken, and clients that go away. */
@Timeout(120)
final class ProxyOutageIT {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String EVENTS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n";

    @TempDir
    Path folder;

    private RawApplication application;
    private SharedAddress shared;
    private final CountDownLatch over = new CountDownLatch(1);

    @BeforeEach
    void start() throws Exception {
        application = RawApplication.saying(OK);
        shared = new SharedAddress(folder, application.uri());
    }

    @AfterEach
    void stop() {
        over.countDown();
        shared.close();
        application.close();
    }

    private void hold() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for bytes that do not come. */
    private static void readOn(Socket client) throws IOException {
        while (client.getInputStream().read() >= 0) {}
    }

    @Test
    void saysThatTheApplicationIsDownAndFindsItWhenItIsBack() throws Exception {
        int port = application.port();
        application.close();
        HttpResponse<String> answer = shared.get("/");
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(answer.body())
                .contains("application: http://127.0.0.1:" + port + " not reached: Connection refused");
        assertThat(shared.post("/", "x".repeat(500_000)).statusCode()).isEqualTo(502);
        assertThat(shared.get("/_ah/channel/jsapi").statusCode()).isEqualTo(200);
        try (RawApplication back = new RawApplication(port, (head, client) -> RawApplication.say(client, OK))) {
            assertThat(shared.get("/").body()).isEqualTo("ok");
            assertThat(back.heads()).hasSize(1);
        }
    }

    @Test
    void waitsForASlowApplicationNotForEver() throws Exception {
        application.answers((head, client) -> hold());
        CompletableFuture<HttpResponse<String>> answer =
                shared.client().sendAsync(shared.request("/").build(), BodyHandlers.ofString());
        await().until(() -> application.heads().size() == 1);
        shared.move(Duration.ofSeconds(150));
        assertThat(answer).isNotDone();
        shared.move(Duration.ofSeconds(150));
        assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(504);
        assertThat(answer.get().body()).contains("has not begun to answer within 300 s");
    }

    @Test
    void letsABodyTakeItsTimeAsLongAsItComes() throws Exception {
        application.answers((head, client) -> {
            client.getInputStream().readNBytes(head.startsWith("POST") ? 3 : 0);
            RawApplication.say(client, OK);
        });
        try (Socket socket = shared.connect()) {
            send(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na");
            await().until(() -> application.heads().size() == 1);
            shared.move(Duration.ofSeconds(40));
            send(socket, "b");
            assertThat(shared.get("/other").statusCode()).isEqualTo(200);
            send(socket, "c");
            assertThat(RawApplication.head(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void endsABodyThatComesNoFurther() throws Exception {
        application.answers((head, client) -> readOn(client));
        try (Socket socket = shared.connect()) {
            send(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na");
            await().until(() -> application.heads().size() == 1);
            shared.move(Duration.ofSeconds(90));
            assertThat(socket.getInputStream().readAllBytes()).asString().doesNotContain("200");
            await().until(() -> application.connections() == 0);
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\r\nG", // and a byte of a next request
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nbegun"
            })
    void endsTheRequestOfAClientThatGoesAwayBeforeItsAnswer(String sent) throws Exception {
        application.answers((head, client) -> readOn(client));
        try (Socket socket = shared.connect()) {
            send(socket, sent);
            await().until(() -> application.heads().size() == 1);
        }
        await().until(() -> application.connections() == 0);
    }

    @Test
    void endsTheRequestOfAClientThatGoesAwayFromAQuietStream() throws Exception {
        application.answers((head, client) -> {
            RawApplication.say(client, EVENTS);
            readOn(client);
        });
        try (Socket socket = shared.connect()) {
            send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(RawApplication.head(socket.getInputStream())).contains("text/event-stream");
        }
        await().until(() -> application.connections() == 0);
    }

    @Test
    void tellsTheClientWhenTheApplicationBreaksOff() throws Exception {
        application.answers((head, client) -> {
            if (head.startsWith("GET /silent")) {
                return;
            }
            RawApplication.say(client, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun");
        });
        assertThatThrownBy(() -> shared.get("/")).isInstanceOf(IOException.class);
        HttpResponse<String> silent = shared.get("/silent");
        assertThat(silent.statusCode()).isEqualTo(502);
        assertThat(silent.body()).contains("broke off: its answer is not whole");
    }

    @Test
    void breaksOffAChunkedAnswerThatIsNotWhole() throws Exception {
        application.answers((head, client) ->
                RawApplication.say(client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n"));
        try (Socket socket = shared.connect()) {
            send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(socket.getInputStream().readAllBytes())
                    .asString()
                    .contains("begun")
                    .doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void saysThatAnAnswerIsNoHttp() throws Exception {
        application.answers((head, client) -> RawApplication.say(client, "SSH-2.0-OpenSSH\r\n\r\n"));
        HttpResponse<String> answer = shared.get("/");
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("broke off: its answer is no HTTP");
    }

    @Test
    void stopsWhileAStreamIsOpen() throws Exception {
        application.answers((head, client) -> {
            RawApplication.say(client, EVENTS);
            readOn(client);
        });
        try (Socket socket = shared.connect()) {
            send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(RawApplication.head(socket.getInputStream())).contains("text/event-stream");
            shared.close();
            await().until(() -> application.connections() == 0);
        }
    }

    @Test
    void tellsThoseWhoStillWaitWhenItStops() throws Exception {
        application.answers((head, client) -> readOn(client));
        try (Socket socket = shared.connect()) {
            send(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await().until(() -> application.heads().size() == 1);
            shared.close();
            assertThat(socket.getInputStream().readAllBytes()).asString().startsWith("HTTP/1.1 503 ");
            await().until(() -> application.connections() == 0);
        }
    }

    @Test
    void verifiesTheCertificateOfAnApplication() throws Exception {
        try (JettyApplication unknown = JettyApplication.withUnknownCertificate(folder);
                SharedAddress secure =
                        new SharedAddress(Files.createDirectory(folder.resolve("secure")), unknown.uri())) {
            HttpResponse<String> answer = secure.get("/bytes?1");
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body())
                    .contains("application: https://localhost:")
                    .contains("certification path");
        }
    }
}
