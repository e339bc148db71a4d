package org.channelgateway.bosh;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.bosh.HeldRequests.Reply;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.FullException;
import org.channelgateway.limit.Places;
import org.channelgateway.stats.SessionLoad;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.EncodedStanza;
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
    private final ContentType content;
    private final String address;
    private final BoshSessions sessions;
    private final Places.Place place;

    private final ReentrantLock lock = new ReentrantLock();
    private final Uplink uplink;

    @GuardedBy("lock")
    private final HeldRequests requests;

    private volatile boolean lapsed;

    /**
     * @param content the type of its responses
     * @param address the IP address that the session was asked for from
     * @param place its own, to be left when it is over
     */
    BoshSession(
            Sid sid,
            Rid firstRid,
            BoshTerms terms,
            ContentType content,
            String address,
            BoshSessions sessions,
            Places.Place place) {
        this.sid = sid;
        this.firstRid = firstRid;
        this.terms = terms;
        this.content = content;
        this.address = address;
        this.sessions = sessions;
        this.place = place;
        this.uplink = new Uplink(sid, lock);
        this.requests = new HeldRequests(
                sid,
                terms,
                sessions.config(),
                firstRid,
                sessions::nanoTime,
                sessions.backlog(),
                () -> sessions.early().claim(sessions.networks().counted(address)));
        if (place.isLoggedIn()) { // its token was shown where it was made
            requests.loggedIn(false);
        }
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

    ContentType content() {
        return content;
    }

    @Override
    public String kind() {
        return "bosh";
    }

    @Override
    public boolean hasLapsed() {
        return lapsed;
    }

    @Override
    public String address() {
        return address;
    }

    /** Nothing more to do: the browser says so itself when it restarts the stream (XEP-0206 §5). */
    @Override
    public void awaitRestart(boolean isApplication) {
        place.loggedIn();
        lock.lock();
        try {
            requests.loggedIn(isApplication);
        } finally {
            lock.unlock();
        }
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
        uplink.open(opened);
    }

    /** Hands a stanza to the browser: at once when a request is held, otherwise with its next one. */
    public Delivery deliver(EncodedStanza stanza) {
        List<Reply> replies = new ArrayList<>(1);
        Delivery delivery;
        lock.lock();
        try {
            delivery = uplink.isOver() ? new Delivery.Refused(0) : requests.deliver(stanza, replies);
        } finally {
            lock.unlock();
        }
        replies.forEach(Reply::send);
        if (delivery instanceof Delivery.Refused refused && refused.waiting() > 0) {
            endUnread(refused.waiting() + " stanzas waited and it did not read");
        }
        return delivery;
    }

    @Override
    public boolean isBehind() {
        lock.lock();
        try {
            return requests.isBehind();
        } finally {
            lock.unlock();
        }
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

    @Override
    public int keptBytes() {
        lock.lock();
        try {
            return requests.keptBytes();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void forgetKept() {
        lock.lock();
        try {
            requests.forgetKept();
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
        endUnread("it reads slowest, and too much waits for all");
    }

    private void endUnread(String why) {
        if (end(Breach.NOT_READING.condition(), null, true)) {
            sessions.slowConsumer();
            sessions.refused(Breach.NOT_READING.reason());
            LOG.warn("session {} ended: {}", sid, why);
        }
    }

    /**
     * Takes a request of the browser, the one that created the session included (XEP-0124 §8, §14).
     *
     * @throws FullException when it has to wait for an earlier one, and too many do
     */
    void receive(BoshRequest request, Exchange exchange) {
        List<Reply> replies = new ArrayList<>(2);
        RequestWindow.Arrival arrival = null;
        boolean drain = false;
        lock.lock();
        try {
            if (!uplink.isOver()) {
                arrival = requests.arrive(request, exchange, replies);
                drain = arrival instanceof RequestWindow.Arrival.New && uplink.claim();
            }
        } finally {
            lock.unlock();
        }
        replies.forEach(Reply::send);
        if (arrival == null) {
            exchange.answer(sessions.gone(sid.value()));
        } else if (arrival instanceof RequestWindow.Arrival.NoRoom) {
            throw BoshSessions.noRoomForEarly();
        } else if (drain) {
            drain();
        } else if (arrival instanceof RequestWindow.Arrival.Copy copy) {
            watch(copy.original(), exchange);
        } else if (arrival instanceof RequestWindow.Arrival.Refused refused) {
            LOG.debug("session {} ended: {}", sid, refused.breach());
            sessions.refused(refused.breach().reason());
            refuse(refused.breach().condition(), exchange);
        }
    }

    @SuppressWarnings("GuardedBy") // the uplink takes the next one under the lock
    private void drain() {
        uplink.drain(requests::takeNext, this::handedUp, this::failed);
    }

    private void failed() {
        sessions.refused(BindingCondition.INTERNAL_SERVER_ERROR.wire());
        terminate(BindingCondition.INTERNAL_SERVER_ERROR, null);
    }

    private void handedUp(HeldRequest request) {
        if (request.request().terminate()) {
            terminate(null, null);
        } else {
            hold(request);
        }
    }

    private void hold(HeldRequest request) {
        List<Reply> replies = new ArrayList<>(2);
        Exchange exchange;
        lock.lock();
        try {
            if (uplink.isOver()) {
                return; // whoever ended the session answered this request
            }
            requests.hold(request, replies);
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

    /** True when there may be something to do at this nano time. */
    @SuppressWarnings("GuardedBy")
    boolean isDue(long time) {
        return requests.isDue(time);
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
            inactive = !uplink.isOver() && requests.tick(now, replies) && !uplink.isBusy();
        } finally {
            lock.unlock();
        }
        replies.forEach(Reply::send);
        if (inactive) {
            lapsed = true;
            terminate(BindingCondition.ITEM_NOT_FOUND, null);
        }
    }

    /**
     * Ends the session: whatever is held is answered with a terminal body, with what still waited in it. When nothing is
     * held the next request is told, once.
     *
     * @param condition null when the browser asked for it
     */
    public void terminate(@Nullable BindingCondition condition, @Nullable StreamError error) {
        boolean unused = end(condition, error, condition != null && condition != BindingCondition.ITEM_NOT_FOUND);
    }

    /** Ends the session for a request that it cannot take; others that are open learn that it was not theirs. */
    void refuse(BindingCondition condition, Exchange exchange) {
        boolean unused = end(BindingCondition.OTHER_REQUEST, null, false);
        exchange.answer(BoshXml.terminate(condition, null, List.of()));
    }

    /** False when another has ended it. */
    private boolean end(@Nullable BindingCondition condition, @Nullable StreamError error, boolean tellLater) {
        List<Reply> replies = new ArrayList<>(2);
        int lost;
        lock.lock();
        try {
            if (uplink.isOver()) {
                return false;
            }
            uplink.end();
            lost = requests.end(condition, error, replies);
            if (tellLater && condition != null && replies.isEmpty()) {
                sessions.untold(this, condition, error);
            }
        } finally {
            lock.unlock();
        }
        sessions.ended(this);
        LOG.debug("session {} ended: {}, {} stanzas lost", sid, condition, lost);
        replies.forEach(Reply::send);
        uplink.close();
        return true;
    }
}
