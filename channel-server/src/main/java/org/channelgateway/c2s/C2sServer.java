package org.channelgateway.c2s;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.Pacer;
import org.channelgateway.limit.PlaceLimits;
import org.channelgateway.limit.StanzaLimits;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.ServerLoad;
import org.channelgateway.stats.SessionLoad;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.stream.StreamError;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves XMPP over TCP, on a Jetty of its own that knows nothing of HTTP. Thread-safe. */
public final class C2sServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(C2sServer.class);
    static final String DOOR = "xmpp";
    private static final Duration FLUSH = Duration.ofSeconds(2);
    private static final int MAX_THREADS = 16;
    private static final int INPUT_BYTES = 4096;
    private static final int ACCEPT_QUEUE = 1024;
    private static final long POOL_BYTES = 8L << 20;

    private final C2sConfig config;
    private final Entrance entrance;
    private final Backlog backlog;
    private final Allowances allowances;
    private final RefusalCounts refusals;
    /** Null until it serves. */
    private volatile @Nullable StreamApplication application;

    private final LongSupplier ticker;
    private final @Nullable Tls tls;
    private final QueuedThreadPool threads;
    private final SecureRandom random = new SecureRandom();
    private final Connections connections = new Connections();
    private final Server server;
    private final ServerConnector connector;
    private final InetSocketAddress address;
    private final LongAdder slowConsumers = new LongAdder();
    private volatile boolean stopping;

    /**
     * Takes the address, and serves nothing yet.
     *
     * @param stanzas what one stanza may cost
     * @param pacer lets new streams in
     * @param backlog what waits for all clients together
     * @param ticker nano time
     * @throws IOException when the address cannot be had
     * @throws IllegalArgumentException when the certificate or its key is not what it has to be
     */
    public C2sServer(
            C2sConfig config,
            PlaceLimits limits,
            StanzaLimits stanzas,
            Pacer pacer,
            Backlog backlog,
            LongSupplier ticker,
            RefusalCounts refusals)
            throws IOException {
        this.config = config;
        this.entrance = new Entrance(limits, pacer, refusals, random);
        this.backlog = backlog;
        this.allowances = new Allowances(config.maxStanzaBytes(), stanzas, backlog);
        this.refusals = refusals;
        this.ticker = ticker;
        this.tls = config.certificate() == null || config.key() == null
                ? null
                : new Tls(Pem.read(config.certificate(), config.key()));
        threads = new QueuedThreadPool(MAX_THREADS, 2, 30_000);
        threads.setName("c2s");
        ByteBufferPool pool = new ArrayByteBufferPool(0, 1024, 65_536, 1024, POOL_BYTES, POOL_BYTES);
        server = new Server(threads, null, pool);
        connector = new C2sConnector(server, pool, new Streams());
        connector.setHost(config.host());
        connector.setPort(config.port());
        connector.setIdleTimeout(0); // tick() keeps the time
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setReuseAddress(true);
        server.addConnector(connector);
        connector.open();
        address = (InetSocketAddress) ((ServerSocketChannel) connector.getTransport()).getLocalAddress();
    }

    /** Makes what speaks on each socket. */
    private final class Streams extends AbstractConnectionFactory {
        Streams() {
            super("xmpp-client");
            setInputBufferSize(INPUT_BYTES);
        }

        @Override
        public Connection newConnection(Connector from, EndPoint endPoint) {
            String address = addressOf(endPoint);
            AbstractConnection link = entrance.enter(endPoint, executor(), address, place -> {
                C2sConnection connection = new C2sConnection(C2sServer.this, endPoint, address, place);
                connections.add(connection);
                if (stopping) {
                    connection.stop();
                }
                return connection.link();
            });
            return configure(link, from, endPoint);
        }
    }

    private static String addressOf(EndPoint endPoint) {
        return endPoint.getRemoteSocketAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "";
    }

    /** Serves {@code served} from now on. */
    public void start(StreamApplication served) {
        application = served;
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("xmpp: did not start", e);
        }
    }

    /** The address in use, with the port that was picked. */
    public InetSocketAddress address() {
        return address;
    }

    /** How many connections there are. */
    public int count() {
        return connections.count();
    }

    /** Lets every connection do what its time has come for. To be called a few times a second, by one thread. */
    public void tick() {
        long now = nanoTime();
        for (C2sConnection connection : connections.all()) {
            try {
                connection.tick(now);
            } catch (RuntimeException e) { // the others have their time, too
                LOG.error("client at {}: its time could not be kept", connection.address(), e);
            }
        }
    }

    /** Ends those that have begun most, when too much has begun in all. To be called a few times a second, by one thread. */
    public void relieve() {
        allowances.begunLogins().relieve(() -> begun(connection -> !connection.isLoggedIn()));
        allowances.begun().relieve(() -> begun(C2sConnection::isLoggedIn));
    }

    private List<Backlog.Reader> begun(Predicate<C2sConnection> of) {
        return connections.all().stream().filter(of).map(C2sConnection::begun).toList();
    }

    /** What the streams hold at this moment; looks at each. */
    public SessionLoad load() {
        return connections.all().stream().map(C2sConnection::load).reduce(SessionLoad.NONE, SessionLoad::plus);
    }

    /** The state of the server below the streams. */
    public ServerLoad serverLoad() {
        return new ServerLoad(
                threads.getBusyThreads(),
                threads.getIdleThreads(),
                threads.getMaxThreads(),
                threads.getQueueSize(),
                count());
    }

    /** How many clients were ended because they did not read. */
    public long slowConsumers() {
        return slowConsumers.sum();
    }

    void slowConsumer() {
        slowConsumers.increment();
        refusals.add(DOOR, "not-reading");
    }

    /** Counts a stream that was ended for what came on it. */
    void refused(StreamError error) {
        refusals.add(DOOR, error.condition());
    }

    /** Takes no more connections: the gateway stops. Returns what ends each of those that are there, telling it why. */
    public List<Runnable> stop() {
        stopping = true;
        connector.close();
        return connections.all().stream()
                .<Runnable>map(connection -> connection::stop)
                .toList();
    }

    /** Takes no more connections, tells every client that the gateway stops, and stops. */
    @Override
    public void close() {
        stopping = true;
        connector.close();
        connections.all().forEach(C2sConnection::stop);
        if (!connections.awaitNone(FLUSH)) {
            LOG.warn("{} clients did not read the end of their streams", count());
        }
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("xmpp: did not stop", e);
        }
    }

    /** What a new stream is told that is not let in; null when it is. */
    @Nullable
    StreamError pace() {
        return entrance.pace();
    }

    void remove(C2sConnection connection) {
        connections.remove(connection);
    }

    /** Those for which stanzas may wait. */
    public Collection<? extends Backlog.Reader> readers() {
        return connections.all();
    }

    Allowances allowances() {
        return allowances;
    }

    /** Runs {@code task} after a while, on a thread for clients. */
    void after(Duration wait, Runnable task) {
        connector.getScheduler().schedule(() -> executor().execute(task), wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    Backlog backlog() {
        return backlog;
    }

    C2sConfig config() {
        return config;
    }

    StreamApplication application() {
        return Objects.requireNonNull(application, "application: null (expected: started)");
    }

    long nanoTime() {
        return ticker.getAsLong();
    }

    /** Null when there is no certificate. */
    @Nullable
    Tls tls() {
        return tls;
    }

    SecureRandom random() {
        return random;
    }

    ByteBufferPool pool() {
        return server.getByteBufferPool();
    }

    Executor executor() {
        return server.getThreadPool();
    }
}
