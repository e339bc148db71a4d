package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.channelgateway.limit.Backlog;
import org.channelgateway.xml.EncodedStanza;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.junit.jupiter.api.Test;

/** What waits for clients that do not read, over all of them. */
class StreamWriterTest {
    private static final int READERS = 300;
    private static final int STANZA_BYTES = 32_000;
    private static final byte[] NOTHING = {};

    private final Backlog backlog = new Backlog(1 << 20);
    private final C2sConfig config = new C2sConfig(
            "127.0.0.1", 0, null, null, 262_144, 1000, 1 << 24, Duration.ofSeconds(30), Duration.ofMinutes(5));

    /** A client whose socket takes so many bytes until somebody reads them. */
    private final class Client implements StreamWriter.Owner {
        final ByteArrayEndPoint socket = new ByteArrayEndPoint(NOTHING, 1000);
        final StreamWriter writer = new StreamWriter(socket, config, backlog, this);

        boolean send(EncodedStanza stanza) {
            boolean taken = writer.offer(stanza) == StreamWriter.Offer.TAKEN;
            writer.iterate();
            return taken;
        }

        void readAll() {
            for (ByteBuffer read = socket.takeOutput(); read.hasRemaining(); read = socket.takeOutput()) {
                // the next part is written meanwhile
            }
        }

        @Override
        public void drained() {}

        @Override
        public void flushed() {}

        @Override
        public void writeFailed(Throwable cause) {
            writer.end(NOTHING, true);
        }
    }

    private List<Client> clients() {
        return Stream.generate(Client::new).limit(READERS).toList();
    }

    @Test
    void countsTheBytesOnceThatManyDoNotRead() {
        List<Client> clients = clients();
        int messages = 20;
        for (int i = 0; i < messages; i++) {
            EncodedStanza shared = new EncodedStanza("x".repeat(STANZA_BYTES));
            clients.forEach(client -> assertThat(client.send(shared)).isTrue());
        }
        assertThat(backlog.bytes()).isBetween((long) messages * STANZA_BYTES, 2L * messages * STANZA_BYTES);
        assertThat(backlog.isFull()).isFalse();
    }

    @Test
    void countsNothingOnceTheyReadOrAreGoneOrAreTold() {
        List<Client> clients = clients();
        for (int i = 0; i < 3; i++) {
            EncodedStanza shared = new EncodedStanza("x".repeat(STANZA_BYTES));
            clients.forEach(client -> assertThat(client.send(shared)).isTrue());
        }
        clients.subList(0, 100).forEach(Client::readAll);
        clients.subList(0, 100)
                .forEach(client -> assertThat(client.writer.waitingBytes()).isZero());
        assertThat(backlog.bytes()).isGreaterThan(3 * STANZA_BYTES);
        clients.subList(100, 150)
                .forEach(client -> client.socket.getWriteFlusher().onFail(new Exception("reset")));
        clients.subList(150, 200).forEach(client -> client.writer.end(NOTHING, true));
        clients.subList(200, 299).forEach(client -> client.writer.end(new byte[10], false));
        assertThat(backlog.bytes()).isBetween(3L * STANZA_BYTES, 4L * STANZA_BYTES);
        clients.get(299).readAll();
        assertThat(backlog.bytes()).isZero();

        clients.forEach(Client::readAll);
        assertThat(backlog.bytes()).isZero();
    }
}
