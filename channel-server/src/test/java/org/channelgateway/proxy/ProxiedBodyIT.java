package org.channelgateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bodies and answers of every length, as they come. */
@Timeout(120)
final class ProxiedBodyIT {
    private static final int LARGE = 50 << 20;
    /** More than sockets hold: what was written beyond it is kept somewhere. */
    private static final long MANY = 32 << 20;

    @TempDir
    Path folder;

    private final JettyApplication application = new JettyApplication();
    private RawApplication raw;
    private SharedAddress shared;
    private SharedAddress rawShared;

    @BeforeEach
    void start() throws Exception {
        raw = RawApplication.saying("HTTP/1.1 200 OK\r\n\r\n");
        shared = new SharedAddress(folder, application.uri());
        rawShared = new SharedAddress(java.nio.file.Files.createDirectory(folder.resolve("raw")), raw.uri());
    }

    @AfterEach
    void stop() {
        rawShared.close();
        shared.close();
        raw.close();
        application.close();
    }

    @Test
    void takesALargeBodyWithItsLengthAndInChunks() throws Exception {
        byte[] body = JettyApplication.bytes(LARGE);
        CRC32 crc = new CRC32();
        crc.update(body);
        String sum = LARGE + " " + Long.toHexString(crc.getValue());
        assertThat(shared.send(shared.request("/sum")
                                .POST(BodyPublishers.ofByteArray(body))
                                .build())
                        .body())
                .isEqualTo(sum);
        assertThat(shared.send(shared.request("/sum")
                                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
                                .build())
                        .body())
                .isEqualTo(sum);
    }

    @Test
    void bringsALargeAnswer() throws Exception {
        HttpResponse<InputStream> answer =
                shared.client().send(shared.request("/bytes?" + LARGE).build(), BodyHandlers.ofInputStream());
        CRC32 expected = new CRC32();
        expected.update(JettyApplication.bytes(LARGE));
        CRC32 crc = new CRC32();
        try (CheckedInputStream in = new CheckedInputStream(answer.body(), crc)) {
            assertThat(in.transferTo(OutputStream.nullOutputStream())).isEqualTo(LARGE);
        }
        assertThat(crc.getValue()).isEqualTo(expected.getValue());
    }

    @Test
    void readsNoMoreOfABodyThanTheApplicationTakes() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        raw.answers((head, client) -> {
            await(done);
        });
        assertThat(pushed(rawShared.connect(), done)).isLessThan(MANY);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many bytes of a body are taken before no more are. */
    private static long pushed(Socket socket, CountDownLatch done) throws Exception {
        AtomicLong pushed = new AtomicLong();
        try (socket) {
            Thread writer = new Thread(() -> {
                try {
                    OutputStream out = socket.getOutputStream();
                    out.write(("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + (4 * MANY) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
                    byte[] part = new byte[64 * 1024];
                    while (pushed.get() < 4 * MANY) {
                        out.write(part);
                        pushed.addAndGet(part.length);
                    }
                } catch (IOException e) {
                    // closed at the end of the test
                }
            });
            writer.start();
            awaitStandstill(pushed);
            long stoppedAt = pushed.get();
            done.countDown();
            socket.close();
            writer.join();
            return stoppedAt;
        }
    }

    private static void awaitStandstill(AtomicLong count) {
        AtomicLong before = new AtomicLong(-1);
        org.awaitility.Awaitility.await()
                .pollInterval(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(60))
                .until(() -> count.get() > 0 && before.getAndSet(count.get()) == count.get());
    }

    @Test
    void readsNoMoreOfAnAnswerThanTheClientTakes() throws Exception {
        AtomicLong written = new AtomicLong();
        raw.answers((head, client) -> {
            RawApplication.say(client, "HTTP/1.1 200 OK\r\nContent-Length: " + (4 * MANY) + "\r\n\r\n");
            byte[] part = new byte[64 * 1024];
            while (written.get() < 4 * MANY) {
                client.getOutputStream().write(part);
                written.addAndGet(part.length);
            }
        });
        try (Socket socket = rawShared.connect()) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            awaitStandstill(written);
            assertThat(written.get()).isLessThan(MANY);
        }
        org.awaitility.Awaitility.await().until(() -> raw.connections() == 0);
    }

    @Test
    void bringsEachEventOfAStreamAtOnce() throws Exception {
        HttpResponse<InputStream> answer =
                shared.client().send(shared.request("/events").build(), BodyHandlers.ofInputStream());
        assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
        try (InputStream in = answer.body()) {
            for (int i = 0; i < 3; i++) {
                String event = "data: " + i + "\n\n";
                application.event(event);
                assertThat(new String(in.readNBytes(event.length()), StandardCharsets.UTF_8))
                        .isEqualTo(event);
            }
            shared.move(Duration.ofMinutes(30)); // of silence
            tick();
            application.event("data: late\n\n");
            assertThat(new String(in.readNBytes(12), StandardCharsets.UTF_8)).isEqualTo("data: late\n\n");
            application.endEvents();
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    /** The gateway has looked at the time. */
    private void tick() {
        AtomicLong looks = new AtomicLong();
        org.awaitility.Awaitility.await().pollInterval(Duration.ofSeconds(1)).until(() -> looks.incrementAndGet() == 3);
    }

    @Test
    void asksTheApplicationWhetherTheBodyIsToCome() throws Exception {
        raw.answers((head, client) -> {
            if (head.startsWith("POST /no")) {
                RawApplication.say(client, "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
            } else {
                RawApplication.say(client, "HTTP/1.1 100 Continue\r\n\r\n");
                String body = new String(client.getInputStream().readNBytes(4), StandardCharsets.US_ASCII);
                RawApplication.say(client, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + body);
            }
        });
        String head = " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
        try (Socket socket = rawShared.connect()) {
            socket.getOutputStream().write(("POST /yes" + head).getBytes(StandardCharsets.US_ASCII));
            assertThat(RawApplication.head(socket.getInputStream())).startsWith("HTTP/1.1 100 ");
            socket.getOutputStream().write("body".getBytes(StandardCharsets.US_ASCII));
            assertThat(RawApplication.head(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
            assertThat(socket.getInputStream().readNBytes(4)).asString().isEqualTo("body");
        }
        assertThat(rawShared.raw("POST /no" + head)).startsWith("HTTP/1.1 417 ").doesNotContain("100 Continue");
    }

    @Test
    void sendsTheBodyInTheEndToAnApplicationThatNeverAsksForIt() throws Exception {
        raw.answers((head, client) -> {
            String body = new String(client.getInputStream().readNBytes(4), StandardCharsets.US_ASCII);
            RawApplication.say(client, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + body);
        });
        try (Socket socket = rawShared.connect()) {
            socket.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(RawApplication.head(socket.getInputStream())).startsWith("HTTP/1.1 100 ");
            socket.getOutputStream().write("body".getBytes(StandardCharsets.US_ASCII));
            assertThat(RawApplication.head(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void bringsAnAnswerThatComesBeforeTheBodyIsSent() throws Exception {
        raw.answers((head, client) -> {
            RawApplication.say(client, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
            client.shutdownOutput();
            client.getInputStream().readNBytes(1000);
        });
        try (Socket socket = rawShared.connect()) {
            socket.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(RawApplication.head(socket.getInputStream())).startsWith("HTTP/1.1 413 ");
            assertThat(socket.getInputStream().readNBytes(3)).asString().isEqualTo("big");
            socket.getOutputStream().write(new byte[500_000]);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(RawApplication.head(socket.getInputStream())).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void servesAClientOfHttp10AndAnApplicationOfHttp10() throws Exception {
        raw.answers((head, client) -> RawApplication.say(client, "HTTP/1.0 200 OK\r\n\r\nuntil the end"));
        assertThat(rawShared.raw("GET / HTTP/1.0\r\n\r\n"))
                .doesNotContain("chunked")
                .endsWith("\r\n\r\nuntil the end");
        assertThat(raw.values("Host")).containsExactly("127.0.0.1:" + raw.port());
        assertThat(rawShared.get("/").body()).isEqualTo("until the end");
    }

    @Test
    void answersManyRequestsOverOneConnectionInOrder() throws Exception {
        try (Socket socket = shared.connect()) {
            String one = "GET /bytes?10 HTTP/1.1\r\nHost: a\r\n\r\n";
            socket.getOutputStream().write((one + one + one).getBytes(StandardCharsets.US_ASCII)); // pipelined
            for (int i = 0; i < 3; i++) {
                assertThat(RawApplication.head(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
                assertThat(socket.getInputStream().readNBytes(10)).isEqualTo(JettyApplication.bytes(10));
            }
            socket.getOutputStream()
                    .write(
                            "POST /sum HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /_ah/channel/jsapi HTTP/1.1\r\nHost: a\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(RawApplication.head(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
            assertThat(new String(socket.getInputStream().readNBytes(10), StandardCharsets.US_ASCII))
                    .startsWith("3 ");
            assertThat(RawApplication.head(socket.getInputStream())).contains("text/javascript");
        }
    }
}
