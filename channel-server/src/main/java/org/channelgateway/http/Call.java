package org.channelgateway.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.channelgateway.limit.HeapRoom;
import org.channelgateway.limit.Retry;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and the one answer to it. The answer may come later, from any thread. */
public final class Call {
    private static final Logger LOG = LoggerFactory.getLogger(Call.class);

    private static final Duration BUSY = Duration.ofSeconds(1);

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final @Nullable String variable;
    /** Null without a socket. */
    private final @Nullable ClientEndPoint client;

    /** A body is in the connection that was not read; not where the client waits for a 100 first (RFC 9110 §10.1.1). */
    private boolean hasBody;
    /** What is logged of its path, which may say more than a log may hold. */
    private String route = "?";
    /** Run what may block; null when it runs where it is. */
    private @Nullable Workers workers;
    /** For its body; of no use before a route was found. */
    private Supplier<HeapRoom.Claim> room = Call::noRoom;
    /** Told why there was no room for it. */
    private Consumer<String> onFull = reason -> {};
    /** Told of a problem that becomes the answer; null when nobody asks. */
    private @Nullable Consumer<Problem> onProblem;

    Call(Request request, Response response, Callback callback, @Nullable String variable) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.variable = variable;
        this.client = ClientEndPoint.of(request);
        boolean comes = bodyComes(request);
        this.hasBody = comes && !request.getHeaders().contains(HttpHeader.EXPECT);
        if (client != null && comes) {
            client.requestBegins(); // pipelined: it may have come with the one before
        } else if (client != null) {
            client.requestEnds();
        }
    }

    private static HeapRoom.Claim noRoom() {
        throw new IllegalStateException("body: read before a route was found");
    }

    private static boolean bodyComes(Request request) {
        return request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    }

    public Request request() {
        return request;
    }

    /** The address that it came from: of the client, or of the last proxy that is not trusted to name it. */
    public String address() {
        return client == null
                ? Request.getRemoteAddr(request)
                : client.proxies().client(request);
    }

    /** What its address is counted under; null when it is not. */
    @Nullable
    String network() {
        return client == null ? null : client.network(address());
    }

    /** The path segment that the route's first {@code *} matched, percent-decoded as UTF-8. */
    public String variable(String name) {
        if (variable == null) {
            throw new IllegalStateException("route: no variable " + name + " (expected: a * in its path)");
        }
        return PercentDecoder.decode(name, variable);
    }

    public @Nullable String header(HttpHeader header) {
        return request.getHeaders().get(header);
    }

    public @Nullable String header(String name) {
        return request.getHeaders().get(name);
    }

    public void setHeader(HttpHeader header, String value) {
        response.getHeaders().put(header, value);
    }

    public void addHeader(HttpField field) {
        response.getHeaders().put(field);
    }

    /** What the status line of the answer says after its status, in HTTP/1.1; to be called before the answer. */
    public void reason(String reason) {
        request.addHttpStreamWrapper(stream -> new ReasonedStream(stream, reason));
    }

    /** Tells {@code told} when the answer is a problem. */
    public void onProblem(Consumer<Problem> told) {
        onProblem = told;
    }

    /** Reads the whole body without blocking, then hands it on; a longer one is answered with 413. */
    public void body(int maxBytes, Consumer<byte[]> then) {
        body(
                maxBytes,
                then,
                () -> answer(new Problem(413, "body: too long (expected: at most " + maxBytes + " bytes)")));
    }

    /** The same, with something else than 413 for a body that is too long. */
    public void body(int maxBytes, Consumer<byte[]> then, Runnable tooLong) {
        new BodyReader(this, room, maxBytes, beginning -> false, maxBytes, then, tooLong).run();
    }

    /**
     * The same, where only some may send a long one.
     *
     * @param firstBytes longest body of which nothing is asked
     * @param mayBeLonger asked once for a longer one, with its beginning
     */
    public void body(
            int firstBytes, Predicate<byte[]> mayBeLonger, int maxBytes, Consumer<byte[]> then, Runnable tooLong) {
        new BodyReader(this, room, firstBytes, mayBeLonger, maxBytes, then, tooLong).run();
    }

    public void answer(int status, String contentType, byte[] body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        write(body);
    }

    /** The same with a header that was encoded once. */
    public void answer(int status, HttpField contentType, byte[] body) {
        response.setStatus(status);
        response.getHeaders().put(contentType);
        write(body);
    }

    public void answer(int status) {
        response.setStatus(status);
        write(new byte[0]);
    }

    public void answer(Problem problem) {
        if (onProblem != null) {
            onProblem.accept(problem);
        }
        response.setStatus(problem.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        if (problem.retryAfter() != null) {
            response.getHeaders()
                    .put(
                            HttpHeader.RETRY_AFTER,
                            Long.toString(problem.retryAfter().toSeconds()));
        }
        write(problem.json());
    }

    /**
     * @param path of the route that was found
     * @param bodies asked for a part of their room when its body is long
     * @param full told the reason when there is no room for the call or its body
     */
    void found(String path, Supplier<HeapRoom.Claim> bodies, Consumer<String> full) {
        route = path;
        room = bodies;
        onFull = full;
    }

    void handOverTo(Workers these) {
        workers = these;
    }

    /**
     * Runs {@code step} where it may block; what it throws becomes the answer.
     *
     * @return false when there is no room for it, which is answered
     */
    boolean proceed(Runnable step) {
        if (workers == null) {
            attempt(step);
        } else if (!workers.run(() -> attempt(step))) {
            refuse("busy", "too many requests are waiting (expected: again soon)");
            return false;
        }
        return true;
    }

    /** There is no room for the body among all that are being read. */
    void refuseBody() {
        refuse("bodies", "too many long bodies are being read (expected: again soon)");
    }

    private void refuse(String reason, String detail) {
        if (onProblem == null) { // otherwise it is counted there
            onFull.accept(reason);
        }
        answer(new Problem(503, detail, Retry.after(BUSY), reason));
    }

    /** Runs {@code step}; what it throws becomes the answer. */
    public void attempt(Runnable step) {
        try {
            step.run();
        } catch (ProblemException e) {
            answer(e.problem());
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", request.getMethod(), route, e);
            if (response.isCommitted()) {
                callback.failed(e);
            } else {
                answer(new Problem(500, "the gateway failed; its log says why"));
            }
        }
    }

    /** Nothing of the body is left in the connection. */
    void bodyRead() {
        hasBody = false;
        if (client != null) {
            client.requestEnds();
        }
    }

    void fail(Throwable failure) {
        callback.failed(failure);
    }

    private void write(byte[] body) {
        if (response.getStatus() != 304) { // where it would be the length of what is not sent (RFC 9110 §8.6)
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        }
        Callback then = client == null ? callback : new Answered(client, callback);
        if (hasBody) { // what is left of it is not read
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
            then = new Lingering(request, callback);
        }
        if (client != null && client.isCrowding()) {
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        }
        boolean head = request.getMethod().equals("HEAD");
        response.write(true, head ? ByteBuffer.allocate(0) : ByteBuffer.wrap(body), then);
    }

    /** Decodes a body or a header strictly. */
    public static String utf8(String name, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ProblemException(400, name + ": not valid UTF-8 (expected: UTF-8)");
        }
    }

    /** Starts the time that the connection has for its next request. */
    private static final class Answered extends Callback.Nested {
        private final ClientEndPoint client;

        Answered(ClientEndPoint client, Callback then) {
            super(then);
            this.client = client;
        }

        @Override
        public void succeeded() {
            client.answered();
            super.succeeded();
        }
    }
}
