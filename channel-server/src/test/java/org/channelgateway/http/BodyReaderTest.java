package org.channelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.LocalConnector.LocalEndPoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BodyReaderTest {
    private static final int LIMIT = 5000;
    private static final String CHUNKED = "POST /plain HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** What was read, and when reading began. */
    private final List<String> events = new CopyOnWriteArrayList<>();

    private final LocalConnector connector = Routers.connector(
            Route.post("/plain", call -> {
                events.add("begin");
                call.body(LIMIT, body -> take(call, body));
            }),
            Route.post("/own", call -> call.body(LIMIT, body -> take(call, body), () -> call.answer(204))),
            Route.post(
                    "/refusing",
                    call -> call.body(LIMIT, body -> {
                        throw new ProblemException(422, "body: not this one");
                    })));

    private void take(Call call, byte[] body) {
        events.add(new String(body, StandardCharsets.UTF_8));
        call.answer(200, "text/plain", body);
    }

    @BeforeEach
    void start() throws Exception {
        connector.getServer().start();
    }

    @AfterEach
    void stop() throws Exception {
        connector.getServer().stop();
    }

    private LocalEndPoint send(String request) {
        LocalEndPoint connection = connector.connect();
        connection.addInput(request);
        return connection;
    }

    private static String head(String path, int length) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private static String read(LocalEndPoint connection) throws Exception {
        ByteBuffer answer = connection.waitForResponse(false, 10, TimeUnit.SECONDS);
        return answer == null ? "none" : StandardCharsets.UTF_8.decode(answer).toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1024, LIMIT - 1, LIMIT})
    void readsABodyUpToTheLimit(int length) throws Exception {
        String body = "b".repeat(length);

        assertThat(read(send(head("/plain", length) + body)))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n" + body);
        assertThat(events).containsExactly("begin", body);
    }

    @Test
    void waitsForABodyThatComesInPieces() throws Exception {
        LocalEndPoint connection = send(head("/plain", 3000));
        await().until(() -> events.contains("begin"));
        connection.addInput("a".repeat(1000));
        connection.addInput("b".repeat(1999));
        assertThat(events).containsExactly("begin");

        connection.addInput("c");

        assertThat(read(connection))
                .endsWith("abc".replace("a", "a".repeat(1000)).replace("b", "b".repeat(1999)));
    }

    @Test
    void readsChunks() throws Exception {
        String thousand = "3e8\r\n" + "x".repeat(1000) + "\r\n";

        assertThat(read(send(CHUNKED + thousand.repeat(5) + "0\r\n\r\n")))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("x".repeat(5000));
    }

    @Test
    void refusesWhatIsAnnouncedTooLongBeforeItComes() throws Exception {
        assertTooLong(send(head("/plain", LIMIT + 1)));
        assertTooLong(send(head("/plain", Integer.MAX_VALUE)));
    }

    @Test
    void refusesChunksThatGetTooLongBeforeTheyEnd() throws Exception {
        String thousand = "3e8\r\n" + "x".repeat(1000) + "\r\n";

        assertTooLong(send(CHUNKED + thousand.repeat(5) + "1\r\nx\r\n"));
    }

    private void assertTooLong(LocalEndPoint connection) throws Exception {
        assertThat(read(connection))
                .startsWith("HTTP/1.1 413 ")
                .contains("Connection: close\r\n", "Content-Type: application/problem+json\r\n")
                .contains("body: too long (expected: at most 5000 bytes)");
        await().until(() -> !connection.isOpen() || connection.isOutputShutdown());
        assertThat(events).containsOnly("begin");
    }

    @Test
    void saysSomethingElseOfABodyThatIsTooLongWhereARouteWantsTo() throws Exception {
        assertThat(read(send(head("/own", LIMIT + 1))))
                .startsWith("HTTP/1.1 204 ")
                .contains("Connection: close\r\n");
        assertThat(events).isEmpty();
    }

    @Test
    void answersWithTheProblemThatTheReaderOfTheBodyThrows() throws Exception {
        LocalEndPoint connection = send(head("/refusing", 3));
        connection.addInput("abc");

        assertThat(read(connection)).startsWith("HTTP/1.1 422 ").contains("body: not this one");
    }

    @Test
    void handsOnNothingOfABodyThatBreaksOff() throws Exception {
        LocalEndPoint connection = send(head("/plain", 3) + "ab");
        await().until(() -> events.contains("begin"));

        connection.addInputEOF();

        assertThat(read(connection)).startsWith("HTTP/1.1 400 ");
        assertThat(events).containsExactly("begin");
    }

    @Test
    void handsOnNothingOfChunksThatAreNone() throws Exception {
        LocalEndPoint connection = send(CHUNKED);
        await().until(() -> events.contains("begin"));

        connection.addInput("many\r\nab");

        assertThat(read(connection)).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
        assertThat(events).containsExactly("begin");
    }

    @Test
    void keepsTheConnectionForTheNextRequest() throws Exception {
        LocalEndPoint connection = send(head("/plain", 1) + "a" + head("/plain", 1) + "b");

        assertThat(read(connection)).endsWith("\r\n\r\na");
        assertThat(read(connection)).endsWith("\r\n\r\nb");
    }
}
