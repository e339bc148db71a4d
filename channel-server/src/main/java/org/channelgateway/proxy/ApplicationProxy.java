package org.channelgateway.proxy;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.channelgateway.http.Passage;
import org.channelgateway.http.Problem;
import org.channelgateway.stats.RefusalCounts;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Passes every request that is not the gateway's own on to an application. Each has a connection of its own: an application that
 * comes back is found at once, and no request can hide in the body of another. Thread-safe.
 */
public final class ApplicationProxy extends Handler.Abstract {
    private static final String DOOR = "app";
    /** Over HTTP/2 in a tunnel, or over TLS in one, any path could be asked for. */
    private static final Set<String> NOT_SWITCHED_TO = Set.of("h2", "h2c", "http", "tls");

    private final Application application;
    private final Duration patience;
    private final LongSupplier ticker;
    private final RefusalCounts refusals;
    private final ProxiedHeaders headers;
    private final Set<Exchange> exchanges = ConcurrentHashMap.newKeySet();

    /**
     * @param application its scheme, host and port
     * @param patience how long it may take to begin an answer
     * @param ticker nano time
     */
    public ApplicationProxy(URI application, Duration patience, LongSupplier ticker, RefusalCounts refusals) {
        this.application = new Application(application);
        this.patience = patience;
        this.ticker = ticker;
        this.refusals = refusals;
        this.headers = new ProxiedHeaders(
                application, "gateway-" + UUID.randomUUID().toString().substring(0, 8));
    }

    @Override
    protected void doStart() throws Exception {
        addBean(application.connector(getServer()), true);
        super.doStart();
    }

    /** False for what is the gateway's own. */
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = request.getHttpURI().getPath();
        if (path != null && GatewayPaths.has(path)) {
            return false;
        }
        Passage passage = new Passage(request, response, callback);
        if (headers.isLoop(request)) {
            refuse(passage, "loop", 508, "this gateway itself (expected: the application's own address)");
        } else if (request.getMethod().equals("CONNECT")) {
            refuse(passage, "method", 405, "no proxy for other hosts (expected: another method than CONNECT)");
        } else if (ProxiedHeaders.target(request).indexOf('\uFFFD') >= 0) {
            refuse(passage, "path", 400, "not asked, since the path is not valid UTF-8 (expected: UTF-8)");
        } else {
            Exchange exchange = new Exchange(this, passage, upgrade(request));
            exchanges.add(exchange);
            exchange.start();
        }
        return true;
    }

    private void refuse(Passage passage, String reason, int status, String detail) {
        refused(reason);
        Problem problem = new Problem(status, "application: " + application.uri() + " is " + detail);
        passage.write(problem, false, Callback.from(passage::end, passage::fail));
    }

    /** The protocols that the client may switch to; null for none. */
    private static @Nullable String upgrade(Request request) {
        boolean asks = request.getHeaders().getValuesList(HttpHeader.CONNECTION).stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("upgrade"));
        if (!asks || Framing.of(request) != Framing.NONE) {
            return null;
        }
        String protocols = request.getHeaders().getValuesList(HttpHeader.UPGRADE).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .filter(protocol -> !protocol.isEmpty()
                        && !NOT_SWITCHED_TO.contains(
                                protocol.toLowerCase(Locale.ROOT).replaceFirst("/.*", "")))
                .collect(Collectors.joining(", "));
        return protocols.isEmpty() ? null : protocols;
    }

    Application application() {
        return application;
    }

    ProxiedHeaders headers() {
        return headers;
    }

    Duration patience() {
        return patience;
    }

    Executor executor() {
        return getServer().getThreadPool();
    }

    ByteBufferPool pool() {
        return getServer().getByteBufferPool();
    }

    long now() {
        return ticker.getAsLong();
    }

    Tunnel tunnel(EndPoint client, EndPoint upstream, ByteBuffer fromApplication) {
        return new Tunnel(client, upstream, fromApplication, executor(), pool());
    }

    void refused(String reason) {
        refusals.add(DOOR, reason);
    }

    void ended(Exchange exchange) {
        exchanges.remove(exchange);
    }

    /** How many requests are on their way. */
    public int count() {
        return exchanges.size();
    }

    /** Ends what took too long. To be called about once a second. */
    public void tick() {
        long now = now();
        exchanges.forEach(exchange -> exchange.tick(now));
    }

    /** Ends the requests that are on their way. */
    public void end() {
        exchanges.forEach(Exchange::stop);
    }
}
