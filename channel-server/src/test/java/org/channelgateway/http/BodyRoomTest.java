package org.channelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.channelgateway.limit.HeapRoom;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.RefusalCounts.Refusal;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.LocalConnector.LocalEndPoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much bodies may take together, with Jetty without a socket. */
final class BodyRoomTest {
    private static final int LONG = 10_000;
    private static final int PART = 6000;
    /** For three of which a part has come: it is kept in steps that double. */
    private static final int ROOM = 20_000;

    private final RefusalCounts refusals = new RefusalCounts();
    private final HeapRoom ofPages = new HeapRoom(ROOM);
    private final HeapRoom ofApplications = new HeapRoom(ROOM);
    private final List<Integer> read = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();

    private final LocalConnector connector = Routers.connector(
            refusals,
            ofPages,
            ofApplications,
            Route.post("/page", this::take).crossOrigin(),
            Route.post("/application", this::take),
            Route.post("/counted", call -> {
                call.onProblem(problem -> told.add(String.valueOf(problem.reason())));
                take(call);
            }),
            Route.post("/huge", call -> take(call, 3 * ROOM)),
            Route.post(
                    "/refusing",
                    call -> call.body(LONG, body -> {
                        throw new ProblemException(422, "body: not this one");
                    })));

    private void take(Call call) {
        take(call, LONG);
    }

    private void take(Call call, int maxBytes) {
        call.body(maxBytes, body -> {
            read.add(body.length);
            call.answer(204);
        });
    }

    @BeforeEach
    void start() throws Exception {
        connector.getServer().start();
    }

    @AfterEach
    void stop() throws Exception {
        connector.getServer().stop();
    }

    private LocalEndPoint send(String path, int announced, int sent) {
        LocalEndPoint connection = connector.connect();
        connection.addInput("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + announced + "\r\n\r\n"
                + "b".repeat(sent));
        return connection;
    }

    /** One that has been read as far as it has come. */
    private LocalEndPoint begin(String path, HeapRoom room) {
        long before = room.bytes();
        LocalEndPoint connection = send(path, LONG, PART);
        await().until(() -> room.bytes() >= before + PART - BodyReader.FREE_BYTES);
        return connection;
    }

    private LocalEndPoint[] fill(String path, HeapRoom room) {
        LocalEndPoint[] begun = new LocalEndPoint[3];
        for (int i = 0; i < begun.length; i++) {
            begun[i] = begin(path, room);
        }
        return begun;
    }

    private static String answer(LocalEndPoint connection) throws Exception {
        ByteBuffer answer = connection.waitForResponse(false, 10, TimeUnit.SECONDS);
        return answer == null ? "none" : StandardCharsets.UTF_8.decode(answer).toString();
    }

    @Test
    void refusesALongBodyWhileOthersFillTheRoom() throws Exception {
        fill("/page", ofPages);
        long full = ofPages.bytes();

        assertThat(answer(send("/page", LONG, PART)))
                .startsWith("HTTP/1.1 503 ")
                .contains("Retry-After: ", "Connection: close\r\n")
                .contains("too many long bodies are being read (expected: again soon)");
        assertThat(refusals.count(new Refusal("http", "bodies"))).isEqualTo(1);
        assertThat(ofPages.bytes()).isEqualTo(full);
        assertThat(read).isEmpty();
    }

    @Test
    void countsARefusalOnceWhereARouteCountsItsOwn() throws Exception {
        fill("/application", ofApplications);

        assertThat(answer(send("/counted", LONG, PART))).startsWith("HTTP/1.1 503 ");
        assertThat(told).containsExactly("bodies");
        assertThat(refusals.all()).isEmpty();
    }

    @Test
    void takesShortBodiesAndThoseOfApplicationsAllTheSame() throws Exception {
        fill("/page", ofPages);

        assertThat(answer(send("/page", BodyReader.FREE_BYTES, BodyReader.FREE_BYTES)))
                .startsWith("HTTP/1.1 204 ");
        assertThat(answer(send("/application", LONG, LONG))).startsWith("HTTP/1.1 204 ");
        assertThat(read).containsExactly(BodyReader.FREE_BYTES, LONG);
    }

    @Test
    void takesAShortBodyThatComesInPieces() throws Exception {
        fill("/page", ofPages);
        long full = ofPages.bytes();

        LocalEndPoint pieces = send("/page", 2000, 600);
        pieces.addInput("b".repeat(600));
        pieces.addInput("b".repeat(600));
        pieces.addInput("b".repeat(200));

        assertThat(answer(pieces)).startsWith("HTTP/1.1 204 ");
        assertThat(ofPages.bytes()).isEqualTo(full);
        assertThat(read).containsExactly(2000);
    }

    @Test
    void takesABodyThatIsLongerThanTheRoomWhileItIsAlone() throws Exception {
        assertThat(answer(send("/huge", 3 * ROOM, 3 * ROOM))).startsWith("HTTP/1.1 204 ");
        assertThat(read).containsExactly(3 * ROOM);
        await().until(() -> ofApplications.bytes() == 0); // given back after the answer

        fill("/application", ofApplications);
        assertThat(answer(send("/huge", 3 * ROOM, 3 * ROOM))).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void takesShortBodiesBesideOneThatIsLongerThanTheRoom() throws Exception {
        LocalEndPoint huge = send("/huge", 3 * ROOM, 2 * ROOM);
        await().until(() -> ofApplications.bytes() > ROOM);

        assertThat(answer(send("/application", BodyReader.FREE_BYTES, BodyReader.FREE_BYTES)))
                .startsWith("HTTP/1.1 204 ");
        huge.addInput("b".repeat(ROOM));
        assertThat(answer(huge)).startsWith("HTTP/1.1 204 ");
        assertThat(read).containsExactly(BodyReader.FREE_BYTES, 3 * ROOM);
    }

    @Test
    void hasRoomAgainWhenBodiesHaveBeenReadOrBrokenOff() throws Exception {
        LocalEndPoint[] begun = fill("/application", ofApplications);
        begun[0].addInput("b".repeat(LONG - PART));
        assertThat(answer(begun[0])).startsWith("HTTP/1.1 204 ");
        begun[1].addInputEOF();
        assertThat(answer(begun[1])).startsWith("HTTP/1.1 400 ");
        await().until(() -> ofApplications.bytes() <= ROOM / 2); // that of the third

        assertThat(answer(send("/application", LONG, LONG))).startsWith("HTTP/1.1 204 ");
        begun[2].addInput("b".repeat(LONG - PART));
        assertThat(answer(begun[2])).startsWith("HTTP/1.1 204 ");
        await().until(() -> ofApplications.bytes() == 0);
        assertThat(read).containsExactly(LONG, LONG, LONG);
    }

    @Test
    void hasRoomAgainAfterBodiesThatAreRefused() throws Exception {
        assertThat(answer(send("/refusing", LONG, LONG))).startsWith("HTTP/1.1 422 ");
        await().until(() -> ofApplications.bytes() == 0);
        LocalEndPoint tooLong = connector.connect();
        tooLong.addInput("POST /application HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + ("1388\r\n" + "b".repeat(5000) + "\r\n").repeat(3));
        assertThat(answer(tooLong)).startsWith("HTTP/1.1 413 ");
        await().until(() -> ofApplications.bytes() == 0);
        assertThat(read).isEmpty();
    }
}
