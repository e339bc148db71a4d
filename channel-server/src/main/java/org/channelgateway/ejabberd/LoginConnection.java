package org.channelgateway.ejabberd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A connection to ejabberd for whoever waits for the answer: that thread writes and reads by itself, so that no other one has to be woken
 * for each of the few requests of a login. For one thread at a time.
 */
final class LoginConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 4 * 1024;
    private static final int OK = 200;

    private final Socket socket = new Socket();
    private final AnswerParser parser;
    private final Duration stepTime;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();
    /** The answer to a request is not read. */
    private boolean isAsked;

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
     * @throws IOException when none comes in time
     */
    byte[] read() throws IOException, BoshLogin.FailedException {
        long end = System.nanoTime() + stepTime.toNanos();
        parser.parse(buffer);
        while (!parser.isOver()) {
            long millis = Duration.ofNanos(end - System.nanoTime()).toMillis();
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
        } catch (IOException e) { // it is closed all the same
            assert socket.isClosed();
        }
    }
}
