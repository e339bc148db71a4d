package org.channelgateway.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the client closed its connection while its answer is due. Jetty reads nothing from an HTTP/1.1
 * connection until the answer is complete, so the watch asks for the next bytes in its place, gives bytes of a
 * pipelined request back to the connection, and watches on as long as that has room for more. Thread-safe.
 *
 * <p>T1 {@link #stop} and T2 {@link #succeeded} race for the end of the watch: while T2 reads, T1 leaves its answer for
 * T2 to write, since only one of them may touch the connection.
 */
public final class ConnectionWatch implements Callback {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionWatch.class);
    /** A signal, without a stack trace. */
    @SuppressWarnings("StaticAssignmentOfThrowable")
    private static final Throwable STOPPED = new Throwable("the answer is being written", null, false, false) {
        private static final long serialVersionUID = 1L;
    };

    private enum State {
        STARTING,
        WATCHING,
        READING,
        ENDED
    }

    private enum Found {
        CLOSED,
        /** Nothing can be read on. */
        FULL,
        MORE
    }

    private final AbstractEndPoint endPoint;
    private final Connection connection;
    private final int inputBytes;
    private final Runnable gone;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private State state = State.STARTING;

    /** How often it was registered. */
    @GuardedBy("lock")
    private int rounds;

    /** What {@link #stop} was asked to do while the watch could not end at once. */
    @GuardedBy("lock")
    private @Nullable Runnable afterwards;

    private ConnectionWatch(AbstractEndPoint endPoint, Connection connection, int inputBytes, Runnable gone) {
        this.endPoint = endPoint;
        this.connection = connection;
        this.inputBytes = inputBytes;
        this.gone = gone;
    }

    /**
     * A watch over a request whose body was read to its end; null when the connection cannot be watched.
     *
     * @param gone told, at most once, when the client has closed its connection
     */
    public static @Nullable ConnectionWatch of(Request request, Runnable gone) {
        Connection connection = request.getConnectionMetaData().getConnection();
        boolean watchable = connection instanceof Connection.UpgradeTo
                && connection instanceof Connection.UpgradeFrom
                && connection.getEndPoint() instanceof AbstractEndPoint;
        return watchable
                ? new ConnectionWatch(
                        (AbstractEndPoint) connection.getEndPoint(),
                        connection,
                        request.getConnectionMetaData().getHttpConfiguration().getInputBufferSize(),
                        gone)
                : null;
    }

    public void start() {
        Runnable then = null;
        boolean registered = endPoint.tryFillInterested(this);
        lock.lock();
        try {
            rounds++;
            if (state == State.STARTING) {
                state = registered ? State.WATCHING : State.ENDED;
            }
            if (afterwards != null && state != State.READING) {
                then = afterwards;
                afterwards = null;
            }
        } finally {
            lock.unlock();
        }
        if (then != null) {
            stop(then);
        }
    }

    /** Ends the watch and then runs {@code then}: here, or on the thread that is reading. */
    public void stop(Runnable then) {
        boolean cancel;
        int round;
        lock.lock();
        try {
            if (state == State.STARTING || state == State.READING) {
                afterwards = then;
                return;
            }
            cancel = state == State.WATCHING;
            round = rounds;
        } finally {
            lock.unlock();
        }
        if (!cancel || endPoint.getFillInterest().onFail(STOPPED)) {
            then.run();
        } else {
            toldMeanwhile(round, then);
        }
    }

    /** T2 was told of new bytes before T1 could cancel: it may be done with them, or watch again already, or be at it. */
    private void toldMeanwhile(int round, Runnable then) {
        boolean ended;
        lock.lock();
        try {
            ended = state == State.ENDED;
            boolean again = state == State.WATCHING && rounds != round;
            if (!ended && !again) {
                afterwards = then;
                return;
            }
        } finally {
            lock.unlock();
        }
        if (ended) {
            then.run();
        } else {
            stop(then);
        }
    }

    @Override
    public void succeeded() {
        lock.lock();
        try {
            state = State.READING;
        } finally {
            lock.unlock();
        }
        Found found = read();
        if (found == Found.MORE && goOn()) {
            start();
            return;
        }
        if (found == Found.CLOSED) {
            gone.run();
        }
        ended();
    }

    /** False when the answer is to be written now. */
    private boolean goOn() {
        lock.lock();
        try {
            if (afterwards != null) {
                return false;
            }
            state = State.STARTING;
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void failed(Throwable failure) {
        if (failure != STOPPED) {
            gone.run(); // idle for longer than any request is held, or the connection broke
        }
        ended();
    }

    private void ended() {
        Runnable then;
        lock.lock();
        try {
            state = State.ENDED;
            then = afterwards;
            afterwards = null;
        } finally {
            lock.unlock();
        }
        if (then != null) {
            then.run();
        }
    }

    private Found read() {
        ByteBuffer earlier = ((Connection.UpgradeFrom) connection).onUpgradeFrom();
        ByteBuffer buffer =
                ByteBuffer.allocate(earlier == null ? inputBytes : Math.max(inputBytes, earlier.remaining()));
        if (earlier != null) {
            buffer.put(earlier); // it goes back with the rest: the connection has room for no more than so many bytes
        }
        buffer.flip(); // Jetty fills from the limit on
        boolean closed = fill(buffer);
        boolean full = buffer.remaining() == buffer.capacity();
        if (buffer.hasRemaining()) {
            ((Connection.UpgradeTo) connection).onUpgradeTo(buffer);
        }
        if (closed) {
            return Found.CLOSED;
        }
        return full ? Found.FULL : Found.MORE;
    }

    private boolean fill(ByteBuffer buffer) {
        try {
            return endPoint.fill(buffer) < 0;
        } catch (IOException e) {
            LOG.debug("a held request's connection broke", e);
            return true;
        }
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
