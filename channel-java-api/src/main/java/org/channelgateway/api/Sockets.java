package org.channelgateway.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;

/**
 * The sockets of one line, to be closed from any thread: Smack closes its own only under a lock that it holds while it connects
 * or waits. Thread-safe.
 */
final class Sockets extends SocketFactory {
    private final Object lock = new Object();

    @GuardedBy("lock")
    private final List<Socket> open = new ArrayList<>();

    @GuardedBy("lock")
    private boolean closed;

    @Override
    public Socket createSocket() throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        synchronized (lock) {
            if (!closed) {
                open.add(socket);
                return socket;
            }
        }
        socket.close();
        throw new IOException("the line was given up");
    }

    /**
     * Closes them all, and those to come, with an RST: what the system still holds of a network that was cut is not delivered when
     * it is whole again, long after the request failed or was repeated.
     */
    void close() {
        List<Socket> closing;
        synchronized (lock) {
            closed = true;
            closing = List.copyOf(open);
        }
        for (Socket socket : closing) {
            try (socket) {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // as good as closed
            }
        }
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException();
    }
}
