package org.channelgateway.http;

import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty with the settings under which ten thousand held polls cost little. Started by {@link #start}. */
public final class HttpServer implements AutoCloseable {
    private static final int MAX_THREADS = 24;
    private static final int INPUT_BYTES = 1024;
    private static final int OUTPUT_BYTES = 4096;
    private static final int ACCEPT_QUEUE = 4096;
    private static final long POOL_BYTES = 16L << 20;

    private final Server server;
    private final ServerConnector connector;

    public HttpServer(HttpConfig config, List<Route> routes, Origins origins) {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 4, 30_000);
        threads.setName("http");
        ArrayByteBufferPool pool = new ArrayByteBufferPool(0, INPUT_BYTES, 65_536, 1024, POOL_BYTES, POOL_BYTES);
        server = new Server(threads, null, pool);
        connector = new ServerConnector(server, null, null, pool, 1, 1, new HttpConnectionFactory(http(config)));
        connector.setHost(config.host());
        connector.setPort(config.port());
        connector.setIdleTimeout(config.idleTimeout().toMillis());
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setReuseAddress(true);
        server.addConnector(connector);
        server.setHandler(new Router(routes, origins));
        server.setErrorHandler(new ProblemErrorHandler());
    }

    private static HttpConfiguration http(HttpConfig config) {
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
        return http;
    }

    /** @throws IOException when the address cannot be had */
    public void start() throws IOException {
        connector.open();
        try {
            server.start();
        } catch (Exception e) {
            throw new IOException("http: " + e.getMessage(), e);
        }
    }

    /** The address in use, with the port that was picked. */
    public URI uri() {
        String host = connector.getHost();
        return URI.create(
                "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + connector.getLocalPort() + "/");
    }

    /** Accepts no new connections; those that are open go on. */
    public void stopAccepting() {
        connector.close();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("http: did not stop", e);
        }
    }
}
