package org.channelgateway.callback;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.channelgateway.registry.Callback;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Posts callbacks to applications over HTTP/1.1, without waiting for the answers. Thread-safe. */
final class CallbackPoster implements AutoCloseable {
    private static final Duration CONNECT_TIME = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final int THREADS = 8;

    private final HttpClient client;
    private final Duration timeout;

    /** @param timeout longest time from the beginning of a post to the end of its answer */
    CallbackPoster(Duration timeout, int atOnce) {
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
        client.setMaxConnectionsPerDestination(atOnce);
        client.setMaxRequestsQueuedPerDestination(Integer.MAX_VALUE); // whoever posts keeps the number in bounds
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
        CallbackBody body = CallbackBody.of(callback);
        URI uri = target.uri(callback.kind());
        try {
            Request request = client.newRequest(uri)
                    .method(HttpMethod.POST)
                    .headers(headers -> headers.put("X-Channel-Task", callback.name())
                            .put("X-Channel-Attempt", Integer.toString(callback.attempts()))
                            .put("X-Channel-Signature", body.signature(target.secret())))
                    .body(new BytesRequestContent(body.contentType(), body.bytes()))
                    .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
            request.send(result -> then.accept(failure(result)));
        } catch (RuntimeException e) { // a URL that the client does not take
            then.accept(e.getClass().getSimpleName());
        }
    }

    /** In words of ours: those of the application may hold anything. */
    private String failure(Result result) {
        Throwable failure = result.getFailure();
        if (failure instanceof TimeoutException) {
            return "no answer within " + timeout.toSeconds() + " s";
        }
        if (failure != null) {
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
        }
    }
}
