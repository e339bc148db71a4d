package org.channelgateway.ejabberd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to ejabberd for whoever waits for the answer: that thread writes and reads by itself, so that no other one has to be woken
 * for each of the few requests of a login. For one thread at a time.
 */
final class LoginConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoginConnection.class);
    private static final int BUFFER_BYTES = 4 * 1024;
    private static final int OK = 200;

    private final Socket socket = new Socket();
    private final AnswerParser parser;
    private final Duration stepTime;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();
    /** The answer to a request is not read. */
    private boolean isAsked;

    private long end;
    private long freeSince;

    /**
     * Connects.
     *
     * @param maxBytes longest answer
     * @param stepTime most time to connect, and for each answer
     * @throws IOException when that does not work; nothing is left open
     */
    LoginConnection(InetSocketAddress address, int maxBytes, Duration stepTime) throws IOException {
        this.parser = new AnswerParser(maxBytes);
        this.stepTime = stepTime;
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, (int) stepTime.toMillis());
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** @param until when the login has to be over, in nano time */
    void begin(long until) {
        end = until;
    }

    /** Nothing was asked for {@code time}: the node, or what is between, may have forgotten the connection. */
    boolean isIdleFor(Duration time) {
        return System.nanoTime() - freeSince > time.toNanos();
    }

    /**
     * Writes a request with its head. Only when its answer is read another one may be written: ejabberd takes all that it finds for the
     * body of the first.
     */
    void write(ByteBuffer request) throws IOException {
        isAsked = true;
        socket.getOutputStream()
                .write(request.array(), request.arrayOffset() + request.position(), request.remaining());
    }

    /**
     * Reads the answer.
     *
     * @throws BoshLogin.FailedException when it is an error or too long
     * @throws IOException when none comes in the time for a step, or for the whole login
     */
    byte[] read() throws IOException, BoshLogin.FailedException {
        long now = System.nanoTime();
        long last = now + Math.min(stepTime.toNanos(), end - now);
        parser.parse(buffer);
        while (!parser.isOver()) {
            long millis = Duration.ofNanos(last - System.nanoTime()).toMillis();
            if (millis <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout((int) millis);
            int length = socket.getInputStream().read(buffer.array());
            if (length < 0) {
                parser.ended(buffer.clear().flip());
                break;
            }
            parser.parse(buffer.clear().limit(length));
        }
        if (parser.isTooLong()) {
            throw new BoshLogin.FailedException("ejabberd's answer is too long");
        }
        if (!parser.isWhole()) {
            throw parser.failure();
        }
        return taken();
    }

    private byte[] taken() throws BoshLogin.FailedException {
        int status = parser.status();
        byte[] body = parser.body();
        isAsked = false;
        freeSince = System.nanoTime();
        if (!parser.isPersistent()) {
            close();
        }
        parser.reset();
        if (status != OK) {
            throw new BoshLogin.FailedException("ejabberd answered with status " + status);
        }
        return body;
    }

    /** It may serve another login. */
    boolean isFree() {
        return !isAsked && !buffer.hasRemaining() && !socket.isClosed();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a connection to ejabberd did not close well", e);
        }
    }
}
