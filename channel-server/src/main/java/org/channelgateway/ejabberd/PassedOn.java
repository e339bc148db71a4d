package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.channelgateway.bosh.BindingCondition;
import org.channelgateway.bosh.BoshRequest;
import org.channelgateway.bosh.BoshXml;
import org.channelgateway.bosh.HttpExchange;
import org.channelgateway.channel.SessionEnd;
import org.channelgateway.http.Problem;
import org.channelgateway.limit.Retry;
import org.channelgateway.stream.StreamError;
import org.jspecify.annotations.Nullable;

/** One request that is passed on, until it is answered, its browser is gone, or its lease is over: whatever comes first. */
final class PassedOn implements Posting.Receiver {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int OK = 200;
    private static final int SERVER_ERROR = 500;

    static final byte[] TIMED_OUT = BoshXml.terminate(
            BindingCondition.REMOTE_STREAM_ERROR,
            new StreamError("not-authorized", SessionEnd.TIMED_OUT.description()),
            List.of());

    private final HeldPolls held;
    private final HttpExchange exchange;
    private final BoshRequest request;
    /** Null for a session that logs in by itself. */
    private final @Nullable BoshPath path;
    /** Of a session that is being made; null for all others. */
    private final LoginPlaces.@Nullable Place login;

    private final UpstreamNode node;
    private final ProxiedBody body;
    private final AtomicBoolean isOver = new AtomicBoolean();
    /** The session that was to be made is there. */
    private volatile boolean isMade;

    /** ejabberd has answered. */
    private volatile boolean isAnswered;

    private volatile @Nullable Posting posting;
    /** Null when the lease lasts longer than this is held, and while that is not known. */
    private volatile LeaseEnds.@Nullable End leaseEnd;

    PassedOn(
            HeldPolls held,
            HttpExchange exchange,
            BoshRequest request,
            @Nullable BoshPath path,
            LoginPlaces.@Nullable Place login,
            UpstreamNode node,
            ProxiedBody body) {
        this.held = held;
        this.exchange = exchange;
        this.request = request;
        this.path = path;
        this.login = login;
        this.node = node;
        this.body = body;
    }

    /** The session; empty when it is being made. */
    String sid() {
        return request.sid();
    }

    long rid() {
        return request.rid().value();
    }

    LeaseEnds.@Nullable End leaseEnd() {
        return leaseEnd;
    }

    void start(LeaseEnds ends, RequestOrder order) {
        if (path != null) {
            leaseEnd = ends.add(path.expiry(), this::leaseIsOver);
        }
        exchange.watch(this::gone);
        if (sid().isEmpty()) {
            send();
        } else {
            order.enter(sid(), rid(), this::send);
            if (request.terminate()) {
                order.afterGoodbye(this::endUnlessAnswered);
            }
        }
    }

    /** One that is set aside, since the request before it was lost, would leave the session there until it is inactive. */
    private void endUnlessAnswered() {
        if (!isAnswered) {
            node.end(sid());
        }
    }

    private void send() {
        if (isNotWanted()) {
            return;
        }
        posting = node.post(body.bytes(), this);
        if (isNotWanted()) { // the browser went meanwhile
            cancel();
        }
    }

    private boolean isNotWanted() {
        return isOver.get() && !request.terminate();
    }

    /** A client that says goodbye may leave at once: that has to reach ejabberd, or its session is there until it is inactive. */
    private void gone() {
        if (end()) {
            if (!request.terminate()) {
                cancel();
            }
            exchange.answer(BoshXml.RECOVERABLE_ERROR); // nobody reads it, but the request has to end
        }
    }

    /** It is answered with a status: the session may live on, and its client repeats the request. */
    void comeAgain() {
        if (end()) {
            cancel();
            exchange.answer(new Problem(
                    503,
                    "the XMPP server does not answer now (expected: the same request again)",
                    Retry.after(SOON),
                    "upstream"));
        }
    }

    private void cancel() {
        Posting sent = posting;
        if (sent != null) {
            sent.cancel();
        }
    }

    private boolean end() {
        boolean isFirst = !isOver.getAndSet(true);
        if (isFirst) {
            if (login != null && !isMade) {
                login.free();
            }
            held.over(this, isAnswered);
        }
        return isFirst;
    }

    private void answer(byte[] bytes) {
        if (end()) {
            exchange.answer(bytes);
        }
    }

    @Override
    public void answered(int status, byte[] answer) {
        isAnswered = true;
        if (status >= SERVER_ERROR || (status == OK && !AnswerBody.is(answer))) {
            comeAgain();
        } else if (status != OK) {
            answer(BoshXml.NOT_FOUND);
        } else {
            if (path == null) {
                login(answer);
            }
            byte[] escaped = CarriageReturns.escaped(answer, answer.length);
            answer(body.refusals().isEmpty() ? escaped : withRefusals(escaped));
        }
    }

    private byte[] withRefusals(byte[] answer) {
        return AnswerBody.with(body.refusals(), AnswerBody.withoutIq(ProxiedBody.pingId(request), answer));
    }

    private void login(byte[] answer) {
        String made = login == null ? null : BoshRequest.sidIn(answer);
        if (login != null && made != null) {
            isMade = true;
            login.of(made);
        } else if (body.logsIn() && AnswerBody.hasSuccess(answer)) {
            held.loggedIn(request.sid());
        }
    }

    @Override
    public void failed(Throwable why) {
        comeAgain();
    }

    @Override
    public void tooLong() {
        if (end()) {
            node.end(request.sid());
            exchange.answer(BoshXml.NOT_FOUND);
        }
    }

    /** Ends the session. */
    private void leaseIsOver() {
        if (end()) {
            cancel();
            node.end(request.sid());
            exchange.answer(TIMED_OUT);
        }
    }
}
