package org.channelgateway.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes connections on loopback, keeps them, and never says anything: a server that hangs. Thread-safe. */
final class DeafServer implements AutoCloseable {
    private static final int BACKLOG = 100;

    private final ServerSocket listener;
    private final List<Socket> taken = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "deaf");

    DeafServer() {
        try {
            listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                taken.add(listener.accept());
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many connections it has taken. */
    int asked() {
        return taken.size();
    }

    @Override
    public void close() {
        try {
            listener.close();
            thread.join();
            for (Socket socket : taken) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
