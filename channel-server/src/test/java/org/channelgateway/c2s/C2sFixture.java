package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.Pacer;
import org.channelgateway.limit.PlaceLimits;
import org.channelgateway.limit.StanzaLimits;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;

/** A server on loopback with a movable clock, and an application that lets everyone log in and answers each iq. */
final class C2sFixture implements StreamApplication, AutoCloseable {
    static final Duration LOGIN = Duration.ofSeconds(30);
    static final Duration IDLE = Duration.ofMinutes(5);
    static final int MAX_STANZA = 262_144;
    static final int MAX_QUEUED_BYTES = 1 << 20;
    private static final int ROOM = 1 << 30;

    /** The streams that were opened, in order. */
    final List<FakeStream> streams = new CopyOnWriteArrayList<>();

    final RefusalCounts refusals = new RefusalCounts();
    final Backlog backlog;
    final C2sServer server;
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L); // overflows soon, as it may
    private volatile BiConsumer<FakeStream, XmlElement> then = C2sFixture::answer;

    C2sFixture() throws IOException {
        this(null, null, PlaceLimits.OF_TCP, Pacer.none(), ROOM);
    }

    /** @param room how much may wait for all clients */
    C2sFixture(int room) throws IOException {
        this(null, null, PlaceLimits.OF_TCP, Pacer.none(), room);
    }

    C2sFixture(@Nullable Path certificate, @Nullable Path key) throws IOException {
        this(certificate, key, PlaceLimits.OF_TCP, Pacer.none(), ROOM);
    }

    C2sFixture(PlaceLimits limits, Pacer pacer) throws IOException {
        this(null, null, limits, pacer, ROOM);
    }

    private C2sFixture(@Nullable Path certificate, @Nullable Path key, PlaceLimits limits, Pacer pacer, int room)
            throws IOException {
        backlog = new Backlog(room);
        server = new C2sServer(
                new C2sConfig("127.0.0.1", 0, certificate, key, MAX_STANZA, 1000, MAX_QUEUED_BYTES, LOGIN, IDLE),
                limits,
                StanzaLimits.DEFAULT,
                pacer,
                backlog,
                now::get,
                refusals);
        server.start(this);
    }

    static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(C2sFixture.class.getResource("/c2s/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static void answer(FakeStream stream, XmlElement stanza) {
        if (stanza.name().equals("auth")) {
            stream.transport.awaitRestart(!"subscriber".equals(stanza.text()));
            stream.send("<success/>");
        } else if (stanza.name().equals("iq")) {
            stream.send("<iq type='result' id='" + stanza.attribute("id") + "'/>");
        }
    }

    /** What the application does with a stanza, but for logging in. */
    void onStanza(BiConsumer<FakeStream, XmlElement> step) {
        then = (stream, stanza) -> {
            if (stanza.name().equals("auth")) {
                answer(stream, stanza);
            } else {
                step.accept(stream, stanza);
            }
        };
    }

    XmppSocket connect() throws IOException {
        return new XmppSocket(server.address());
    }

    /** A client that has logged in. */
    XmppSocket login() throws IOException {
        XmppSocket client = connect();
        client.send(XmppSocket.HEADER).await("</stream:features>");
        client.send("<auth/>").await("<success/>");
        client.send(XmppSocket.HEADER).await("<bind/></stream:features>");
        return client;
    }

    FakeStream stream() {
        await().until(() -> !streams.isEmpty());
        return streams.get(streams.size() - 1);
    }

    void move(Duration time) {
        now.addAndGet(time.toNanos());
        server.tick();
    }

    /** Lets time pass until there is no connection. */
    void awaitNoConnection() {
        await().until(() -> {
            move(Duration.ofSeconds(1));
            return server.count() == 0;
        });
    }

    @Override
    public boolean serves(String domain) {
        return domain.equals("localhost");
    }

    @Override
    public Stream open(ClientTransport transport) {
        FakeStream stream = new FakeStream(transport, (opened, stanza) -> then.accept(opened, stanza));
        stream.send("<stream:features><mechanisms/></stream:features>");
        streams.add(stream);
        return stream;
    }

    /** Stops; nothing is left held, and each stream was told once that it is over. */
    @Override
    public void close() {
        server.close();
        assertThat(server.count()).isZero();
        await().until(() -> streams.stream().allMatch(stream -> stream.events.contains("closed")));
        for (FakeStream stream : streams) {
            assertThat(stream.events)
                    .doesNotContain("NOT ALONE")
                    .containsOnlyOnce("closed")
                    .endsWith("closed");
        }
    }
}
