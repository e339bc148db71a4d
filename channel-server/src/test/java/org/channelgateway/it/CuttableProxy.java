package org.channelgateway.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The network between browsers and a gateway, which can be cut. Thread-safe. */
final class CuttableProxy implements AutoCloseable {
    private enum Network {
        WELL,
        /** Connections are reset, new ones at once. */
        REFUSING,
        /** What is sent vanishes, on new connections, too. */
        SWALLOWING
    }

    private final URI target;
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile Network network = Network.WELL;

    /** Two connected sockets, and whether what is sent on them still arrives. */
    private static final class Link {
        private final Socket browser;
        private final Socket gateway;
        private volatile boolean dead;
        private volatile boolean mute;

        Link(Socket browser, Socket gateway) {
            this.browser = browser;
            this.gateway = gateway;
        }

        boolean carries(Socket from) {
            return !dead && !(mute && from == gateway);
        }

        void reset() {
            CuttableProxy.reset(browser);
            CuttableProxy.reset(gateway);
        }
    }

    /** @param target the gateway behind it */
    CuttableProxy(URI target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** What browsers take for the gateway. */
    URI uri() {
        return URI.create(target.getScheme() + "://127.0.0.1:" + listener.getLocalPort() + "/");
    }

    /** How many connections were made to it. */
    int accepted() {
        return accepted.get();
    }

    /** Resets all connections, and every new one until {@link #restore}. */
    void reset() {
        network = Network.REFUSING;
        links.forEach(Link::reset);
    }

    /** Resets all connections that are open; new ones work. */
    void drop() {
        links.forEach(Link::reset);
    }

    /** From now on nothing comes through and nobody is told; connections of this time stay dead for ever. */
    void swallow() {
        network = Network.SWALLOWING;
        links.forEach(link -> link.dead = true);
    }

    /** From now on nothing comes back from the gateway on the connections that are open, and nobody is told. */
    void swallowAnswers() {
        links.forEach(link -> link.mute = true);
    }

    /** New connections work again. */
    void restore() {
        network = Network.WELL;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket browser = listener.accept();
                accepted.incrementAndGet();
                connect(browser);
            } catch (IOException e) {
                // closed, or the browser or the gateway went away meanwhile
            }
        }
    }

    private void connect(Socket browser) throws IOException {
        if (network == Network.REFUSING) {
            reset(browser);
            return;
        }
        Socket gateway;
        try {
            gateway = new Socket(target.getHost(), target.getPort());
        } catch (IOException e) {
            reset(browser);
            return;
        }
        Link link = new Link(browser, gateway);
        links.add(link);
        link.dead = network == Network.SWALLOWING;
        if (network == Network.REFUSING) {
            link.reset(); // it was cut after the question above
        }
        threads.execute(() -> pump(link, browser, gateway));
        threads.execute(() -> pump(link, gateway, browser));
    }

    private void pump(Link link, Socket from, Socket to) {
        byte[] buffer = new byte[16 * 1024];
        try (from) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (link.carries(from)) {
                    out.write(buffer, 0, length);
                }
            }
            if (!link.dead) {
                to.shutdownOutput();
            }
        } catch (IOException e) {
            if (!link.dead) {
                reset(to);
            }
        } finally {
            if (from.isClosed() && to.isClosed()) {
                links.remove(link);
            }
        }
    }

    /** Closes with an RST instead of a FIN. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            // closed already
        }
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        links.forEach(Link::reset);
        threads.shutdownNow();
    }
}
