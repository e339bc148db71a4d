package org.channelgateway.bench;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** A client whose operation is a request over HTTP. */
final class HttpClient implements Load.Client {
    interface Request {
        void send(HttpConnection connection, long number) throws IOException;
    }

    private final HttpConnection connection;
    private final Request request;
    private final int expected;
    private final Deque<Long> waiting = new ArrayDeque<>();

    /** @param expected the status of a good answer */
    HttpClient(HttpConnection connection, Request request, int expected) {
        this.connection = connection;
        this.request = request;
        this.expected = expected;
    }

    @Override
    public void send(long number) throws IOException {
        request.send(connection, number);
        waiting.add(number);
    }

    @Override
    public long receive() throws IOException {
        connection.receive(expected);
        return waiting.remove();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
