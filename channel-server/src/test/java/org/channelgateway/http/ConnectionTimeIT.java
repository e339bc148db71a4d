package org.channelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.RefusalCounts.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a client may take (RFC 9112 §9.5), over real sockets with a clock that is moved. */
@Timeout(60)
final class ConnectionTimeIT {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration REQUEST = HttpLimits.DEFAULT.requestTime();
    private static final Duration ANSWER = HttpLimits.DEFAULT.answerTime();
    private static final Duration IDLE = HttpLimits.DEFAULT.idle();
    /** More than the buffers of two sockets hold. */
    private static final int LARGE = 32 << 20;

    private static final int LONG = 100_000;

    private static final String GET = "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HEAD = "POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n";
    private static final Refusal TOO_SLOW = new Refusal("http", "request-time");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L); // overflows soon, as it may
    private final RefusalCounts refusals = new RefusalCounts();
    private final List<Call> held = new CopyOnWriteArrayList<>();
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final HttpServer server = new HttpServer(
            new HttpConfig("127.0.0.1", 0, Duration.ofHours(2), 8192), HttpLimits.DEFAULT, now::get, refusals);

    ConnectionTimeIT() throws IOException {
        server.start(
                List.of(
                        Route.get("/hold", held::add),
                        Route.get("/large", call -> call.answer(200, "text/plain", new byte[LARGE])),
                        Route.post(
                                "/take",
                                call -> call.body(LONG, body -> {
                                    taken.add(new String(body, StandardCharsets.US_ASCII));
                                    call.answer(200, "text/plain", body);
                                }))),
                new Origins(Set.of()));
    }

    @AfterEach
    void nothingIsLeftOpen() {
        await().until(() -> Routers.connections(server) == 0);
        server.close();
    }

    private void move(Duration time) {
        now.addAndGet(time.toNanos());
        server.tick();
    }

    private Socket connect() throws IOException {
        int before = Routers.connections(server);
        Socket socket = new Socket(server.uri().getHost(), server.uri().getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        await().until(() -> Routers.connections(server) == before + 1);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            assertThat(octet).as("end of %s", head).isNotNegative();
            head.append((char) octet);
        }
        int at = head.indexOf("Content-Length: ") + "Content-Length: ".length();
        in.readNBytes(Integer.parseInt(head.substring(at, head.indexOf("\r", at))));
        return head.substring(0, head.indexOf("\r"));
    }

    private void answerHeld(int which) {
        held.get(which).answer(200, "text/plain", new byte[1]);
    }

    private void awaitClosed() {
        await().until(() -> Routers.connections(server) == 0);
    }

    /** One byte a second, each of them read by the server, until there is no time left. */
    private void drip(Socket socket, String text, Duration time) throws IOException {
        for (int i = 0; i < time.toSeconds(); i++) {
            send(socket, text.substring(i, i + 1));
            await().until(() -> Routers.waitsForBytes(server));
            move(SECOND);
        }
    }

    private Socket halfABody() throws IOException {
        Socket socket = connect();
        send(socket, HEAD.replace("100", String.valueOf(LONG)) + "b".repeat(LONG / 2));
        await().until(() -> server.bodyBytes() >= LONG / 2 - BodyReader.FREE_BYTES);
        return socket;
    }

    @Test
    void givesBackTheRoomOfABodyThatTakesTooLong() throws IOException {
        try (Socket slow = halfABody()) {
            send(slow, "b");
            move(REQUEST.plus(SECOND));
            awaitClosed();
            await().until(() -> server.bodyBytes() == 0);
        }
    }

    @Test
    void givesBackTheRoomOfABodyWhoseClientGoesAway() throws IOException {
        try (Socket gone = halfABody()) {
            gone.setSoLinger(true, 0); // closes with a reset
        }
        awaitClosed();
        await().until(() -> server.bodyBytes() == 0);
    }

    @Test
    void closesASlowHeaderWithinFifteenSecondsHoweverOftenAByteOfItComes() throws IOException {
        assertThat(REQUEST.plus(SECOND)).isLessThanOrEqualTo(Duration.ofSeconds(15));
        try (Socket slow = connect()) {
            send(slow, "P");
            awaitRequestBegun();
            drip(slow, "OST /take HTTP/1.1\r\n", REQUEST.minus(SECOND));
            assertThat(Routers.connections(server)).isEqualTo(1);
            move(SECOND);
            awaitClosed();
        }
        assertThat(refusals.all()).isEqualTo(Map.of(TOO_SLOW, 1L));
    }

    @Test
    void closesASlowBodyWithinTheSameTime() throws IOException {
        try (Socket slow = connect()) {
            send(slow, HEAD);
            awaitRequestBegun();
            drip(slow, "x".repeat(50), REQUEST.minus(SECOND));
            assertThat(Routers.connections(server)).isEqualTo(1);
            move(SECOND);
            awaitClosed();
        }
        assertThat(refusals.all()).isEqualTo(Map.of(TOO_SLOW, 1L));
        assertThat(taken).isEmpty();
    }

    @Test
    void givesAPipelinedSlowRequestNoMoreTime() throws IOException {
        try (Socket slow = connect()) {
            send(slow, GET + HEAD + "x");
            await().until(() -> held.size() == 1);
            move(IDLE.multipliedBy(2));
            answerHeld(0);
            await().until(() -> Routers.waitsForBytes(server));
            drip(slow, "x".repeat(50), REQUEST.minus(SECOND));
            assertThat(Routers.connections(server)).isEqualTo(1);
            move(SECOND);
            awaitClosed();
        }
        assertThat(refusals.all()).isEqualTo(Map.of(TOO_SLOW, 1L));
    }

    /** What came of it with the request before is all that comes. */
    @Test
    void givesThePipelinedBeginningOfARequestNoMoreTimeEither() throws IOException {
        try (Socket slow = connect()) {
            send(slow, GET + HEAD.substring(0, 30));
            await().until(() -> held.size() == 1);
            move(IDLE.multipliedBy(2));
            answerHeld(0);
            assertThat(answer(slow)).isEqualTo("HTTP/1.1 200 OK");
            await().until(() -> Routers.waitsForBytes(server));
            move(REQUEST.minus(SECOND));
            assertThat(Routers.connections(server)).isEqualTo(1);
            move(SECOND);
            awaitClosed();
        }
        assertThat(refusals.all()).isEqualTo(Map.of(TOO_SLOW, 1L));
    }

    @Test
    void takesAPipelinedRequestWhoseRestComesInTime() throws IOException {
        try (Socket client = connect()) {
            send(client, GET + HEAD.substring(0, 30));
            await().until(() -> held.size() == 1);
            answerHeld(0);
            assertThat(answer(client)).isEqualTo("HTTP/1.1 200 OK");
            await().until(() -> Routers.waitsForBytes(server));
            move(REQUEST.minus(SECOND));
            send(client, HEAD.substring(30) + "x".repeat(100));
            assertThat(answer(client)).isEqualTo("HTTP/1.1 200 OK");
            await().until(() -> Routers.waitsForBytes(server));
            move(IDLE.minus(SECOND));
            assertThat(Routers.connections(server)).isEqualTo(1);
        }
        assertThat(refusals.all()).isEmpty();
    }

    @Test
    void closesAConnectionThatSendsNothing() throws IOException {
        try (Socket mute = connect()) {
            move(REQUEST.minusNanos(1));
            assertThat(Routers.connections(server)).isEqualTo(1);
            move(SECOND);
            assertThat(mute.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void leavesAHeldRequestAloneAndGivesTheNextOneItsTime() throws IOException {
        try (Socket client = connect()) {
            for (int i = 0; i < 3; i++) {
                int before = i;
                send(client, GET);
                await().until(() -> held.size() == before + 1);
                move(Duration.ofHours(1));
                assertThat(Routers.connections(server)).isEqualTo(1);
                answerHeld(i);
                assertThat(answer(client)).isEqualTo("HTTP/1.1 200 OK");
                await().until(() -> Routers.waitsForBytes(server));
                move(IDLE.minus(SECOND));
            }
            send(client, HEAD.substring(0, 20));
            awaitRequestBegun();
            move(REQUEST.minus(SECOND));
            send(client, HEAD.substring(20) + "x".repeat(100));
            assertThat(answer(client)).isEqualTo("HTTP/1.1 200 OK");
            await().until(() -> Routers.waitsForBytes(server));
            move(IDLE);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(refusals.all()).isEmpty();
    }

    @Test
    void closesAClientThatDoesNotReadItsAnswer() throws IOException {
        try (Socket deaf = connect();
                Socket other = connect()) {
            send(deaf, GET.replace("hold", "large"));
            await().until(() -> Routers.isWriting(server));
            send(other, GET);
            await().until(() -> held.size() == 1);
            move(ANSWER.minus(SECOND));
            assertThat(Routers.connections(server)).isEqualTo(2);
            move(SECOND);
            await().until(() -> Routers.connections(server) == 1);
            answerHeld(0);
            assertThat(answer(other)).isEqualTo("HTTP/1.1 200 OK");
        }
        assertThat(refusals.all()).isEqualTo(Map.of(new Refusal("http", "answer-time"), 1L));
    }

    /** The server has read what came, and waits for more of it. */
    private void awaitRequestBegun() {
        await().until(() -> Routers.hasBegunRequest(server) && Routers.waitsForBytes(server));
    }
}
