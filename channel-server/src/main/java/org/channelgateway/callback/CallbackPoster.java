package org.channelgateway.callback;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.channelgateway.registry.Callback;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Posts callbacks to applications over HTTP/1.1, without waiting for the answers. Thread-safe. */
final class CallbackPoster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallbackPoster.class);
    private static final Duration CONNECT_TIME = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final int THREADS = 8;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    /** Of an answer: nobody reads it. */
    private static final int MAX_ANSWER_BYTES = 64 * 1024;

    private final HttpClient client;
    /** A name server that hangs keeps these, and none of those that post to other applications. */
    private final ExecutorService lookups = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "callback-lookup");
        thread.setDaemon(true);
        return thread;
    });

    private final Duration timeout;

    /**
     * @param timeout longest time from the beginning of a post to the end of its answer
     * @param mostAtOnce of all applications together: several may have the same address
     */
    CallbackPoster(Duration timeout, int mostAtOnce) {
        this.timeout = timeout;
        ClientConnector connector = new ClientConnector();
        connector.setSelectors(1);
        client = new HttpClient(new HttpClientTransportOverHTTP(connector));
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
        threads.setName("callback");
        threads.setDaemon(true);
        client.setExecutor(threads);
        client.setConnectTimeout(CONNECT_TIME.toMillis());
        client.setIdleTimeout(timeout.plus(IDLE).toMillis());
        client.setMaxConnectionsPerDestination(mostAtOnce);
        client.setMaxResponseHeadersSize(MAX_HEADER_BYTES);
        client.setMaxRequestsQueuedPerDestination(Integer.MAX_VALUE); // whoever posts keeps the number in bounds
        Scheduler scheduler = new ScheduledExecutorScheduler("callback-timer", true);
        client.setScheduler(scheduler);
        client.setSocketAddressResolver(new SocketAddressResolver.Async(lookups, scheduler, CONNECT_TIME.toMillis()));
        client.setFollowRedirects(false);
        client.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, "ChannelGateway"));
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        try {
            client.start();
        } catch (Exception e) {
            throw new IllegalStateException("the client for callbacks did not start", e);
        }
        client.getContentDecoderFactories().clear();
    }

    /**
     * Posts a callback.
     *
     * @param then told once, from any thread, with what went wrong; with an empty text when the application took it
     */
    void post(Callback callback, CallbackTarget target, Consumer<String> then) {
        try {
            CallbackBody body = CallbackBody.of(callback);
            AtomicInteger read = new AtomicInteger();
            client.newRequest(target.uri(callback.kind()))
                    .method(HttpMethod.POST)
                    .headers(headers -> headers.put("X-Channel-Task", callback.name())
                            .put("X-Channel-Attempt", Integer.toString(callback.attempts()))
                            .put("X-Channel-Signature", body.signature(target.secret())))
                    .body(new BytesRequestContent(body.contentType(), body.bytes()))
                    .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .onResponseContent((response, bytes) -> {
                        if (read.addAndGet(bytes.remaining()) > MAX_ANSWER_BYTES) {
                            CompletableFuture<Boolean> unused = response.abort(new TooLongException());
                        }
                    })
                    .send(result -> then.accept(failure(result)));
        } catch (RuntimeException | Error e) { // whoever waits for the outcome has to hear it
            LOG.error("a callback could not be posted", e);
            then.accept("not posted: " + e.getClass().getSimpleName());
        }
    }

    /** Enough of an answer was read; what counts is its status. */
    private static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("an answer is too long", null, false, false);
        }
    }

    /** In words of ours: those of the application may hold anything. */
    private String failure(Result result) {
        Throwable failure = result.getFailure();
        if (failure instanceof TimeoutException) {
            return "no answer within " + timeout.toSeconds() + " s";
        }
        if (failure != null && !(failure instanceof TooLongException)) {
            return "no answer: " + failure.getClass().getSimpleName();
        }
        int status = result.getResponse().getStatus();
        return status / 100 == 2 ? "" : "status " + status;
    }

    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the client for callbacks did not stop", e);
        } finally {
            lookups.shutdownNow();
        }
    }
}
