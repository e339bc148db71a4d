package org.channelgateway.http;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.channelgateway.limit.HeapRoom;
import org.channelgateway.limit.Quota;
import org.channelgateway.limit.Retry;
import org.channelgateway.socket.RefusedConnection;
import org.channelgateway.stats.RefusalCounts;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jetty's connector, with bounds on how many connections there are and on what each may take its time for. */
final class ClientConnector extends ServerConnector {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnector.class);
    private static final String DOOR = "http";
    private static final long PAUSE_MILLIS = 1000;

    private final HttpLimits limits;
    private final TrustedProxies proxies;
    private final LongSupplier ticker;
    private final RefusalCounts refusals;
    private final Quota quota;

    /** @param heads room for long heads of requests */
    ClientConnector(
            Server server,
            ByteBufferPool pool,
            HttpConfiguration http,
            HttpLimits limits,
            HeapRoom heads,
            TrustedProxies proxies,
            LongSupplier ticker,
            RefusalCounts refusals) {
        super(server, null, null, pool, 1, 1, new Connections(http, heads, refusals));
        this.limits = limits;
        this.proxies = proxies;
        this.ticker = ticker;
        this.refusals = refusals;
        this.quota = new Quota(limits.maxConnections(), limits.maxConnectionsPerAddress(), limits.networks());
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key)
            throws IOException {
        SocketChannelEndPoint endPoint =
                new ClientEndPoint(channel, selector, key, getScheduler(), ticker, quota, proxies);
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    /** As Jetty does, without a trace for what fails in the system, as when there is no file descriptor. */
    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        if (!isRunning() || !(failure instanceof IOException) || failure instanceof ClosedChannelException) {
            return super.handleAcceptFailure(failure);
        }
        LOG.warn("a client cannot be accepted, tried again in a second: {}", failure.getMessage());
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) { // it stops
            return false;
        }
    }

    /** Closes what took too long. To be called about once a second. */
    void tick() {
        long now = ticker.getAsLong();
        for (EndPoint endPoint : getConnectedEndPoints()) {
            if (endPoint instanceof ClientEndPoint client) {
                ClientEndPoint.Late late = client.late(now, limits);
                switch (late) {
                    case NO -> {}
                    case REQUEST -> end(client, late, "request-time");
                    case ANSWER -> end(client, late, "answer-time");
                    case IDLE -> client.end(late);
                }
            }
        }
    }

    private void end(ClientEndPoint client, ClientEndPoint.Late late, String reason) {
        refusals.add(DOOR, reason);
        client.end(late);
    }

    /** Speaks HTTP on each socket for which there is room. */
    private static final class Connections extends HttpConnectionFactory {
        private static final Duration RETRY = Duration.ofSeconds(5);
        private static final String JSON = new String(
                new Problem(503, "connections: too many (expected: fewer, later)").json(), StandardCharsets.UTF_8);

        private final HeapRoom heads;
        private final RefusalCounts refusals;
        private final Semaphore told = new Semaphore(RefusedConnection.MOST_TOLD);

        Connections(HttpConfiguration http, HeapRoom heads, RefusalCounts refusals) {
            super(http);
            this.heads = heads;
            this.refusals = refusals;
        }

        @Override
        public Connection newConnection(Connector connector, EndPoint endPoint) {
            ClientEndPoint client = (ClientEndPoint) endPoint;
            Quota.Verdict verdict = client.verdict();
            if (verdict == Quota.Verdict.TAKEN) {
                return configure(
                        new ClientConnection(
                                getHttpConfiguration(), connector, endPoint, heads.claim(client.network())),
                        connector,
                        endPoint);
            }
            refusals.add(DOOR, verdict.reason());
            return configure(
                    new RefusedConnection(endPoint, connector.getExecutor(), told, Connections::refusal),
                    connector,
                    endPoint);
        }

        private static byte[] refusal() {
            String answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: " + Problem.CONTENT_TYPE
                    + "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nRetry-After: "
                    + Retry.after(RETRY).toSeconds() + "\r\nConnection: close\r\nContent-Length: " + JSON.length()
                    + "\r\n\r\n" + JSON;
            return answer.getBytes(StandardCharsets.US_ASCII);
        }
    }
}
