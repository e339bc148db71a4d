package org.channelgateway.bosh;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.bosh.HeldRequests.Reply;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.Places;
import org.channelgateway.stats.SessionLoad;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One BOSH session: takes the browser's requests in the order of their rids, hands their stanzas to the application, and
 * answers them with what is delivered. Thread-safe: decided under one lock, done after it.
 */
public final class BoshSession implements ClientTransport, Backlog.Reader {
    private static final Logger LOG = LoggerFactory.getLogger(BoshSession.class);

    private final Sid sid;
    private final Rid firstRid;
    private final BoshTerms terms;
    private final String address;
    private final BoshSessions sessions;
    private final Places.Place place;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final HeldRequests requests;

    /** A thread is handing stanzas up; others leave their requests to it. */
    @GuardedBy("lock")
    private boolean draining;

    @GuardedBy("lock")
    private boolean over;

    /** Null until the application has opened it. */
    @GuardedBy("lock")
    private StreamApplication.@Nullable Stream stream;

    @GuardedBy("lock")
    private boolean streamClosed;

    /**
     * @param address the IP address that the session was asked for from
     * @param place its own, to be left when it is over
     */
    BoshSession(Sid sid, Rid firstRid, BoshTerms terms, String address, BoshSessions sessions, Places.Place place) {
        this.sid = sid;
        this.firstRid = firstRid;
        this.terms = terms;
        this.address = address;
        this.sessions = sessions;
        this.place = place;
        this.requests = new HeldRequests(terms, sessions.config(), firstRid, sessions::nanoTime, sessions.backlog());
    }

    Places.Place place() {
        return place;
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

    @Override
    public String kind() {
        return "bosh";
    }

    @Override
    public String address() {
        return address;
    }

    /** Nothing more to do: the browser says so itself when it restarts the stream (XEP-0206 §5). */
    @Override
    public void awaitRestart(boolean isApplication) {
        place.loggedIn();
    }

    @Override
    public boolean send(EncodedStanza stanza) {
        return !(deliver(stanza) instanceof Delivery.Refused);
    }

    @Override
    public void end(StreamError error) {
        terminate(BindingCondition.REMOTE_STREAM_ERROR, error);
    }

    void open(StreamApplication.Stream opened) {
        lock.lock();
        try {
            stream = opened;
        } finally {
            lock.unlock();
        }
        closeStream(); // it may have been ended meanwhile
    }

    /** Answers the request that created the session, with all that the application has delivered since. */
    void created(BoshRequest request, Exchange exchange, String domain) {
        List<Reply> replies = new ArrayList<>(1);
        lock.lock();
        try {
            if (over) {
                replies.add(new Reply(
                        exchange, BoshXml.terminate(BindingCondition.INTERNAL_SERVER_ERROR, null, List.of())));
            } else {
                requests.created(new HeldRequest(request, exchange, 0), this, domain, replies);
            }
        } finally {
            lock.unlock();
        }
        replies.forEach(Reply::send);
    }

    /** Hands a stanza to the browser: at once when a request is held, otherwise with its next one. */
    public Delivery deliver(EncodedStanza stanza) {
        List<Reply> replies = new ArrayList<>(1);
        Delivery delivery;
        lock.lock();
        try {
            delivery = over ? new Delivery.Refused(0) : requests.deliver(stanza, replies);
        } finally {
            lock.unlock();
        }
        replies.forEach(Reply::send);
        if (delivery instanceof Delivery.Refused refused && refused.waiting() > 0) {
            sessions.slowConsumer();
            LOG.warn("session {} ended: {} stanzas waited and it did not read", sid, refused.waiting());
            sessions.slow(this);
            terminate(BindingCondition.POLICY_VIOLATION, null);
        }
        return delivery;
    }

    @Override
    public int waitingBytes() {
        lock.lock();
        try {
            return requests.waitingBytes();
        } finally {
            lock.unlock();
        }
    }

    SessionLoad load() {
        lock.lock();
        try {
            return requests.load();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void endSlow() {
        LOG.warn("session {} ended: it reads slowest, and too much waits for all", sid);
        sessions.slow(this);
        terminate(BindingCondition.POLICY_VIOLATION, null);
    }

    /** Takes a request of the browser (XEP-0124 §8, §14). */
    void receive(BoshRequest request, Exchange exchange) {
        List<Reply> replies = new ArrayList<>(2);
        RequestWindow.Arrival arrival = null;
        boolean drain = false;
        lock.lock();
        try {
            if (over) {
                replies.add(new Reply(exchange, BoshXml.NOT_FOUND));
            } else {
                arrival = requests.arrive(request, exchange, replies);
                drain = arrival instanceof RequestWindow.Arrival.New && !draining;
                draining |= drain;
            }
        } finally {
            lock.unlock();
        }
        replies.forEach(Reply::send);
        if (drain) {
            drain();
        } else if (arrival instanceof RequestWindow.Arrival.Copy copy) {
            watch(copy.original(), exchange);
        } else if (arrival instanceof RequestWindow.Arrival.Outside) {
            terminate(BindingCondition.ITEM_NOT_FOUND, null);
            exchange.answer(BoshXml.NOT_FOUND);
        }
    }

    /** Hands up request after request, each in its turn; one thread at a time. */
    private void drain() {
        while (true) {
            HeldRequest request;
            StreamApplication.Stream up;
            lock.lock();
            try {
                up = stream;
                request = over || up == null ? null : requests.takeNext();
                draining = request != null;
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

    private void handUp(BoshRequest request, StreamApplication.Stream up) {
        try {
            if (request.restart()) {
                up.restarted();
            }
            for (XmlElement stanza : request.stanzas()) {
                up.received(stanza);
            }
        } catch (RuntimeException | Error e) { // not handed on: the session would never end
            LOG.error("session {}: a stanza could not be handled", sid, e);
            terminate(BindingCondition.INTERNAL_SERVER_ERROR, null);
        }
    }

    private void hold(HeldRequest request) {
        List<Reply> replies = new ArrayList<>(2);
        Exchange exchange;
        lock.lock();
        try {
            if (over) {
                return; // whoever ended the session answered this request
            }
            requests.hold(replies);
            exchange = request.exchange();
        } finally {
            lock.unlock();
        }
        replies.forEach(Reply::send);
        if (exchange != null) {
            watch(request, exchange);
        }
    }

    /** Watches the connection of a held request, so that a browser that goes away is noticed at once. */
    private void watch(HeldRequest request, Exchange exchange) {
        exchange.watch(() -> lost(request, exchange));
    }

    private void lost(HeldRequest request, Exchange exchange) {
        List<Reply> replies = new ArrayList<>(2);
        lock.lock();
        try {
            requests.lost(request, exchange, replies);
        } finally {
            lock.unlock();
        }
        replies.forEach(Reply::send);
    }

    /** Answers a request that has waited its time; ends a session without requests (XEP-0124 §10). */
    @SuppressWarnings("GuardedBy") // isDue
    void tick(long now) {
        if (!requests.isDue(now)) {
            return;
        }
        List<Reply> replies = new ArrayList<>(1);
        boolean inactive;
        lock.lock();
        try {
            inactive = !over && requests.tick(now, replies) && !draining;
        } finally {
            lock.unlock();
        }
        replies.forEach(Reply::send);
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
        int lost;
        lock.lock();
        try {
            if (over) {
                return;
            }
            over = true;
            lost = requests.end(condition, error, replies);
        } finally {
            lock.unlock();
        }
        sessions.ended(this);
        LOG.debug("session {} ended: {}, {} stanzas lost", sid, condition, lost);
        replies.forEach(Reply::send);
        closeStream();
    }

    /** Tells the application once, and never while another thread hands it a stanza: that thread does it then. */
    private void closeStream() {
        StreamApplication.Stream up;
        lock.lock();
        try {
            if (!over || draining || streamClosed || stream == null) {
                return;
            }
            streamClosed = true;
            up = stream;
        } finally {
            lock.unlock();
        }
        try {
            up.closed();
        } catch (RuntimeException e) { // the session is over all the same, and the caller may have others to end
            LOG.error("session {}: its end could not be handled", sid, e);
        }
    }
}
