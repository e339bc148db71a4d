package org.channelgateway.bench;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Publishes to subscribers that listen over TCP. A message is done when the last subscriber has it and, if the server answers, the
 * answer has come.
 */
final class XmppPublishes implements Load {
    private static final int TEXT_BYTES = 100;

    private final XmppPeer peer;
    private final int subscribers;
    private final Deliveries deliveries;

    private XmppPublishes(XmppPeer peer, int subscribers, Deliveries deliveries) {
        this.peer = peer;
        this.subscribers = subscribers;
        this.deliveries = deliveries;
    }

    static XmppPublishes to(XmppPeer peer, int subscribers) throws IOException, InterruptedException {
        if (subscribers == 0 && !peer.answersPublish()) {
            throw new IllegalArgumentException("--subscribers: 0 (expected: one or more, on this server)");
        }
        Deliveries deliveries = new Deliveries(subscribers);
        Subscribers.listen(Logins.of(peer, peer.accounts(subscribers, true)), deliveries);
        return new XmppPublishes(peer, subscribers, deliveries);
    }

    @Override
    public Client connect() throws IOException {
        XmppStream stream = peer.login(new Socket(), peer.sender());
        return peer.answersPublish() ? new Answered(new XmppClient(stream, this::publish)) : new Unanswered(stream);
    }

    private String publish(long number) {
        String mark = Subscribers.MARK + Long.toString(number) + Subscribers.MARK;
        String stanza = peer.publish(number, mark + ".".repeat(TEXT_BYTES - mark.length()), subscribers);
        deliveries.sent(number);
        return stanza;
    }

    @Override
    public void begin(long first, int count) {
        deliveries.begin(first, count);
    }

    @Override
    public void finish() throws IOException {
        if (subscribers > 0) {
            deliveries.awaitAll();
        }
    }

    @Override
    public String more(Measured measured) {
        if (subscribers == 0) {
            return "";
        }
        Measured toLast = measured.with(deliveries.nanos());
        return String.format(
                Locale.ROOT,
                "; to the last of %d p50 %.2f ms, p99 %.2f ms; %.0f deliveries/s, server CPU %.1f us per delivery",
                subscribers,
                toLast.percentileMillis(50),
                toLast.percentileMillis(99),
                toLast.perSecond() * subscribers,
                toLast.cpuMicros() / subscribers);
    }

    private final class Answered implements Client {
        private final XmppClient client;

        Answered(XmppClient client) {
            this.client = client;
        }

        @Override
        public void send(long number) throws IOException {
            client.send(number);
        }

        @Override
        public long receive() throws IOException {
            long number = client.receive();
            if (subscribers > 0) {
                deliveries.await(number);
            }
            return number;
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    /** What it sends is done when it has arrived. What it gets itself is dropped. */
    private final class Unanswered implements Client {
        private final XmppStream stream;
        private final Deque<Long> waiting = new ArrayDeque<>();

        Unanswered(XmppStream stream) {
            this.stream = stream;
        }

        @Override
        public void send(long number) throws IOException {
            stream.drop();
            stream.send(publish(number));
            waiting.add(number);
        }

        @Override
        public long receive() throws IOException {
            long number = waiting.remove();
            deliveries.await(number);
            return number;
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
