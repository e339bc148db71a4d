package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A browser that does anything, and what has to hold whatever it does (XEP-0124 §8, §11, §13, §14). */
final class FuzzedBrowser {
    /** The longest that a request may wait: its wait, or the inactivity or pause of a session that has stopped short. */
    private static final Duration LONGEST = Duration.ofSeconds(60 + 150 + 600);
    /** So long a session without a request lives, whatever else is true of it. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** One rid: the body that was sent first, and the connections that it or another came on. */
    static final class Sent {
        final String body;
        final int stanzas;
        final List<RecordingExchange> copies = new ArrayList<>();
        final List<RecordingExchange> others = new ArrayList<>();

        Sent(String body, int stanzas) {
            this.body = body;
            this.stanzas = stanzas;
        }

        /** Without an answer, whether or not it could get one. */
        boolean isOpen() {
            return last().isOpen() || last().isError();
        }

        /** The connection that an answer would go to. */
        RecordingExchange last() {
            return copies.get(copies.size() - 1);
        }
    }

    private final FuzzedApplication application = new FuzzedApplication();
    private final FuzzedSession session;
    private final TreeMap<Long, Sent> sent = new TreeMap<>();
    /** On which something came that belongs to no rid. */
    private final List<RecordingExchange> strays = new ArrayList<>();
    /** The lowest rid that was not sent. */
    private long next;

    private final Allowance allowance;
    private final Deliveries deliveries = new Deliveries();
    private boolean within;
    private Duration idle = Duration.ZERO;
    /** Something was done that a session may be ended for. */
    private boolean mayEnd;

    /** How many stanzas it may send: so many at once, and so many a second. */
    private static final class Allowance {
        private final int most;
        private final int perSecond;
        private long left;

        Allowance(int most, int perSecond) {
            this.most = most;
            this.perSecond = perSecond;
            this.left = most;
        }

        void pass(Duration time) {
            left = Math.min(most, left + perSecond * time.toSeconds());
        }

        /** False when it has had enough before. */
        boolean takes(int stanzas) {
            boolean has = stanzas == 0 || left > 0;
            left -= stanzas;
            return has;
        }
    }

    FuzzedBrowser(int hold) {
        allowance = new Allowance(400, 20);
        session = new FuzzedSession(hold, application);
        next = session.firstRid();
        serve();
    }

    FuzzedBrowser(long first, int wait, int hold) {
        allowance = new Allowance(20, 10); // it never logs in
        RecordingExchange exchange = new RecordingExchange(0);
        session = new FuzzedSession(first, wait, hold, application, exchange);
        next = first + 1;
        Sent creation = new Sent("", 0);
        creation.copies.add(exchange);
        sent.put(first, creation);
        mayEnd = session.hold() == 0; // a polling session may be too fast
        serve();
    }

    private void serve() {
        application.serve(new FuzzedApplication.Wishes() {
            @Override
            public void push() {
                deliver(0);
            }

            @Override
            public void end() {
                mayEnd = true;
                session.end();
            }
        });
    }

    /** Sends a request with the rid {@code offset} from the next one; a repeat is an exact copy unless it is not. */
    void send(int offset, String attributes, String[] stanzas, boolean copies) {
        long rid = next + offset;
        Sent known = sent.get(rid);
        if (known != null && known.body.isEmpty()) {
            return; // the session's creation is not repeated
        }
        String body = known != null && copies ? known.body : body(rid, attributes, stanzas);
        RecordingExchange exchange = new RecordingExchange(session.now());
        if (rid < 1 || rid > Rid.MAX) {
            assertThat(session.receive(body, exchange))
                    .as("read, with the rid %s", rid)
                    .isFalse();
            return;
        }
        long open = sent.values().stream().filter(Sent::isOpen).count();
        mayEnd |= known != null || offset < 0 || offset > 1 || (offset == 1 && open > 0) || open > session.hold();
        mayEnd |= !attributes.isEmpty() || List.of(stanzas).contains("throw");
        boolean wasOver = session.isOver();
        idle = Duration.ZERO;
        if (wasOver || rid < session.firstRid()) {
            strays.add(exchange);
        } else if (known == null) {
            Sent first = new Sent(body, stanzas.length);
            first.copies.add(exchange);
            sent.put(rid, first);
            mayEnd |= !allowance.takes(stanzas.length);
        } else {
            (body.equals(known.body) ? known.copies : known.others).add(exchange);
        }
        while (sent.containsKey(next)) {
            next++;
        }
        within = true;
        assertThat(session.receive(body, exchange)).as("read: %s", body).isTrue();
        within = false;
        if (wasOver) {
            assertThat(exchange.isTerminal()).isTrue();
        }
        check();
    }

    private String body(long rid, String attributes, String[] stanzas) {
        StringBuilder body =
                new StringBuilder(session.open(rid)).append(attributes).append('>');
        for (int k = 0; k < stanzas.length; k++) {
            body.append('<')
                    .append(stanzas[k])
                    .append(" r='")
                    .append(rid)
                    .append("' k='")
                    .append(k)
                    .append("'/>");
        }
        return body.append("</body>").toString();
    }

    /** The rid of the last request that has its turn. */
    long lastRid() {
        return next - 1;
    }

    /** The connection of the nth rid back breaks. */
    void breakOff(int back) {
        Sent one = sent.get(next - back);
        if (one != null) {
            one.last().breakOff();
            check();
        }
    }

    void deliver(int size) {
        boolean held = !within && held();
        Delivery delivery = session.deliver(deliveries.next(size));
        if (delivery instanceof Delivery.Refused refused) {
            mayEnd |= refused.waiting() > 0;
            assertThat(session.isOver()).isTrue();
            deliveries.refused();
        } else if (delivery instanceof Delivery.Queued queued) {
            assertThat(queued.waiting()).isBetween(1, FuzzedSession.MAX_STANZAS);
            assertThat(held).as("waits while a request is held").isFalse();
        } else if (delivery instanceof Delivery.Sent at) {
            Sent request = sent.get(at.rid().value());
            assertThat(
                            request == null
                                    ? List.of()
                                    : deliveries.in(request.last().text()))
                    .contains(deliveries.last());
        }
        if (!within) {
            check();
        }
    }

    /** True when a request that has its turn waits for something to bring. */
    private boolean held() {
        return sent.headMap(next).values().stream().anyMatch(one -> one.last().isHeld());
    }

    void pass(Duration time) {
        idle = idle.plus(time);
        allowance.pass(time);
        mayEnd |= !held() && idle.compareTo(PATIENCE) >= 0;
        session.pass(time);
        if (held()) {
            idle = Duration.ZERO;
        }
        for (RecordingExchange exchange : exchanges()) {
            if (exchange.isOpen()) {
                assertThat(session.now() - exchange.since).isLessThan(LONGEST.toNanos());
            }
        }
        check();
    }

    /** The application, or whoever has the gateway in hand, ends the session. */
    void end() {
        mayEnd = true;
        session.end();
        check();
    }

    private List<RecordingExchange> exchanges() {
        List<RecordingExchange> all = new ArrayList<>(strays);
        sent.values().forEach(one -> {
            all.addAll(one.copies);
            all.addAll(one.others);
        });
        return all;
    }

    /** What holds at any time. */
    private void check() {
        boolean over = session.isOver();
        application.check(over);
        assertThat(over && !mayEnd).as("ended for no reason").isFalse();
        int open = 0;
        for (RecordingExchange exchange : exchanges()) {
            assertThat(exchange.answers()).isLessThanOrEqualTo(1);
            open += exchange.isOpen() ? 1 : 0;
        }
        assertThat(open).isLessThanOrEqualTo(over ? 0 : Math.max(session.requests(), 2) + 1);
        if (!over) {
            int turned = sent.headMap(next).values().stream()
                    .mapToInt(one -> one.stanzas)
                    .sum();
            assertThat(application.received()).as("handed up").isEqualTo(turned);
        }
    }

    /** Asks again for what got lost, ends the session, and looks at all that was answered. */
    void finish() {
        for (long rid = Math.max(session.firstRid(), next - 2); rid < next && !session.isOver(); rid++) {
            if (sent.containsKey(rid) && !sent.get(rid).body.isEmpty()) {
                send((int) (rid - next), "", new String[0], true);
            }
        }
        mayEnd = true;
        session.shutdown();
        check();
        deliveries.check(sent);
    }
}
