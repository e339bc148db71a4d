package org.channelgateway.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.channelgateway.http.Passage;
import org.channelgateway.http.Problem;
import org.channelgateway.proxy.Progress.Phase;
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
    private final ApplicationProxy proxy;
    private final Passage passage;
    private final Request request;
    private final @Nullable String upgrade;
    private final Upload upload;
    private final boolean expectsContinue;
    private final ClientWatch watch;
    private final Progress progress;
    private final AtomicBoolean answerTaken = new AtomicBoolean();
    private final AtomicBoolean bodyBegun = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    /** The body, if there is one, and the answer. */
    private final AtomicInteger partsOpen;

    private volatile boolean bodyRead;
    private volatile @Nullable Throwable cutWith;
    private volatile @Nullable Upstream upstream;
    private volatile @Nullable Answer answer;

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
        this.watch = new ClientWatch(passage, () -> cut(new EOFException("the client is gone")));
        this.progress = new Progress(proxy::now, proxy.patience());
    }

    void start() {
        proxy.application()
                .connect(
                        (endPoint, context) -> new Upstream(endPoint, proxy.executor(), this),
                        failure -> unreachable("not reached: ", failure));
    }

    /** Something moved. */
    void touch() {
        progress.touch();
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
        if (cut != null || answerTaken.get()) {
            connection.close(new EOFException("too late"));
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
            progress.enter(Phase.EXPECTING);
        } else {
            beginBody();
        }
        answer().iterate();
    }

    private void beginBody() {
        if (!bodyBegun.getAndSet(true)) {
            progress.enter(Phase.BODY);
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
        if (progress.phase() == Phase.CONNECTING || progress.phase() == Phase.BODY) {
            progress.enter(Phase.WAITING);
        }
        watch.start();
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
        progress.enter(Phase.ANSWERING);
        passage.response().setStatus(status);
        proxy.headers().answer(request, status, fields, passage.response().getHeaders());
        passage.closeIfCrowding();
    }

    private void takeAnswer() throws IOException {
        if (answerTaken.getAndSet(true)) {
            throw new IOException("answered already");
        }
    }

    /** Writes what ends an answer. */
    void last(Callback then) {
        watch.end(() -> passage.response().write(true, BufferUtil.EMPTY_BUFFER, then));
    }

    void answered() {
        if (progress.phase() != Phase.ANSWERING) { // it switched, or the gateway answered
            return;
        }
        closeUpstream(new EOFException("answered"));
        answerEnded();
    }

    private void answerEnded() {
        progress.enter(Phase.REST);
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
            watch.end(passage::end);
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
        watch.end(() -> passage.switchTo(tunnel.client(), () -> closeUpstream(new EOFException("the client is gone"))));
    }

    /** The answer will not come, or not to its end. */
    void answerFailed(Throwable why) {
        if (progress.phase() == Phase.REST || ended.get()) {
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
        if (progress.phase() == Phase.REST) {
            return;
        }
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

    /** The gateway answers in the application's place; false when that one does already. */
    private boolean refuse(int status, String reason, String detail) {
        if (answerTaken.getAndSet(true)) {
            return false;
        }
        progress.enter(Phase.REST);
        closeUpstream(new EOFException(reason));
        proxy.refused(reason);
        Problem problem =
                new Problem(status, "application: " + proxy.application().uri() + " " + detail);
        watch.end(() -> passage.write(problem, bodyRead, Callback.from(this::answerEnded, this::fail)));
        return true;
    }

    /** The client broke off, or sent what is no body. */
    void clientFailed(Throwable why) {
        closeUpstream(why);
        fail(why);
    }

    private void fail(Throwable why) {
        if (!ended.getAndSet(true)) {
            proxy.ended(this);
            watch.end(() -> passage.fail(why));
        }
    }

    private void closeUpstream(Throwable why) {
        Upstream connection = upstream;
        if (connection != null) {
            connection.close(why);
        }
    }

    /** Ends it wherever it is. */
    private void cut(Throwable why) {
        cutWith = why;
        closeUpstream(why);
    }

    /** The gateway stops. */
    void stop() {
        if (!refuse(503, "stopping", "is not asked any more: the gateway is stopping")) {
            cut(new EOFException("the gateway stops"));
        }
    }

    /** Ends what took too long. */
    void tick(long now) {
        if (!progress.isLate(now)) {
            return;
        }
        switch (progress.phase()) {
            case CONNECTING, WAITING ->
                refuse(
                        504,
                        "slow",
                        "has not begun to answer within " + proxy.patience().toSeconds() + " s");
            case EXPECTING -> beginBody();
            case BODY -> bodyStands();
            case ANSWERING -> cut(new EOFException("nothing came"));
            case REST -> closeClient();
        }
    }

    private void bodyStands() {
        if (upload.isWriting()) {
            refuse(504, "slow", "has not taken the body for " + Progress.STILL.toSeconds() + " s");
        } else {
            proxy.refused("request-time");
            closeClient();
        }
    }

    private void closeClient() {
        passage.client().close(new EOFException("the client took too long"));
    }
}
