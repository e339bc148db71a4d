package org.channelgateway.http;

import java.util.concurrent.atomic.AtomicInteger;
import org.channelgateway.limit.HeapRoom;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's connection, with bounds on what the head of a request costs: Jetty bounds its bytes, and a field of three of them takes more
 * than a hundred in the heap, from its arrival until the next request.
 */
final class ClientConnection extends HttpConnection {
    /** Most fields of one request, in its head and behind its chunks. */
    static final int MAX_FIELDS = 128;
    /** So much of each head takes no room: the number of connections bounds what is short. */
    static final int FREE_BYTES = 4096;
    /** What a field takes beside its text. */
    private static final int FIELD_BYTES = 128;

    private static final int CLOSED = -1;

    /** There is no room for this head among all that there are. */
    static final class HeadsException extends HttpException.RuntimeException {
        private static final long serialVersionUID = 1L;

        HeadsException() {
            super(HttpStatus.SERVICE_UNAVAILABLE_503, "headers: too long, while many are (expected: again soon)");
        }
    }

    private final HeapRoom room;
    /** What the head takes of the room; {@link #CLOSED} once nothing may be taken. */
    private final AtomicInteger taken = new AtomicInteger();

    /** @param room for the long heads of all connections */
    ClientConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint, HeapRoom room) {
        super(configuration, connector, endPoint);
        this.room = room;
    }

    @Override
    protected RequestHandler newRequestHandler() {
        return new Head();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        int left = taken.getAndSet(CLOSED);
        if (left > 0) {
            room.leave(left);
        }
        super.onClose(cause);
    }

    /** False when there is no room, or the connection was closed meanwhile. */
    private boolean take(int more, int before) {
        if (before == CLOSED || !room.take(more, before)) {
            return false;
        }
        if (taken.compareAndSet(before, before + more)) {
            return true;
        }
        room.leave(more);
        return false;
    }

    /** Counts what comes of a head. Confined to the thread that parses. */
    private final class Head extends RequestHandler {
        private int fields;
        private int bytes;

        @Override
        public void messageBegin() {
            fields = 0;
            bytes = 0;
            int left = taken.get();
            if (left > 0 && taken.compareAndSet(left, 0)) {
                room.leave(left);
            }
            super.messageBegin();
        }

        @Override
        public void startRequest(String method, String uri, HttpVersion version) {
            super.startRequest(method, uri, version);
            add(uri.length());
        }

        @Override
        public void parsedHeader(HttpField field) {
            add(field);
            super.parsedHeader(field);
        }

        @Override
        public void parsedTrailer(HttpField field) {
            add(field);
            super.parsedTrailer(field);
        }

        private void add(HttpField field) {
            fields++;
            if (fields > MAX_FIELDS) {
                throw new HttpException.RuntimeException(
                        HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431,
                        "headers: more than " + MAX_FIELDS + " fields (expected: at most so many)");
            }
            String value = field.getValue();
            add(FIELD_BYTES + field.getName().length() + (value == null ? 0 : value.length()));
        }

        private void add(int more) {
            bytes += more;
            int before = taken.get();
            int above = bytes - FREE_BYTES - Math.max(before, 0);
            if (above > 0 && !take(above, before)) {
                throw new HeadsException();
            }
        }
    }
}
