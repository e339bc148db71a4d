package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.channelgateway.http.HttpConfig;
import org.channelgateway.http.HttpServer;
import org.channelgateway.http.Origins;
import org.channelgateway.http.Routers;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.EncodedStanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a held request's connection, on real sockets. */
@Timeout(60)
class ConnectionWatchIT implements StreamApplication {
    private final FakeStream stream = new FakeStream();
    private final BoshSessions sessions =
            new BoshSessions(FakeBrowser.config(1), System::nanoTime, new RefusalCounts());
    private final HttpServer server = new HttpServer(new HttpConfig("127.0.0.1", 0, Duration.ofMinutes(2), 8192));
    private final BoshSession session = sessions.attach(opened -> stream);

    ConnectionWatchIT() throws IOException {}

    @Override
    public boolean serves(String domain) {
        return true;
    }

    @Override
    public Stream open(ClientTransport opened) {
        return stream;
    }

    @BeforeEach
    void start() {
        server.start(List.of(new BoshHandler(sessions, this, true).route()), new Origins(Set.of()));
    }

    @AfterEach
    void nothingIsLeftHeld() {
        sessions.shutdown();
        await().until(() -> Routers.connections(server) == 0);
        server.close();
    }

    /** By FIN; what is sent meanwhile comes with the repeat (XEP-0124 §14.3). */
    @Test
    void noticesABrowserThatCloses() throws IOException {
        RawConnection first = held(0);
        first.close();
        assertPushWaitsForTheRepeat();
    }

    /** By RST; the same. */
    @Test
    void noticesABrowserThatResets() throws IOException {
        held(0).reset();
        assertPushWaitsForTheRepeat();
    }

    /** Bytes of the next request, whole or not, keep nobody from noticing the end (RFC 9112 §9.3.2). */
    @ParameterizedTest
    @ValueSource(strings = {"POST", "POST /http-bind HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"})
    void noticesABrowserThatClosesAfterItPipelined(String next) throws IOException {
        RawConnection first = held(0);
        await().until(() -> Routers.waitsForBytes(server));
        for (int i = 0; i < next.length(); i++) {
            first.send(next.substring(i, i + 1));
        }
        await().until(() -> Routers.hasReadAhead(server));
        first.reset();
        assertPushWaitsForTheRepeat();
    }

    @Test
    void answersAndClosesWhenABrowserOnlyStopsSending() throws IOException {
        try (RawConnection first = held(0)) {
            first.finish();
            assertThat(first.read()).isEqualTo(FakeBrowser.ERROR);
            assertThat(first.isEnded()).isTrue();
        }
        assertPushWaitsForTheRepeat();
    }

    /** The connection is let go at once, not when it has idled; a push then finds nothing held. */
    private void assertPushWaitsForTheRepeat() throws IOException {
        await().atMost(Duration.ofSeconds(5)).until(() -> Routers.connections(server) == 0);
        assertThat(push("<m/>")).isEqualTo(new Delivery.Queued(1));
        try (RawConnection repeat = new RawConnection(server.uri())) {
            repeat.send(poll(0));
            assertThat(repeat.read()).isEqualTo(FakeBrowser.body("<m/>"));
        }
    }

    @Test
    void pollsAgainAndAgainOnOneConnection() throws IOException {
        try (RawConnection connection = held(0)) {
            for (int n = 1; n <= 100; n++) {
                push("<m n='" + n + "'/>");
                assertThat(connection.read()).isEqualTo(FakeBrowser.body("<m n='" + n + "'/>"));
                connection.send(request(n, "<s/>"));
                awaitStanzas(n);
            }
        }
    }

    @Test
    void answersAPipelinedRequestAfterTheHeldOne() throws IOException {
        try (RawConnection connection = held(0)) {
            await().until(() -> Routers.waitsForBytes(server));
            connection.send(poll(1));
            await().until(() -> Routers.hasReadAhead(server));
            push("<a/>");
            assertThat(connection.read()).isEqualTo(FakeBrowser.body("<a/>"));
            push("<b/>");
            assertThat(connection.read()).isEqualTo(FakeBrowser.body("<b/>"));
        }
    }

    @Test
    void answersRequestsPipelinedInOneSegment() throws IOException {
        try (RawConnection connection = new RawConnection(server.uri())) {
            connection.send(request(0, "<s/>") + request(1, "<s/>") + request(2, "<s/>"));
            for (int n = 0; n < 3; n++) {
                awaitStanzas(n + 1);
                push("<m n='" + n + "'/>");
                assertThat(connection.read()).isEqualTo(FakeBrowser.body("<m n='" + n + "'/>"));
            }
        }
    }

    /** The connection has room for 1024 bytes: what came with the held request and what comes later are more. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 300, 600})
    void losesNoByteOfAPipelinedRequestInSeveralSegments(int first) throws IOException {
        String second = request(1, "<a>" + "x".repeat(6000) + "</a>");
        try (RawConnection connection = new RawConnection(server.uri())) {
            connection.send(request(0, "<s/>") + second.substring(0, first));
            awaitStanzas(1);
            await().until(() -> Routers.waitsForBytes(server));
            connection.send(second.substring(first));
            await().until(() -> !Routers.waitsForBytes(server));
            push("<m/>");
            assertThat(connection.read()).isEqualTo(FakeBrowser.body("<m/>"));
            await().until(() -> stream.events.contains("a"));
            push("<n/>");
            assertThat(connection.read()).isEqualTo(FakeBrowser.body("<n/>"));
        }
    }

    /** T1 answers while T2 sends, closes or resets: every push arrives with this request or its repeat. */
    @Test
    void neverHangsWhenAnAnswerRacesWithTheConnection() throws Exception {
        Random random = new Random(11);
        ExecutorService publisher = Executors.newSingleThreadExecutor();
        try {
            for (int n = 0; n < 300; n++) {
                RawConnection connection = new RawConnection(server.uri());
                connection.send(request(n, "<s/>"));
                awaitStanzas(n + 1);
                CountDownLatch go = new CountDownLatch(1);
                int spins = random.nextInt(2000);
                String stanza = "<m n='" + n + "'/>";
                Future<Delivery> pushed = publisher.submit(() -> {
                    go.await();
                    spin(spins);
                    return push(stanza);
                });
                go.countDown();
                spin(random.nextInt(2000));
                meet(connection, random.nextInt(4), n);
                assertThat(pushed.get(10, TimeUnit.SECONDS)).isNotInstanceOf(Delivery.Refused.class);
                try (RawConnection repeat = new RawConnection(server.uri())) {
                    repeat.send(request(n, "<s/>"));
                    assertThat(repeat.read()).isEqualTo(FakeBrowser.body(stanza));
                }
                connection.close();
            }
        } finally {
            publisher.shutdownNow();
        }
    }

    private void meet(RawConnection connection, int fate, int n) throws IOException {
        switch (fate) {
            case 0 -> connection.close();
            case 1 -> connection.reset();
            case 2 -> connection.finish();
            default -> connection.send(request(n, "<s/>").substring(0, 30)); // the start of another
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    private RawConnection held(int n) throws IOException {
        RawConnection connection = new RawConnection(server.uri());
        connection.send(poll(n));
        await().until(() -> Routers.connections(server) == 1);
        return connection;
    }

    private void awaitStanzas(int count) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> stream.events.size() >= count);
    }

    private String poll(int n) {
        return request(n, "");
    }

    private String request(int n, String content) {
        return RawConnection.post("<body xmlns='http://jabber.org/protocol/httpbind' sid='"
                + session.sid().value() + "' rid='" + (session.firstRid().value() + n) + "'>" + content + "</body>");
    }

    private Delivery push(String xml) {
        return session.deliver(new EncodedStanza(xml));
    }
}
