package org.channelgateway.http;

import java.util.EnumSet;
import java.util.Set;
import org.channelgateway.limit.HeapRoom;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's connection, with bounds on what the heads of its requests cost. Jetty bounds their bytes. Each of these takes some in the
 * heap, and a field takes more than a hundred, from their arrival until the connection is closed: the parser keeps its buffers.
 */
final class ClientConnection extends HttpConnection {
    /** Most fields of one request, in its head and behind its chunks. */
    static final int MAX_FIELDS = 128;
    /** What a byte of a head takes: it is in a buffer that grows by doubling, in a string, and a part of others. */
    static final int HEAP_PER_BYTE = 3;
    /** What a field takes beside its text. */
    static final int HEAP_PER_FIELD = 128;
    /** So much of what each head takes needs no room: the number of connections bounds what is short. */
    static final int FREE_BYTES = 8 * 1024;

    /** Where the parser is between the first byte of a request and the end of its headers. */
    private static final Set<HttpParser.State> HEAD = EnumSet.range(HttpParser.State.METHOD, HttpParser.State.HEADER);

    /** There is no room for this head among all that there are. */
    static final class HeadsException extends HttpException.RuntimeException {
        private static final long serialVersionUID = 1L;

        HeadsException() {
            super(HttpStatus.SERVICE_UNAVAILABLE_503, "headers: too long, while many are (expected: again soon)");
        }
    }

    private final HeapRoom.Claim room;
    /** Bytes that have come since the end of the last head. Like the next ones confined to the thread that reads. */
    private int bytes;

    /** Fields of the present request. */
    private int fields;
    /** There was no room; the next event of the parser says so. */
    private boolean full;
    /** Something of the room was taken: most connections need not ask. */
    private volatile boolean takes;

    /** @param room what its heads take of the room for all */
    ClientConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint, HeapRoom.Claim room) {
        super(configuration, connector, endPoint);
        this.room = room;
    }

    @Override
    protected RequestHandler newRequestHandler() {
        return new Head();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        room.close();
        super.onClose(cause);
    }

    /** A part of a request's head has come. */
    boolean isInHead() {
        return HEAD.contains(getParser().getState());
    }

    /** True when it should not be kept for another request: it keeps room that others need. */
    boolean isCrowding() {
        return takes && room.isCrowding();
    }

    /**
     * Bytes were read from the socket.
     *
     * @return false when there was no room for a part of a head before, and it goes on without an event at which that could be said
     */
    boolean filled(int count) {
        if (!isInHead()
                && !getParser().isState(HttpParser.State.START)
                && !getParser().isState(HttpParser.State.TRAILER)) {
            return true; // of a body
        }
        if (getParser().isState(HttpParser.State.START)) { // of another request
            bytes = 0;
            fields = 0;
            full = false;
        }
        boolean before = full;
        bytes += count;
        take();
        return !before || !full;
    }

    private void take() {
        int above = bytes * HEAP_PER_BYTE + fields * HEAP_PER_FIELD - FREE_BYTES;
        if (above > 0) {
            takes = true;
            full = !room.growTo(above);
        } else {
            full = false;
        }
    }

    private void check() {
        if (full && getEndPoint().isOpen()) {
            throw new HeadsException();
        }
    }

    /** Counts what comes of a head. */
    private final class Head extends RequestHandler {
        @Override
        public void messageBegin() {
            fields = 0;
            super.messageBegin();
        }

        @Override
        public void startRequest(String method, String uri, HttpVersion version) {
            super.startRequest(method, uri, version);
            check();
        }

        @Override
        public void parsedHeader(HttpField field) {
            count();
            super.parsedHeader(field);
        }

        @Override
        public void parsedTrailer(HttpField field) {
            count();
            super.parsedTrailer(field);
        }

        @Override
        public boolean headerComplete() {
            check();
            bytes = 0;
            return super.headerComplete();
        }

        /** What there was no room for may come here as a connection that broke. */
        @Override
        public void badMessage(HttpException failure) {
            super.badMessage(full ? new HeadsException() : failure);
        }

        private void count() {
            fields++;
            if (fields > MAX_FIELDS) {
                throw new HttpException.RuntimeException(
                        HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431,
                        "headers: more than " + MAX_FIELDS + " fields (expected: at most so many)");
            }
            take();
            check();
        }
    }
}
