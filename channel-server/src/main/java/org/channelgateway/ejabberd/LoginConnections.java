package org.channelgateway.ejabberd;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/** The connections to one node that sessions are made over: no more than there are logins at once. Thread-safe. */
final class LoginConnections implements AutoCloseable {
    private final UpstreamNode node;
    private final int maxBytes;
    private final Duration stepTime;
    private final Deque<LoginConnection> free = new ConcurrentLinkedDeque<>();
    private final Set<LoginConnection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param maxBytes longest answer
     * @param stepTime most time to connect, and for each answer
     */
    LoginConnections(UpstreamNode node, int maxBytes, Duration stepTime) {
        this.node = node;
        this.maxBytes = maxBytes;
        this.stepTime = stepTime;
    }

    /** A connection, and the answer to the first request over it. */
    record Begun(LoginConnection connection, byte[] answer) {}

    /**
     * Asks over a free connection, and over a new one when there is none or the node has closed it meanwhile.
     *
     * @throws IOException when the node cannot be reached or does not answer
     */
    Begun begin(ByteBuffer request) throws IOException, BoshLogin.FailedException {
        LoginConnection known = free.pollFirst();
        if (known != null) {
            try {
                return ask(known, request);
            } catch (SocketTimeoutException e) { // it has seen the request and hangs: not once more
                throw e;
            } catch (IOException e) {
                if (closed) {
                    throw e;
                }
            }
        }
        return ask(connected(), request);
    }

    private LoginConnection connected() throws IOException {
        LoginConnection made = new LoginConnection(node.address(), maxBytes, stepTime);
        boolean unused = open.add(made);
        if (closed) { // close() may not have seen it
            drop(made);
            throw new IOException("the gateway stops");
        }
        return made;
    }

    private Begun ask(LoginConnection connection, ByteBuffer request) throws IOException, BoshLogin.FailedException {
        boolean isAnswered = false;
        try {
            connection.write(request.duplicate());
            Begun begun = new Begun(connection, connection.read());
            isAnswered = true;
            return begun;
        } finally {
            if (!isAnswered) {
                drop(connection);
            }
        }
    }

    /** The login is over: another one may have the connection, if all that was asked over it was answered. */
    void done(LoginConnection connection) {
        if (connection.isFree() && !closed) {
            free.addFirst(connection);
            if (closed) {
                drop(connection);
            }
        } else {
            drop(connection);
        }
    }

    private void drop(LoginConnection connection) {
        connection.close();
        open.remove(connection);
    }

    /** How many there are, in use or not. */
    int count() {
        return open.size();
    }

    /** Whoever waits for an answer hears that there is none. */
    @Override
    public void close() {
        closed = true;
        open.forEach(this::drop);
    }
}
