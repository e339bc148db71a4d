package org.channelgateway.bosh;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.channelgateway.limit.Backlog;
import org.channelgateway.stats.SessionLoad;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.EncodedStanza;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one session that wait for stanzas, and the stanzas that wait for a request. It decides what is
 * answered and leaves the sending to its caller. Guarded by the lock of its session.
 */
final class HeldRequests {
    private static final Logger LOG = LoggerFactory.getLogger(HeldRequests.class);

    /** An answer decided under the lock, to be sent after it. */
    record Reply(Exchange exchange, byte[] body, List<EncodedStanza> carried) {
        Reply(Exchange exchange, byte[] body) {
            this(exchange, body, List.of());
        }

        /** One connection that fails keeps nothing else from being done. */
        void send() {
            try {
                exchange.answer(body);
                carried.forEach(EncodedStanza::written);
            } catch (RuntimeException e) {
                LOG.error("an answer could not be sent", e);
            }
        }
    }

    /** How long a session lives that was made for a browser which may be gone already. */
    static final Duration FIRST_REQUEST = Duration.ofSeconds(20);

    private final BoshTerms terms;
    private final LongSupplier ticker;
    private final RequestWindow window;
    private final StanzaQueue queue;

    /** How many of the window's open requests are held: taken up, their stanzas handed on, and waiting. */
    private int held;

    /** Nano time of the next empty answer, or of the end by inactivity. */
    private volatile long deadline;

    /** @param first the rid of the first request */
    HeldRequests(BoshTerms terms, BoshConfig config, Rid first, LongSupplier ticker, Backlog backlog) {
        this.terms = terms;
        this.ticker = ticker;
        this.window = new RequestWindow(Math.max(terms.requests(), 2), first.value());
        this.queue = new StanzaQueue(config.maxQueuedStanzas(), config.maxQueuedBytes(), backlog);
        Duration patience = terms.inactivity().compareTo(FIRST_REQUEST) < 0 ? terms.inactivity() : FIRST_REQUEST;
        this.deadline = ticker.getAsLong() + patience.toNanos();
    }

    /** Answers the oldest request with a stanza, or keeps the stanza for the next one. */
    Delivery deliver(EncodedStanza stanza, List<Reply> replies) {
        HeldRequest waiting = live();
        if (waiting == null) {
            return queue.add(stanza) ? new Delivery.Queued(queue.size()) : new Delivery.Refused(queue.size());
        }
        answer(waiting, stanza.framed(BoshXml.FRAMING), List.of(stanza), replies);
        schedule();
        return new Delivery.Sent(waiting.request().rid());
    }

    /** How many bytes wait for the next request. */
    int waitingBytes() {
        return queue.bytes();
    }

    /** Places a request of the browser; answers it when it is a repeat. */
    RequestWindow.Arrival arrive(BoshRequest request, Exchange exchange, List<Reply> replies) {
        long due = ticker.getAsLong() + terms.waitTime().toNanos();
        RequestWindow.Arrival arrival = window.arrive(new HeldRequest(request, exchange, due));
        if (arrival instanceof RequestWindow.Arrival.Repeat repeat) {
            replies.add(new Reply(exchange, repeat.body()));
            schedule();
        } else if (arrival instanceof RequestWindow.Arrival.Copy copy) {
            Exchange older = copy.original().moveTo(exchange);
            if (older != null) {
                replies.add(new Reply(older, BoshXml.RECOVERABLE_ERROR));
            }
            settle(replies);
        }
        return arrival;
    }

    /** The request whose turn it is, null when that one has not arrived. */
    @Nullable
    HeldRequest takeNext() {
        return window.takeNext();
    }

    /** Holds the request that was taken up last. */
    void hold(List<Reply> replies) {
        held++;
        settle(replies);
    }

    /** The connection of a request broke: what would have answered it is kept for its repeat. */
    void lost(HeldRequest request, Exchange exchange, List<Reply> replies) {
        if (request.exchange() == exchange && window.isOpen(request)) {
            request.moveTo(null);
            replies.add(new Reply(exchange, BoshXml.RECOVERABLE_ERROR));
            settle(replies);
        }
    }

    /** Answers the request that created the session with all that waits. */
    void created(HeldRequest creation, BoshSession session, String domain, List<Reply> replies) {
        window.arrive(creation);
        window.takeNext();
        held++;
        List<EncodedStanza> first = queue.take();
        answer(creation, BoshXml.created(session, domain, first), first, replies);
        schedule();
    }

    /** True when {@link #tick} has something to do. Needs no lock, so that a look at thousands of sessions costs little. */
    boolean isDue(long now) {
        return now - deadline >= 0;
    }

    /** Gives a request that has waited its time an empty answer; true when there has been none for too long. */
    boolean tick(long now, List<Reply> replies) {
        if (!isDue(now)) {
            return false;
        }
        HeldRequest waiting = live();
        if (waiting == null) {
            return true;
        }
        answer(waiting, BoshXml.EMPTY, List.of(), replies);
        schedule();
        return false;
    }

    /**
     * Answers all with a terminal body; the first of them carries what still waits.
     *
     * @return how many stanzas waited and could go nowhere
     */
    int end(@Nullable BindingCondition condition, @Nullable StreamError error, List<Reply> replies) {
        List<EncodedStanza> waiting = queue.takeAll();
        int lost = waiting.size();
        byte[] body = BoshXml.terminate(condition, error, waiting);
        for (HeldRequest request : window.removeOpen()) {
            Exchange exchange = request.exchange();
            if (exchange != null) {
                replies.add(new Reply(exchange, body, waiting));
                waiting = List.of();
                body = BoshXml.terminate(condition, error, List.of());
                lost = 0;
            }
        }
        held = 0;
        return lost;
    }

    /** Answers what should not be held any longer. */
    private void settle(List<Reply> replies) {
        while (held > 0 && isOver(window.oldest())) {
            HeldRequest oldest = window.oldest();
            List<EncodedStanza> taken = oldest.exchange() == null ? List.of() : queue.take();
            answer(oldest, BoshXml.body(taken), taken, replies);
        }
        schedule();
    }

    /** More are held than agreed, or stanzas wait. A lost one is kept for them only while no other could bring them. */
    private boolean isOver(HeldRequest oldest) {
        return held > terms.hold() || (oldest.exchange() == null ? held > 1 : !queue.isEmpty());
    }

    private void answer(HeldRequest request, byte[] body, List<EncodedStanza> carried, List<Reply> replies) {
        held--;
        window.answered(request, body);
        Exchange exchange = request.exchange();
        if (exchange != null) {
            replies.add(new Reply(exchange, body, carried));
        }
    }

    /** What one session holds. */
    SessionLoad load() {
        return new SessionLoad(1, held, queue.size(), queue.bytes());
    }

    /** The oldest held request, null when there is none or its connection is lost. */
    private @Nullable HeldRequest live() {
        HeldRequest oldest = held > 0 ? window.oldest() : null;
        return oldest == null || oldest.exchange() == null ? null : oldest;
    }

    private void schedule() {
        HeldRequest waiting = live();
        deadline = waiting == null ? ticker.getAsLong() + terms.inactivity().toNanos() : waiting.due();
    }
}
