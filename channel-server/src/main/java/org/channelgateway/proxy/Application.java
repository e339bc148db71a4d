package org.channelgateway.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** Where the application is, and connections to it. Thread-safe. */
final class Application {
    private static final Duration CONNECT_TIME = Duration.ofSeconds(5);
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final URI uri;
    private final ClientConnector connector = new ClientConnector();

    Application(URI uri) {
        this.uri = uri;
    }

    URI uri() {
        return uri;
    }

    /** What connects, on the threads of a server; it has to be started. */
    ClientConnector connector(Server server) {
        connector.setExecutor(server.getThreadPool());
        connector.setScheduler(server.getScheduler());
        connector.setByteBufferPool(server.getByteBufferPool());
        connector.setSelectors(1);
        connector.setConnectTimeout(CONNECT_TIME);
        connector.setIdleTimeout(Duration.ZERO);
        connector.setSslContextFactory(new SslContextFactory.Client()); // which checks the certificate and its name
        return connector;
    }

    /**
     * Connects to the first address of the host that takes it: many an application listens on one of IPv4 and IPv6 only.
     *
     * @param factory makes what speaks over the connection
     * @param failed told why there is none
     */
    void connect(ClientConnectionFactory factory, Consumer<Throwable> failed) {
        boolean secure = "https".equals(uri.getScheme());
        ClientConnectionFactory speaking =
                secure ? connector.newSslClientConnectionFactory(connector.getSslContextFactory(), factory) : factory;
        int port = uri.getPort() > 0 ? uri.getPort() : secure ? HTTPS : HTTP;
        String host = uri.getHost().replaceAll("^\\[(.*)\\]$", "$1");
        try {
            Iterator<InetSocketAddress> addresses = List.of(InetAddress.getAllByName(host)).stream()
                    .map(address -> new InetSocketAddress(address, port))
                    .iterator();
            connect(addresses, speaking, failed);
        } catch (UnknownHostException e) {
            failed.accept(new IOException("no such host", e));
        }
    }

    private void connect(
            Iterator<InetSocketAddress> addresses, ClientConnectionFactory factory, Consumer<Throwable> failed) {
        Map<String, Object> context = new HashMap<>();
        context.put(Transport.class.getName(), Transport.TCP_IP);
        context.put(ClientConnectionFactory.CONTEXT_KEY, factory);
        context.put(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY, new Promise<Connection>() {
            @Override
            public void failed(Throwable failure) {
                if (addresses.hasNext()) {
                    connect(addresses, factory, failed);
                } else {
                    failed.accept(failure);
                }
            }
        });
        connector.connect(addresses.next(), context);
    }
}
