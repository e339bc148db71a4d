package org.channelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.channelgateway.limit.HeapRoom;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.RefusalCounts.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many fields a request may have, and how much the heads of all may take together, over real sockets. */
@Timeout(60)
final class HeadRoomIT {
    private static final int FIELDS = 100;
    private static final String LONG = get("/here", fields(FIELDS - 1));
    /** What {@link #LONG} takes before its end has come: its last field may still go on. */
    private static final int TAKEN = LONG.length() * ClientConnection.HEAP_PER_BYTE
            + (FIELDS - 1) * ClientConnection.HEAP_PER_FIELD
            - ClientConnection.FREE_BYTES;
    /** For two of them, and no third. */
    private static final int ROOM = TAKEN * 5 / 2;

    private static final String SHORT = get("/here", fields(10)) + "\r\n";

    private final RefusalCounts refusals = new RefusalCounts();
    private final HeapRoom heads = new HeapRoom(ROOM);
    private final Queue<Call> held = new ConcurrentLinkedQueue<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final HttpServer server = new HttpServer(
            new HttpConfig("127.0.0.1", 0, Duration.ofHours(2), 8192),
            HttpLimits.DEFAULT,
            heads,
            System::nanoTime,
            refusals);

    HeadRoomIT() throws IOException {
        server.start(
                List.of(
                        Route.get("/here", call -> call.answer(204)),
                        Route.get("/held", held::add),
                        Route.post("/take", call -> call.body(10_000, body -> call.answer(204)))),
                new Origins(Set.of()));
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        try {
            await().until(() -> heads.bytes() == 0);
        } finally {
            server.close();
        }
    }

    private static String fields(int count) {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < count; i++) {
            fields.append('x').append(i).append(":1\r\n");
        }
        return fields.toString();
    }

    /** @param fields below the first one */
    private static String get(String path, String fields) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields;
    }

    private Socket connect(int from) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) from}), 0));
        socket.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.uri().getPort()));
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static Socket send(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private Socket send(String bytes) throws IOException {
        return send(connect(1), bytes);
    }

    /** One whose head has come but for its end. */
    private Socket begin() throws IOException {
        long before = heads.bytes();
        Socket socket = send(LONG);
        await().until(() -> heads.bytes() == before + TAKEN);
        return socket;
    }

    /** The head of an answer, and its body if it has a length. */
    private static String answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            assertThat(octet).as("end of %s", answer).isNotNegative();
            answer.append((char) octet);
        }
        String name = "Content-Length: ";
        int at = answer.indexOf(name);
        if (at >= 0) {
            int length = Integer.parseInt(answer.substring(at + name.length(), answer.indexOf("\r", at)));
            answer.append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
        }
        return answer.toString();
    }

    /** With an answer or without: a reset loses it. */
    private static void assertEnds(Socket socket) throws IOException {
        try {
            assertThat(rest(socket)).doesNotStartWith("HTTP/1.1 2");
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private void assertServed(Socket socket) throws IOException {
        assertThat(answer(socket)).startsWith("HTTP/1.1 204 ");
    }

    private void assertRefused(Socket socket) throws IOException {
        assertThat(answer(socket))
                .startsWith("HTTP/1.1 503 ")
                .contains("Retry-After: ", "Connection: close\r\n", "Content-Type: application/problem+json\r\n")
                .contains("headers: too long, while many are (expected: again soon)");
        assertThat(refusals.count(new Refusal("http", "heads"))).isEqualTo(1);
    }

    @Test
    void takesAsManyFieldsAsMayBeAndNoMore() throws IOException {
        String most = get("/here", fields(ClientConnection.MAX_FIELDS - 1));
        Socket served = send(most + "\r\n");
        assertServed(served);
        served.close();
        await().until(() -> heads.bytes() == 0);
        assertThat(answer(send(most + "y:1\r\n\r\n")))
                .startsWith("HTTP/1.1 431 ")
                .contains("Connection: close\r\n", "Content-Type: application/problem+json\r\n")
                .contains("headers: more than 128 fields (expected: at most so many)");
        assertThat(refusals.count(new Refusal("http", "header-too-large"))).isEqualTo(1);
    }

    @Test
    void saysSoOfAHeadThatIsStillComing() throws IOException {
        assertThat(answer(send(get("/here", fields(ClientConnection.MAX_FIELDS + 1)))))
                .startsWith("HTTP/1.1 431 ");
        await().until(() -> heads.bytes() == 0);
    }

    @Test
    void countsTheFieldsBehindTheChunks() throws IOException {
        String head =
                "POST /take HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + fields(60) + "\r\n1\r\nb\r\n0\r\n";
        assertServed(send(head + fields(60) + "\r\n"));
        assertThat(answer(send(head + fields(70) + "\r\n"))).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void refusesALongHeadWhileOthersFillTheRoom() throws IOException {
        begin();
        begin();
        long full = heads.bytes();

        assertRefused(send(LONG + "\r\n"));
        await().until(() -> heads.bytes() == full);
        assertServed(send(SHORT));
    }

    /** There is no field yet that the parser could tell of. */
    @Test
    void endsAConnectionWhoseOnlyFieldGoesOnWhenThereIsNoRoom() throws IOException {
        HeapRoom.Claim others = heads.claim(null);
        assertThat(others.growTo(ROOM)).isTrue();
        assertEnds(send(get("/here", "cookie: " + "y".repeat(5000))));
        assertEnds(send("GET /" + "y".repeat(5000)));
        await().until(() -> refusals.count(new Refusal("http", "heads")) == 2);
        assertThat(heads.bytes()).isEqualTo(ROOM);
        others.close();
    }

    @Test
    void countsBytesOfAPathAndOfAFieldThatHaveNotComeWhole() throws IOException {
        String path = "GET /" + "ü".repeat(2000);
        send(path);
        int bytes = path.getBytes(StandardCharsets.UTF_8).length;
        int taken = bytes * ClientConnection.HEAP_PER_BYTE - ClientConnection.FREE_BYTES;
        await().until(() -> heads.bytes() == taken);
    }

    @Test
    void countsNoBytesOfABody() throws IOException {
        Socket socket = send("POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n" + "b".repeat(8999));
        await().until(() -> Routers.waitsForBytes(server));
        send(socket, "b");
        assertServed(socket);
        assertThat(heads.bytes()).isZero();
    }

    @Test
    void hasRoomAgainWhenAClientHasGone() throws IOException {
        begin();
        begin().close();
        await().until(() -> heads.bytes() == TAKEN);

        assertServed(send(LONG + "\r\n"));
    }

    /** The parser keeps its buffers. */
    @Test
    void keepsTheRoomForAsLongAsTheConnectionIsOpen() throws IOException {
        Socket socket = send(LONG + "\r\n");
        assertServed(socket);
        long taken = heads.bytes();
        assertThat(taken).isGreaterThanOrEqualTo(TAKEN);
        assertServed(send(socket, SHORT));
        assertServed(send(socket, LONG + "\r\n"));
        assertThat(heads.bytes()).isEqualTo(taken);
        socket.close();
        await().until(() -> heads.bytes() == 0);
    }

    @Test
    void endsAConnectionThatKeepsRoomWhenMoreThanHalfOfItIsTaken() throws IOException {
        begin();
        Socket polling = send(get("/held", LONG.substring(LONG.indexOf("x0"))) + "\r\n");
        await().until(() -> !held.isEmpty());
        Socket little = send(SHORT.replace("/here", "/held"));
        await().until(() -> held.size() == 2);
        held.forEach(call -> call.answer(204));

        assertThat(answer(polling)).startsWith("HTTP/1.1 204 ").contains("Connection: close\r\n");
        assertThat(answer(little)).startsWith("HTTP/1.1 204 ").doesNotContain("Connection: close");
        await().until(() -> heads.bytes() == TAKEN);
    }

    @Test
    void hasRoomForOthersBesideTheAddressThatTakesMost() throws IOException {
        HeapRoom.Claim other = heads.claim(null);
        assertThat(other.growTo(1)).isTrue();
        String most = get("/here", fields(70));
        send(connect(2), most);
        int taken = most.length() * ClientConnection.HEAP_PER_BYTE
                + 70 * ClientConnection.HEAP_PER_FIELD
                - ClientConnection.FREE_BYTES;
        await().until(() -> heads.bytes() == 1 + taken);
        assertRefused(send(connect(2), get("/here", fields(80)) + "\r\n"));
        assertServed(send(connect(3), get("/here", fields(80)) + "\r\n"));
        other.close();
    }
}
