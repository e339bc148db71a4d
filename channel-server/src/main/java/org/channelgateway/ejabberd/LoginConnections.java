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
    /** Others forget a connection that says nothing: ejabberd after five minutes, what is between perhaps before. */
    private static final Duration LONGEST_IDLE = Duration.ofMinutes(1);

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
     * @param end when the login has to be over, in nano time
     * @throws IOException when the node cannot be reached or does not answer
     */
    Begun begin(ByteBuffer request, long end) throws IOException, BoshLogin.FailedException {
        LoginConnection known = free.pollFirst();
        if (known != null && known.isIdleFor(LONGEST_IDLE)) {
            drop(known);
            dropFree();
            known = null;
        }
        if (known != null) {
            try {
                return ask(known, request, end);
            } catch (SocketTimeoutException e) { // it has seen the request and hangs: not once more
                throw e;
            } catch (IOException e) {
                if (closed) {
                    throw e;
                }
                dropFree();
            }
        }
        return ask(connected(), request, end);
    }

    /** The last one used is the next: the others have waited for longer. */
    private void dropFree() {
        LoginConnection old = free.pollFirst();
        while (old != null) {
            drop(old);
            old = free.pollFirst();
        }
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

    private Begun ask(LoginConnection connection, ByteBuffer request, long end)
            throws IOException, BoshLogin.FailedException {
        boolean isAnswered = false;
        try {
            connection.begin(end);
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
