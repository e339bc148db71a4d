package org.channelgateway.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.channelgateway.limit.HeapRoom;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.ServerLoad;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** Jetty with the settings under which ten thousand held polls cost little. */
public final class HttpServer implements AutoCloseable {
    private static final int INPUT_BYTES = 1024;
    private static final int OUTPUT_BYTES = 4096;
    private static final int ACCEPT_QUEUE = 4096;
    private static final int MAX_ANSWER_HEADERS = 64 * 1024;
    private static final long POOL_BYTES = 16L << 20;
    /** Of the heap: for long heads of requests. */
    private static final int HEADS_PART = 16;
    /** For long bodies that pages send, most of which show who they are from only in themselves. */
    private static final int PAGES_PART = 16;
    /** For all others: what applications send, which have shown their secret before, and the demo. */
    private static final int APPLICATIONS_PART = 8;

    private final Server server;
    private final Opening opening;
    private final ClientConnector connector;
    private @Nullable ClientConnector admin;
    private final RefusalCounts refusals;
    private final QueuedThreadPool threads = new HttpThreads();
    /** Null when each request is handled by the thread that read it. */
    private @Nullable Workers workers;

    private final HeapRoom ofHeads;
    private final HeapRoom ofPages = HeapRoom.part(PAGES_PART);
    private final HeapRoom ofApplications = HeapRoom.part(APPLICATIONS_PART);
    private final RequestCounts requests = new RequestCounts();
    private final GracefulHandler graceful = new GracefulHandler();

    /** With the default limits, which nobody looks at. */
    public HttpServer(HttpConfig config) throws IOException {
        this(config, HttpLimits.DEFAULT, System::nanoTime, new RefusalCounts());
    }

    /**
     * Takes the address, and answers nothing yet.
     *
     * @param ticker nano time, for what connections may take their time for
     * @throws IOException when it cannot be had
     */
    public HttpServer(HttpConfig first, HttpLimits limits, LongSupplier ticker, RefusalCounts refusals)
            throws IOException {
        this(first, limits, HeapRoom.part(HEADS_PART), ticker, refusals);
    }

    /** The same with another room for long heads. */
    HttpServer(HttpConfig first, HttpLimits limits, HeapRoom heads, LongSupplier ticker, RefusalCounts refusals)
            throws IOException {
        this.refusals = refusals;
        this.ofHeads = heads;
        ArrayByteBufferPool pool = new ArrayByteBufferPool(0, INPUT_BYTES, 65_536, 1024, POOL_BYTES, POOL_BYTES);
        server = new Server(threads, null, pool);
        server.setDynamic(false); // what the handlers say of blocking holds
        server.setErrorHandler(new ProblemErrorHandler(refusals));
        server.setRequestLog(requests);
        opening = config -> open(
                config,
                new ClientConnector(server, pool, http(config), limits, ofHeads, config.proxies(), ticker, refusals));
        connector = opening.open(first);
    }

    /** Has all routes but the prompt ones handled by {@code these}; to be called before the start. */
    public void handOverTo(Workers these) {
        workers = these;
    }

    private interface Opening {
        ClientConnector open(HttpConfig config) throws IOException;
    }

    private static ClientConnector open(HttpConfig config, ClientConnector connector) throws IOException {
        connector.setHost(config.host());
        connector.setPort(config.port());
        connector.setIdleTimeout(config.idleTimeout().toMillis());
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setReuseAddress(true);
        connector.open();
        connector.getServer().addConnector(connector);
        return connector;
    }

    /**
     * Takes a second address, before the start.
     *
     * @throws IOException when it cannot be had
     */
    public void openAdmin(HttpConfig config) throws IOException {
        admin = opening.open(config);
    }

    static HttpConfiguration http(HttpConfig config) {
        HttpConfiguration http = new HttpConfiguration();
        http.setHeaderCacheSize(0); // the default costs 99 KB a connection from its second request on
        http.setInputBufferSize(INPUT_BYTES);
        http.setOutputBufferSize(OUTPUT_BYTES);
        http.setRequestHeaderSize(config.headerBytes());
        http.setSendServerVersion(false);
        // a key may be any text: an encoded '/', '%' or '..' is a segment like any other, since nothing is decoded to
        // route
        http.setUriCompliance(UriCompliance.from(EnumSet.of(
                Violation.AMBIGUOUS_PATH_SEPARATOR,
                Violation.AMBIGUOUS_PATH_ENCODING,
                Violation.AMBIGUOUS_PATH_SEGMENT,
                Violation.AMBIGUOUS_PATH_PARAMETER,
                Violation.AMBIGUOUS_EMPTY_SEGMENT,
                Violation.BAD_UTF8_ENCODING,
                Violation.SUSPICIOUS_PATH_CHARACTERS)));
        if (config.isShared()) {
            http.setUriCompliance(
                    UriCompliance.from(EnumSet.complementOf(EnumSet.of(Violation.USER_INFO, Violation.FRAGMENT))));
            http.setMaxResponseHeaderSize(MAX_ANSWER_HEADERS);
        }
        return http;
    }

    /** Serves from now on. */
    public void start(List<Route> routes, Origins origins) {
        start(router(routes, origins));
    }

    /**
     * Serves from now on, at two addresses.
     *
     * @param adminRoutes what is served at the second address
     * @param before gets the requests to the first address before the routes do, and leaves what is theirs; null for none
     */
    public void start(List<Route> routes, List<Route> adminRoutes, Origins origins, @Nullable Handler before) {
        List<Handler> handlers = new ArrayList<>();
        handlers.add(new AdminHandler(router(adminRoutes, origins)));
        if (before != null) {
            handlers.add(before);
        }
        handlers.add(router(routes, origins));
        start(new Handler.Sequence(false, handlers));
    }

    private Router router(List<Route> routes, Origins origins) {
        return new Router(routes, origins, workers, refusals, ofPages, ofApplications);
    }

    /** Handles what came to the second address. */
    private final class AdminHandler extends Handler.Wrapper {
        AdminHandler(Handler handler) {
            super(handler);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            return request.getConnectionMetaData().getConnector() == admin && super.handle(request, response, callback);
        }
    }

    private void start(Handler handler) {
        graceful.setHandler(handler);
        server.setHandler(graceful);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("http: did not start", e);
        }
    }

    /** The address in use, with the port that was picked. */
    public URI uri() {
        return uri(connector);
    }

    /** The second address; the first one when there is no other. */
    public URI adminUri() {
        return uri(admin == null ? connector : admin);
    }

    private static URI uri(ClientConnector connector) {
        String host = connector.getHost();
        return URI.create(
                "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + connector.getLocalPort() + "/");
    }

    /** Closes the connections that took too long. To be called about once a second. */
    public void tick() {
        connector.tick();
        if (admin != null) {
            admin.tick();
        }
    }

    /** The state of the server below the requests. */
    public ServerLoad load() {
        return new ServerLoad(
                threads.getBusyThreads(),
                threads.getIdleThreads(),
                threads.getMaxThreads(),
                threads.getQueueSize(),
                connector.getConnectedEndPoints().size()
                        + (admin == null ? 0 : admin.getConnectedEndPoints().size()));
    }

    /** How much room long bodies take that are being read. */
    long bodyBytes() {
        return ofPages.bytes() + ofApplications.bytes();
    }

    /** How many requests have been answered. */
    public RequestCounts requests() {
        return requests;
    }

    /** How many requests have no answer yet, those that are held included. */
    public long openRequests() {
        return graceful.getCurrentRequestCount();
    }

    /**
     * Takes no new requests (503) and waits for those under way.
     *
     * @param held ends the requests that are held
     * @return false when some were still under way after {@code limit}
     */
    public boolean drain(Runnable held, Duration limit) {
        Future<Void> done = graceful.shutdown();
        held.run();
        try {
            done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("http: did not stop", e);
        } finally { // an address that was had and never served is not the server's to close
            connector.close();
            if (admin != null) {
                admin.close();
            }
        }
    }
}
