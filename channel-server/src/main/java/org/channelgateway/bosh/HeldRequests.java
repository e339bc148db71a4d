package org.channelgateway.bosh;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.HeapRoom;
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

    /**
     * Most copies of one request whose connection still seems to live. A client that moves between networks sends a few;
     * each costs the gateway two answers for one.
     */
    static final int MAX_COPIES = 32;

    private final Sid sid;
    private final BoshTerms terms;
    private final LongSupplier ticker;
    private final RequestWindow window;
    private final StanzaQueue queue;
    private final Conduct conduct;
    /** Null in a session that does not acknowledge. */
    private final @Nullable Acknowledgements acks;
    /** How many seconds the browser will send nothing; 0 when it did not say so with its last request. */
    private int pause;

    /** How many of the window's open requests are held: taken up, their stanzas handed on, and waiting. */
    private int held;

    /** Nano time of the next empty answer, or of the end by inactivity. */
    private volatile long deadline;

    /**
     * @param first the rid of the first request
     * @param backlog what waits for all clients, or is kept for them
     * @param early asked for a part of the room for requests of all sessions that wait for an earlier one
     */
    HeldRequests(
            Sid sid,
            BoshTerms terms,
            BoshConfig config,
            Rid first,
            LongSupplier ticker,
            Backlog backlog,
            Supplier<HeapRoom.Claim> early) {
        this.sid = sid;
        this.terms = terms;
        this.ticker = ticker;
        this.window = new RequestWindow(Math.max(terms.requests(), 2), first.value(), backlog, early);
        this.queue = new StanzaQueue(config.maxQueuedStanzas(), config.maxQueuedBytes(), backlog);
        this.conduct = new Conduct(terms, ticker);
        this.acks = terms.acks() ? new Acknowledgements(Math.max(terms.requests(), 2)) : null;
        Duration patience = terms.inactivity().compareTo(FIRST_REQUEST) < 0 ? terms.inactivity() : FIRST_REQUEST;
        this.deadline = ticker.getAsLong() + patience.toNanos();
    }

    /** Answers the oldest request with a stanza, or keeps the stanza for the next one. */
    Delivery deliver(EncodedStanza stanza, List<Reply> replies) {
        HeldRequest waiting = live();
        if (waiting == null) {
            return queue.add(stanza) ? new Delivery.Queued(queue.size()) : new Delivery.Refused(queue.size());
        }
        answer(waiting, List.of(stanza), replies);
        schedule();
        return new Delivery.Sent(waiting.request().rid());
    }

    /** How many bytes wait for the next request. */
    int waitingBytes() {
        return queue.bytes();
    }

    /** How many bytes are kept for repeats. */
    int keptBytes() {
        return window.answers().bytes();
    }

    /** Keeps nothing for repeats any more: a request that is repeated all the same ends the session. */
    void forgetKept() {
        window.answers().forget();
    }

    /** It may send as fast as one of its kind. */
    void loggedIn(boolean isApplication) {
        conduct.loggedIn(isApplication);
    }

    /** Places a request of the browser; answers it when it is a repeat. */
    RequestWindow.Arrival arrive(BoshRequest request, Exchange exchange, List<Reply> replies) {
        long now = ticker.getAsLong();
        HeldRequest arriving =
                new HeldRequest(request, exchange, now + terms.waitTime().toNanos());
        RequestWindow.Arrival arrival = window.arrive(arriving);
        Breach breach = null;
        if (arrival instanceof RequestWindow.Arrival.New) {
            breach = conduct.judge(request, now);
            if (breach != null) {
                window.withdraw(arriving);
            } else {
                arrived(request, now);
            }
        } else if (arrival instanceof RequestWindow.Arrival.Repeat repeat) {
            replies.add(new Reply(exchange, repeat.body()));
            schedule();
        } else if (arrival instanceof RequestWindow.Arrival.Copy copy) {
            breach = move(copy.original(), exchange, replies);
        } else if (arrival instanceof RequestWindow.Arrival.NoRoom && live() == null) {
            schedule(); // it is there, and has to come again
        }
        return breach == null ? arrival : new RequestWindow.Arrival.Refused(breach);
    }

    private void arrived(BoshRequest request, long now) {
        if (acks != null) {
            acks.received(request, now);
        }
        if (live() == null) {
            schedule(); // it may wait for an earlier one: the browser is there all the same
        }
    }

    /** Moves a request to the connection of its copy (XEP-0124 §17.3); null when there were not too many. */
    private @Nullable Breach move(HeldRequest original, Exchange newer, List<Reply> replies) {
        if (original.exchange() != null && original.countCopy() > MAX_COPIES) {
            return Breach.TOO_MANY_COPIES;
        }
        Exchange older = original.moveTo(newer);
        if (older != null) {
            replies.add(new Reply(older, BoshXml.RECOVERABLE_ERROR));
        }
        settle(replies);
        return null;
    }

    /** The request whose turn it is, null when that one has not arrived. */
    @Nullable
    HeldRequest takeNext() {
        return window.takeNext();
    }

    /** Holds the request that was taken up last, or answers it when it is one that is not held. */
    void hold(HeldRequest request, List<Reply> replies) {
        held++;
        pause = request.request().pause();
        BoshRequest.Creation creation = request.request().creation();
        if (creation != null) {
            answerCreation(request, creation, replies);
        } else if (pause > 0) {
            release(replies);
        }
        settle(replies);
    }

    private void answerCreation(HeldRequest request, BoshRequest.Creation creation, List<Reply> replies) {
        Rid rid = request.request().rid();
        if (acks != null) {
            acks.answering(rid.value(), rid.value(), ticker.getAsLong()); // the creation response says its own (§9.1)
        }
        List<EncodedStanza> stanzas = queue.take();
        answer(request, CreationResponse.of(sid, rid, terms, creation, stanzas), stanzas, replies);
    }

    /** Answers all that is held, with no payload: the browser pauses (XEP-0124 §10). */
    private void release(List<Reply> replies) {
        while (held > 0) {
            answer(window.oldest(), List.of(), replies);
        }
    }

    /** The connection of a request broke: what would have answered it is kept for its repeat. */
    void lost(HeldRequest request, Exchange exchange, List<Reply> replies) {
        if (request.exchange() == exchange && window.isOpen(request)) {
            request.moveTo(null);
            replies.add(new Reply(exchange, BoshXml.RECOVERABLE_ERROR));
            settle(replies);
        }
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
        answer(waiting, List.of(), replies);
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
        window.answers().forget();
        return lost;
    }

    /** Answers what should not be held any longer. */
    private void settle(List<Reply> replies) {
        while (held > 0 && isOver(window.oldest())) {
            HeldRequest oldest = window.oldest();
            answer(oldest, oldest.exchange() == null ? List.of() : queue.take(), replies);
        }
        schedule();
    }

    /** More are held than agreed, or stanzas wait. A lost one is kept for them only while no other could bring them. */
    private boolean isOver(HeldRequest oldest) {
        return held > terms.hold()
                || (acks != null && acks.isReportDue())
                || (oldest.exchange() == null ? held > 1 : !queue.isEmpty());
    }

    private void answer(HeldRequest request, List<EncodedStanza> stanzas, List<Reply> replies) {
        String attributes = acks == null ? "" : acks.answering(request.rid(), window.received(), ticker.getAsLong());
        byte[] body = attributes.isEmpty() ? BoshXml.body(stanzas) : BoshXml.body(attributes, stanzas);
        answer(request, body, stanzas, replies);
    }

    private void answer(HeldRequest request, byte[] body, List<EncodedStanza> carried, List<Reply> replies) {
        held--;
        conduct.answered(!carried.isEmpty());
        window.answered(request, body, carried);
        Exchange exchange = request.exchange();
        if (exchange != null) {
            replies.add(new Reply(exchange, body, carried));
        }
    }

    /** True while half of what may wait does. */
    boolean isBehind() {
        return queue.isHalfFull();
    }

    /** What one session holds. */
    SessionLoad load() {
        return new SessionLoad(1, held, pause > 0 ? 1 : 0, queue.size(), queue.bytes());
    }

    /** The oldest held request, null when there is none or its connection is lost. */
    private @Nullable HeldRequest live() {
        HeldRequest oldest = held > 0 ? window.oldest() : null;
        return oldest == null || oldest.exchange() == null ? null : oldest;
    }

    private void schedule() {
        HeldRequest waiting = live();
        deadline = waiting == null ? ticker.getAsLong() + patience().toNanos() : waiting.due();
    }

    private Duration patience() {
        return pause > 0 ? Duration.ofSeconds(pause) : terms.inactivity();
    }
}
