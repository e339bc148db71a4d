package org.channelgateway.proxy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.http.ConnectionWatch;
import org.channelgateway.http.Passage;
import org.channelgateway.http.Problem;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to the application, and the answer on its way back. Thread-safe: the body and the answer have a thread
 * each at a time, and a third one looks at the time. Who answers, the application or the gateway in its place, is decided once.
 */
final class Exchange {
    /** How long the application may leave a client waiting for its 100 (RFC 9110 §10.1.1). */
    private static final Duration CONTINUE = Duration.ofSeconds(1);
    /** How long a body may stand still. */
    private static final Duration STILL = Duration.ofSeconds(60);
    /** How long an answer that began may say nothing, as an event stream does. */
    private static final Duration QUIET = Duration.ofHours(1);
    /** How long the rest of a body that nobody wants is thrown away. */
    private static final Duration REST = Duration.ofSeconds(5);

    private enum Phase {
        CONNECTING,
        /** Waits for 100 before the body. */
        EXPECTING,
        BODY,
        WAITING,
        ANSWERING,
        /** The answer is written, and the body still comes. */
        REST
    }

    private final ApplicationProxy proxy;
    private final Passage passage;
    private final Request request;
    private final @Nullable String upgrade;
    private final Upload upload;
    private final boolean expectsContinue;
    private final AtomicBoolean answerTaken = new AtomicBoolean();
    private final AtomicBoolean bodyBegun = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    /** The body, if there is one, and the answer. */
    private final AtomicInteger partsOpen;

    private volatile Phase phase = Phase.CONNECTING;
    private volatile long since;
    private volatile boolean bodyRead;
    private volatile @Nullable Throwable cutWith;
    private volatile @Nullable Upstream upstream;
    private volatile @Nullable Answer answer;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable ConnectionWatch watch;

    @GuardedBy("lock")
    private boolean watchOver;

    /** @param upgrade the protocols that the client would switch to; null when it stays with HTTP */
    Exchange(ApplicationProxy proxy, Passage passage, @Nullable String upgrade) {
        this.proxy = proxy;
        this.passage = passage;
        this.request = passage.request();
        this.upgrade = upgrade;
        this.upload = new Upload(this, request, Framing.of(request));
        this.bodyRead = upload.framing() == Framing.NONE;
        this.partsOpen = new AtomicInteger(bodyRead ? 1 : 2);
        this.expectsContinue = HttpHeaderValue.CONTINUE.is(request.getHeaders().get(HttpHeader.EXPECT));
        touch();
    }

    void start() {
        proxy.application()
                .connect(
                        (endPoint, context) -> new Upstream(endPoint, proxy.executor(), this),
                        failure -> unreachable("not reached: ", failure));
    }

    /** Something moved. */
    void touch() {
        since = proxy.now();
    }

    private void enter(Phase next) {
        touch();
        phase = next;
    }

    Answer answer() {
        Answer reading = answer;
        if (reading == null) {
            throw new IllegalStateException("answer: nothing is read (expected: a connection first)");
        }
        return reading;
    }

    /** On the new connection's thread. */
    void connected(Upstream connection) {
        answer = new Answer(this, connection.getEndPoint(), passage.response(), proxy.pool(), isHead());
        upstream = connection;
        Throwable cut = cutWith;
        if (cut != null) {
            connection.close(cut);
        }
        ByteBuffer head = proxy.headers().request(request, upgrade, upload.framing());
        connection.write(Callback.from(this::headWritten, failure -> unreachable("not reached: ", failure)), head);
    }

    private boolean isHead() {
        return request.getMethod().equals("HEAD");
    }

    private void headWritten() {
        if (bodyRead) {
            awaitAnswer();
        } else if (expectsContinue) {
            enter(Phase.EXPECTING);
        } else {
            beginBody();
        }
        answer().iterate();
    }

    private void beginBody() {
        if (!bodyBegun.getAndSet(true)) {
            enter(Phase.BODY);
            upload.iterate();
        }
    }

    void write(Callback then, ByteBuffer... bytes) {
        Upstream connection = upstream;
        if (connection == null) {
            then.failed(new IllegalStateException("not connected"));
        } else {
            connection.write(then, bytes);
        }
    }

    /** Nothing more of the body will be read. */
    void uploaded() {
        bodyRead = true;
        awaitAnswer();
        partEnded();
    }

    private void awaitAnswer() {
        if (phase == Phase.CONNECTING || phase == Phase.BODY) {
            enter(Phase.WAITING);
        }
        startWatch();
    }

    private void startWatch() {
        ConnectionWatch started;
        lock.lock();
        try {
            if (watchOver) {
                return;
            }
            started = passage.watch(() -> cut(new EOFException("the client is gone")));
            watch = started;
        } finally {
            lock.unlock();
        }
        if (started != null) {
            started.start();
        }
    }

    /** Only when the watch has ended may the end of the answer be written. */
    private void endWatch(Runnable then) {
        ConnectionWatch ending;
        lock.lock();
        try {
            watchOver = true;
            ending = watch;
        } finally {
            lock.unlock();
        }
        if (ending == null) {
            then.run();
        } else {
            ending.stop(then);
        }
    }

    void awaitMore() {
        Upstream connection = upstream;
        if (connection != null) {
            connection.fillInterested();
        }
    }

    /** An answer before the answer: 100 asks for the body, the others are the application's and a client can do without. */
    void interim(int status) {
        if (status == 100 && upload.framing() != Framing.NONE) {
            beginBody();
        }
    }

    /** The application answers. */
    void answering(int status, HttpFields fields) throws IOException {
        takeAnswer();
        enter(Phase.ANSWERING);
        passage.response().setStatus(status);
        proxy.headers().answer(request, status, fields, passage.response().getHeaders());
    }

    private void takeAnswer() throws IOException {
        if (answerTaken.getAndSet(true)) {
            throw new IOException("answered already");
        }
    }

    /** Writes what ends an answer. */
    void last(Callback then) {
        endWatch(() -> passage.response().write(true, BufferUtil.EMPTY_BUFFER, then));
    }

    void answered() {
        if (phase != Phase.ANSWERING) { // it switched, or the gateway answered
            return;
        }
        closeUpstream(new EOFException("answered"));
        answerEnded();
    }

    private void answerEnded() {
        enter(Phase.REST);
        upload.throwAwayTheRest();
        if (upload.framing() != Framing.NONE && !bodyBegun.getAndSet(true)) {
            if (expectsContinue) {
                partEnded(); // it was never asked for, and will not come
            } else {
                upload.iterate();
            }
        }
        partEnded();
    }

    private void partEnded() {
        if (partsOpen.decrementAndGet() == 0 && !ended.getAndSet(true)) {
            proxy.ended(this);
            endWatch(passage::end);
        }
    }

    /** The application speaks another protocol with the client from here on. */
    void switching(HttpFields fields, ByteBuffer leftOver) throws IOException {
        String protocol = fields.get(HttpHeader.UPGRADE);
        Upstream connection = upstream;
        if (upgrade == null || protocol == null || connection == null) {
            throw new IOException("it switches to " + protocol + " without being asked");
        }
        takeAnswer();
        ended.set(true);
        HttpFields.Mutable to = passage.response().getHeaders();
        proxy.headers().answer(request, 101, fields, to);
        to.put(HttpHeader.CONNECTION, HttpHeaderValue.UPGRADE);
        to.put(HttpHeader.UPGRADE, protocol);
        proxy.ended(this);
        Tunnel tunnel = proxy.tunnel(passage.client(), connection.getEndPoint(), leftOver);
        endWatch(() -> passage.switchTo(tunnel.client(), () -> closeUpstream(new EOFException("the client is gone"))));
    }

    /** The answer will not come, or not to its end. */
    void answerFailed(Throwable why) {
        if (phase == Phase.REST || ended.get()) {
            return;
        }
        if (answerTaken.get() || cutWith != null) {
            closeUpstream(why);
            fail(why);
        } else {
            refuse(502, "broken", "broke off: " + reason(why));
        }
    }

    private void unreachable(String what, Throwable why) {
        if (cutWith != null) {
            fail(why);
        } else {
            refuse(502, "unreachable", what + reason(why));
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    /** The gateway answers in the application's place. */
    private void refuse(int status, String reason, String detail) {
        if (answerTaken.getAndSet(true)) {
            return;
        }
        enter(Phase.REST);
        closeUpstream(new EOFException(reason));
        proxy.refused(reason);
        Problem problem =
                new Problem(status, "application: " + proxy.application().uri() + " " + detail);
        endWatch(() -> passage.write(problem, bodyRead, Callback.from(this::answerEnded, this::fail)));
    }

    /** The client broke off, or sent what is no body. */
    void clientFailed(Throwable why) {
        closeUpstream(why);
        fail(why);
    }

    private void fail(Throwable why) {
        if (!ended.getAndSet(true)) {
            proxy.ended(this);
            endWatch(() -> passage.fail(why));
        }
    }

    private void closeUpstream(Throwable why) {
        Upstream connection = upstream;
        if (connection != null) {
            connection.close(why);
        }
    }

    /** Ends it wherever it is. */
    void cut(Throwable why) {
        cutWith = why;
        closeUpstream(why);
    }

    /** Ends what took too long. */
    void tick(long now) {
        long waited = now - since;
        switch (phase) {
            case CONNECTING, ANSWERING -> {
                if (waited >= QUIET.toNanos()) {
                    cut(new EOFException("nothing came"));
                }
            }
            case EXPECTING -> {
                if (waited >= CONTINUE.toNanos()) {
                    beginBody();
                }
            }
            case BODY -> {
                if (waited >= STILL.toNanos()) {
                    bodyStands();
                }
            }
            case WAITING -> {
                if (waited >= proxy.patience().toNanos()) {
                    refuse(
                            504,
                            "slow",
                            "has not begun to answer within " + proxy.patience().toSeconds() + " s");
                }
            }
            case REST -> {
                if (waited >= REST.toNanos()) {
                    passage.client().close(new EOFException("the client took too long"));
                }
            }
        }
    }

    private void bodyStands() {
        if (upload.isWriting()) {
            refuse(504, "slow", "has not taken the body for " + STILL.toSeconds() + " s");
        } else {
            proxy.refused("request-time");
            clientFailed(new EOFException("the client took too long"));
        }
    }
}
