package org.channelgateway.bosh;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One BOSH session: takes the browser's requests in the order of their rids, holds them, and answers with what is
 * delivered. Thread-safe: decided under one lock, done after it.
 */
public final class BoshSession {
    private static final Logger LOG = LoggerFactory.getLogger(BoshSession.class);

    /** An answer decided under the lock, to be sent after it. */
    private record Reply(Exchange exchange, byte[] body) {}

    private final Sid sid;
    private final Rid firstRid;
    private final BoshTerms terms;
    private final BoshSessions sessions;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final RequestWindow window;

    @GuardedBy("lock")
    private final StanzaQueue queue;

    /** How many of the window's open requests are held: taken up, their stanzas handed on, and waiting. */
    @GuardedBy("lock")
    private int held;

    /** A thread is handing stanzas up; others leave their requests to it. */
    @GuardedBy("lock")
    private boolean draining;

    /** The answer to whatever still comes; null while the session lives. */
    @GuardedBy("lock")
    private byte @Nullable [] over;

    /** Null until the application has opened it. */
    @GuardedBy("lock")
    private BoshApplication.@Nullable Stream stream;

    @GuardedBy("lock")
    private boolean streamClosed;

    /** Nano time at which {@link #tick} has something to do: an empty answer, or the end by inactivity. */
    private volatile long deadline;

    BoshSession(Sid sid, Rid firstRid, BoshTerms terms, BoshSessions sessions) {
        this.sid = sid;
        this.firstRid = firstRid;
        this.terms = terms;
        this.sessions = sessions;
        this.window = new RequestWindow(Math.max(terms.requests(), 2), firstRid.value());
        this.queue = new StanzaQueue(
                sessions.config().maxQueuedStanzas(), sessions.config().maxQueuedBytes());
        this.deadline = sessions.nanoTime() + terms.inactivity().toNanos();
    }

    public Sid sid() {
        return sid;
    }

    public BoshTerms terms() {
        return terms;
    }

    /** The rid of the first request. */
    public Rid firstRid() {
        return firstRid;
    }

    void open(BoshApplication.Stream opened) {
        lock.lock();
        try {
            stream = opened;
        } finally {
            lock.unlock();
        }
        closeStream(); // it may have been ended meanwhile
    }

    /** Hands a stanza to the browser: at once when a request is held, otherwise with its next one. */
    public Delivery deliver(EncodedStanza stanza) {
        Delivery delivery;
        Reply reply = null;
        lock.lock();
        try {
            HeldRequest request = held == 0 ? null : window.oldest();
            Exchange exchange = request == null ? null : request.exchange();
            if (over != null) {
                delivery = new Delivery.Refused(0);
            } else if (exchange == null || request == null || !queue.isEmpty()) {
                boolean added = queue.add(stanza);
                delivery = added ? new Delivery.Queued(queue.size()) : new Delivery.Refused(queue.size());
            } else {
                byte[] body = stanza.framed(BoshXml.FRAMING);
                reply = answered(request, exchange, body);
                schedule();
                delivery = new Delivery.Sent(request.request().rid());
            }
        } finally {
            lock.unlock();
        }
        if (reply != null) {
            reply.exchange.answer(reply.body);
        } else if (delivery instanceof Delivery.Refused refused && refused.waiting() > 0) {
            LOG.warn("session {} ended: {} stanzas waited and it did not read", sid, refused.waiting());
            terminate(BindingCondition.POLICY_VIOLATION, null);
        }
        return delivery;
    }

    /** Takes a request of the browser (XEP-0124 §8, §14). */
    void receive(BoshRequest request, Exchange exchange) {
        List<Reply> replies = new ArrayList<>(2);
        boolean outside = false;
        boolean drain = false;
        HeldRequest watched = null;
        lock.lock();
        try {
            HeldRequest arrived = new HeldRequest(
                    request, exchange, sessions.nanoTime() + terms.waitTime().toNanos());
            RequestWindow.Arrival arrival = over == null ? window.arrive(arrived) : null;
            if (over != null) {
                replies.add(new Reply(exchange, over));
            } else if (arrival instanceof RequestWindow.Arrival.New) {
                drain = !draining;
                draining = true;
            } else if (arrival instanceof RequestWindow.Arrival.Repeat repeat) {
                replies.add(new Reply(exchange, repeat.body()));
                idleFromNow();
            } else if (arrival instanceof RequestWindow.Arrival.Copy copy) {
                Exchange older = copy.original().moveTo(exchange);
                if (older != null) {
                    replies.add(new Reply(older, BoshXml.RECOVERABLE_ERROR));
                }
                answerHeld(replies);
                watched = window.isOpen(copy.original()) ? copy.original() : null;
            } else if (arrival instanceof RequestWindow.Arrival.Outside) {
                outside = true;
            } else {
                throw new AssertionError(arrival);
            }
        } finally {
            lock.unlock();
        }
        send(replies);
        if (watched != null) {
            watch(watched, exchange);
        }
        if (outside) {
            exchange.answer(BoshXml.terminate(BindingCondition.ITEM_NOT_FOUND, null, List.of()));
            terminate(BindingCondition.ITEM_NOT_FOUND, null);
        } else if (drain) {
            drain();
        }
    }

    /** Hands up request after request, each in its turn; one thread at a time. */
    private void drain() {
        while (true) {
            HeldRequest request;
            BoshApplication.Stream up;
            lock.lock();
            try {
                request = over == null ? window.takeNext() : null;
                up = stream;
                if (request == null) {
                    draining = false;
                }
            } finally {
                lock.unlock();
            }
            if (request == null || up == null) {
                closeStream();
                return;
            }
            handUp(request.request(), up);
            if (request.request().terminate()) {
                terminate(null, null);
            } else {
                hold(request);
            }
        }
    }

    private void handUp(BoshRequest request, BoshApplication.Stream up) {
        try {
            if (request.restart()) {
                up.restarted();
            }
            for (XmlElement stanza : request.stanzas()) {
                up.received(stanza);
            }
        } catch (RuntimeException e) {
            LOG.error("session {}: a stanza could not be handled", sid, e);
            terminate(BindingCondition.INTERNAL_SERVER_ERROR, null);
        }
    }

    private void hold(HeldRequest request) {
        List<Reply> replies = new ArrayList<>(2);
        Exchange watched;
        lock.lock();
        try {
            if (over != null) {
                return; // whoever ended the session answered this request
            }
            held++;
            answerHeld(replies);
            watched = window.isOpen(request) ? request.exchange() : null;
        } finally {
            lock.unlock();
        }
        send(replies);
        if (watched != null) {
            watch(request, watched);
        }
    }

    /** Answers what should not be held any longer: stanzas wait, or more requests are held than agreed. */
    @GuardedBy("lock")
    private void answerHeld(List<Reply> replies) {
        while (held > 0 && (held > terms.hold() || !queue.isEmpty())) {
            HeldRequest oldest = window.oldest();
            Exchange exchange = oldest.exchange();
            if (exchange == null && held == 1 && terms.hold() > 0) {
                break; // its connection is lost: what waits goes to the repeat
            }
            byte[] body = exchange == null ? BoshXml.EMPTY : BoshXml.body(queue.take());
            Reply reply = answered(oldest, exchange, body);
            if (reply != null) {
                replies.add(reply);
            }
        }
        schedule();
    }

    @GuardedBy("lock")
    private @Nullable Reply answered(HeldRequest request, @Nullable Exchange exchange, byte[] body) {
        held--;
        window.answered(request, body);
        return exchange == null ? null : new Reply(exchange, body);
    }

    /** Watches the connection of a held request, so that a browser that goes away is noticed at once. */
    private void watch(HeldRequest request, Exchange exchange) {
        exchange.watch(() -> lost(request, exchange));
    }

    private void lost(HeldRequest request, Exchange exchange) {
        lock.lock();
        try {
            if (request.exchange() == exchange) {
                request.moveTo(null);
                schedule();
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void schedule() {
        HeldRequest oldest = held > 0 ? window.oldest() : null;
        if (oldest != null && oldest.exchange() != null) {
            deadline = oldest.due();
        } else {
            idleFromNow();
        }
    }

    @GuardedBy("lock")
    private void idleFromNow() {
        if (held == 0 || window.oldest().exchange() == null) {
            deadline = sessions.nanoTime() + terms.inactivity().toNanos();
        }
    }

    /** Answers a request that has waited its time; ends a session without requests (XEP-0124 §10). */
    void tick(long now) {
        if (now - deadline < 0) {
            return;
        }
        Reply reply = null;
        boolean inactive = false;
        lock.lock();
        try {
            if (over != null || now - deadline < 0) {
                return;
            }
            HeldRequest oldest = held > 0 ? window.oldest() : null;
            if (oldest != null && oldest.exchange() != null) {
                reply = answered(oldest, oldest.exchange(), BoshXml.EMPTY);
                schedule();
            } else {
                inactive = !draining;
            }
        } finally {
            lock.unlock();
        }
        if (reply != null) {
            reply.exchange.answer(reply.body);
        }
        if (inactive) {
            terminate(BindingCondition.ITEM_NOT_FOUND, null);
        }
    }

    /**
     * Ends the session: whatever is held is answered with a terminal body, with what still waited in it.
     *
     * @param condition null when the browser asked for it
     */
    public void terminate(@Nullable BindingCondition condition, @Nullable StreamError error) {
        List<Reply> replies = new ArrayList<>(2);
        lock.lock();
        try {
            if (over != null) {
                return;
            }
            byte[] body = BoshXml.terminate(condition, error, queue.take());
            for (HeldRequest request : window.removeOpen()) {
                Exchange exchange = request.exchange();
                if (exchange != null) {
                    replies.add(new Reply(exchange, body));
                    body = BoshXml.terminate(condition, error, List.of());
                }
            }
            held = 0;
            over = BoshXml.terminate(BindingCondition.ITEM_NOT_FOUND, null, List.of());
        } finally {
            lock.unlock();
        }
        sessions.ended(this);
        LOG.debug("session {} ended: {}", sid, condition);
        send(replies);
        closeStream();
    }

    /** Tells the application once, and never while another thread hands it a stanza: that thread does it then. */
    private void closeStream() {
        BoshApplication.Stream up;
        lock.lock();
        try {
            if (over == null || draining || streamClosed || stream == null) {
                return;
            }
            streamClosed = true;
            up = stream;
        } finally {
            lock.unlock();
        }
        up.closed();
    }

    /** Answers the request that created the session, with all that the application has delivered since. */
    void created(BoshRequest request, Exchange exchange, String domain) {
        byte[] body = null;
        lock.lock();
        try {
            if (over == null) {
                HeldRequest creation = new HeldRequest(request, exchange, deadline);
                window.arrive(creation);
                window.takeNext();
                body = BoshXml.created(this, domain, queue.take());
                window.answered(creation, body);
                idleFromNow();
            }
        } finally {
            lock.unlock();
        }
        exchange.answer(
                body == null ? BoshXml.terminate(BindingCondition.INTERNAL_SERVER_ERROR, null, List.of()) : body);
    }

    private static void send(List<Reply> replies) {
        for (Reply reply : replies) {
            reply.exchange.answer(reply.body);
        }
    }
}
