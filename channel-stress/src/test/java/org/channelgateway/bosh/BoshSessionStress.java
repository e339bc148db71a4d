package org.channelgateway.bosh;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlReader;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** One session and its window of rids: requests, their repeats, lost connections, deliveries and ends, at once. */
@Param(name = "rid", gen = IntGen.class, conf = "0:2")
public class BoshSessionStress {
    private static final BoshRequest CREATION = request("to='localhost' rid='1000'", "");
    private static final BoshRequest[] REQUESTS = {
        request("sid='x' rid='1001'", "<s0/>"),
        request("sid='x' rid='1002'", "<s1/>"),
        request("sid='x' rid='1003'", "<s2/>")
    };

    private static BoshRequest request(String attributes, String stanza) {
        String xml = "<body xmlns='http://jabber.org/protocol/httpbind' " + attributes + ">" + stanza + "</body>";
        try {
            XmlReader reader = new XmlReader(new XmlLimits(65_536, 32, 64, 1000));
            return BoshXml.read(reader, xml.getBytes(StandardCharsets.UTF_8));
        } catch (BoshException e) {
            throw new AssertionError(e);
        }
    }

    /** A connection that knows how often it was answered. */
    private static final class Connection implements Exchange {
        final AtomicInteger answers = new AtomicInteger();
        volatile String answer = "";
        private volatile Runnable watcher = () -> {};

        @Override
        public void answer(byte[] body) {
            answers.incrementAndGet();
            answer = new String(body, StandardCharsets.UTF_8);
        }

        @Override
        public void watch(Runnable gone) {
            watcher = gone;
        }

        @Override
        public String address() {
            return "192.0.2.1";
        }

        void breakOff() {
            watcher.run();
        }
    }

    private final Queue<String> handedUp = new ConcurrentLinkedQueue<>();
    private final AtomicInteger closed = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();

    private final BoshSessions sessions = new BoshSessions(
            new BoshConfig(Duration.ofSeconds(60), 1, Duration.ofSeconds(150), 65_536, 4, 1 << 20),
            () -> 0L,
            new RefusalCounts());
    private final BoshSession session;
    private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();
    private final AtomicInteger delivered = new AtomicInteger();

    /** A session that a browser has just made: its rids are the same each time, and nothing is parsed on the way. */
    public BoshSessionStress() {
        BoshRequest.Creation asked = CREATION.creation();
        if (asked == null) {
            throw new AssertionError(CREATION);
        }
        session = sessions.create(CREATION, asked, "192.0.2.1", new Application());
        Connection connection = new Connection();
        connections.add(connection);
        session.receive(CREATION, connection);
    }

    /** Writes down what is handed up, and whether it came alone and before the end. */
    private final class Application implements StreamApplication, StreamApplication.Stream {
        @Override
        public boolean serves(String domain) {
            return true;
        }

        @Override
        public Stream open(ClientTransport opened) {
            return this;
        }

        @Override
        public void restarted() {}

        @Override
        public void received(XmlElement stanza) {
            if (inside.incrementAndGet() != 1 || closed.get() > 0) {
                broken.incrementAndGet();
            }
            handedUp.add(stanza.name());
            inside.decrementAndGet();
        }

        @Override
        public void closed() {
            if (inside.get() != 0) {
                broken.incrementAndGet();
            }
            closed.incrementAndGet();
        }
    }

    @Operation
    public void send(@Param(name = "rid") int n) {
        Connection connection = new Connection();
        connections.add(connection);
        session.receive(REQUESTS[n], connection);
    }

    /** The connection of the request that came last breaks. */
    @Operation
    public void lose() {
        Connection last = null;
        for (Connection connection : connections) {
            last = connection;
        }
        if (last != null) {
            last.breakOff();
        }
    }

    @Operation
    public void deliver() {
        session.deliver(new EncodedStanza("<d n='" + delivered.incrementAndGet() + "'/>"));
    }

    @Operation
    public void tick() {
        sessions.tick();
    }

    @Operation(runOnce = true)
    public void end() {
        session.terminate(BindingCondition.SYSTEM_SHUTDOWN, null);
    }

    @Validate
    public void nothingIsDoneTwiceOrLeftUndone() {
        sessions.shutdown();
        List<String> brought = new ArrayList<>();
        for (Connection connection : connections) {
            require(connection.answers.get() == 1, "answers: " + connection.answers.get());
            if (connection.answer.contains("<d ") && !brought.contains(connection.answer)) { // a repeat has the same
                brought.add(connection.answer);
            }
        }
        String all = String.join("", brought);
        for (int n = 1; n <= delivered.get(); n++) {
            String one = "<d n='" + n + "'/>";
            require(all.indexOf(one) == all.lastIndexOf(one), "twice: " + one);
        }
        require(broken.get() == 0, "stanzas handed up at once, or after the end");
        require(closed.get() == 1, "closed: " + closed.get());
        long expected = 0;
        for (String stanza : handedUp) {
            require(stanza.equals("s" + expected), "handed up: " + handedUp);
            expected++;
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    @Test
    void doesEverythingOnce() {
        new ModelCheckingOptions()
                .iterations(10)
                .invocationsPerIteration(200)
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(1)
                .check(BoshSessionStress.class);
    }
}
