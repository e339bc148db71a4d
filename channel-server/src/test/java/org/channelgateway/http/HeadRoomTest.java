package org.channelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.channelgateway.limit.HeapRoom;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.RefusalCounts.Refusal;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.LocalConnector.LocalEndPoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many fields a request may have, and how much the heads of all may take together, with Jetty without a socket. */
final class HeadRoomTest {
    /** Of a head in which nothing else is long. */
    private static final int FIELDS = 100;
    /** For two of them, and no third. */
    private static final int ROOM = 20_000;

    private static final String LONG = fields(FIELDS - 1);

    private final RefusalCounts refusals = new RefusalCounts();
    private final HeapRoom heads = new HeapRoom(ROOM);
    private final Queue<Call> held = new ConcurrentLinkedQueue<>();

    private final LocalConnector connector = Routers.connector(
            refusals,
            heads,
            Route.get("/here", call -> call.answer(204)),
            Route.get("/held", held::add),
            Route.post("/take", call -> call.body(100, body -> call.answer(204))));

    @BeforeEach
    void start() throws Exception {
        connector.getServer().start();
    }

    @AfterEach
    void stop() throws Exception {
        connector.getServer().stop();
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

    private LocalEndPoint send(String bytes) {
        LocalEndPoint connection = connector.connect();
        connection.addInput(bytes);
        return connection;
    }

    /** One whose head has come but for its end. */
    private LocalEndPoint begin() {
        long before = heads.bytes();
        LocalEndPoint connection = send(get("/here", LONG));
        await().until(() -> heads.bytes() >= before + (FIELDS - 1) * 128 - ClientConnection.FREE_BYTES);
        return connection;
    }

    private static String answer(LocalEndPoint connection) throws Exception {
        ByteBuffer answer = connection.waitForResponse(false, 10, TimeUnit.SECONDS);
        return answer == null ? "none" : StandardCharsets.UTF_8.decode(answer).toString();
    }

    private void assertRefused(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 503 ")
                .contains("Retry-After: ", "Connection: close\r\n", "Content-Type: application/problem+json\r\n")
                .contains("headers: too long, while many are (expected: again soon)");
        assertThat(refusals.count(new Refusal("http", "heads"))).isEqualTo(1);
    }

    @Test
    void takesAsManyFieldsAsMayBeAndNoMore() throws Exception {
        String most = "Connection: close\r\n" + fields(ClientConnection.MAX_FIELDS - 2);
        assertThat(answer(send(get("/here", most + "\r\n")))).startsWith("HTTP/1.1 204 ");
        assertThat(answer(send(get("/here", most + "y:1\r\n\r\n"))))
                .startsWith("HTTP/1.1 431 ")
                .contains("Connection: close\r\n", "Content-Type: application/problem+json\r\n")
                .contains("headers: more than 128 fields (expected: at most so many)");
        assertThat(refusals.count(new Refusal("http", "header-too-large"))).isEqualTo(1);
    }

    @Test
    void saysSoOfAHeadThatIsStillComing() throws Exception {
        assertThat(answer(send(get("/here", fields(ClientConnection.MAX_FIELDS + 1)))))
                .startsWith("HTTP/1.1 431 ");
        assertThat(heads.bytes()).isZero();
    }

    @Test
    void countsTheFieldsBehindTheChunks() throws Exception {
        String head =
                "POST /take HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" + fields(60) + "\r\n1\r\nb\r\n0\r\n";
        assertThat(answer(send(head + fields(60) + "\r\n"))).startsWith("HTTP/1.1 204 ");
        assertThat(answer(send(head + fields(70) + "\r\n"))).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void refusesALongHeadWhileOthersFillTheRoom() throws Exception {
        begin();
        begin();
        long full = heads.bytes();

        assertRefused(answer(send(get("/here", LONG + "\r\n"))));
        assertThat(heads.bytes()).isEqualTo(full);
        assertThat(answer(send(get("/here", fields(20) + "\r\n")))).startsWith("HTTP/1.1 204 ");
    }

    @Test
    void countsThePathAndLongValues() throws Exception {
        assertThat(heads.claim(null).growTo(ROOM)).isTrue();
        String many = fields(20);
        String part = "y".repeat(700);
        assertThat(answer(send(get("/here", many + "cookie: " + part + "\r\n\r\n"))))
                .startsWith("HTTP/1.1 204 ");
        assertRefused(answer(send(get("/here?" + part, many + "cookie: " + part + "\r\n\r\n"))));
    }

    @Test
    void hasRoomAgainWhenAClientHasGone() throws Exception {
        begin();
        LocalEndPoint gone = begin();
        gone.addInputEOF();
        await().until(() -> heads.bytes() < ROOM / 2);

        assertThat(answer(send(get("/here", LONG + "\r\n")))).startsWith("HTTP/1.1 204 ");
    }

    @Test
    void keepsTheRoomOfARequestThatIsHeldUntilTheNextOne() throws Exception {
        LocalEndPoint connection = send(get("/held", LONG + "\r\n"));
        await().until(() -> !held.isEmpty());
        long taken = heads.bytes();
        assertThat(taken).isPositive();
        held.remove().answer(204);
        assertThat(answer(connection)).startsWith("HTTP/1.1 204 ");

        connection.addInput(get("/here", "\r\n"));
        assertThat(answer(connection)).startsWith("HTTP/1.1 204 ");
        assertThat(heads.bytes()).isZero();
        connection.addInput(get("/here", LONG + "\r\n"));
        assertThat(answer(connection)).startsWith("HTTP/1.1 204 ");
        assertThat(heads.bytes()).isEqualTo(taken);
        connection.addInputEOF();
        await().until(() -> heads.bytes() == 0);
    }

    @Test
    void countsWhatWasRefusedOfNoHead() throws Exception {
        HeapRoom.Claim others = heads.claim(null);
        assertThat(others.growTo(ROOM - 1)).isTrue();
        assertThat(answer(send(get("/here", LONG + "\r\n")))).startsWith("HTTP/1.1 503 ");
        others.close();
        assertThat(answer(send(get("/here", LONG + "\r\n")))).startsWith("HTTP/1.1 204 ");
    }
}
