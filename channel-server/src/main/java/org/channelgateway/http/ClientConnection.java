package org.channelgateway.http;

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

    /** There is no room for this head among all that there are. */
    static final class HeadsException extends HttpException.RuntimeException {
        private static final long serialVersionUID = 1L;

        HeadsException() {
            super(HttpStatus.SERVICE_UNAVAILABLE_503, "headers: too long, while many are (expected: again soon)");
        }
    }

    private final HeapRoom.Claim room;

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

    /** Counts what comes of a head. Confined to the thread that parses. */
    private final class Head extends RequestHandler {
        private int fields;
        private int bytes;

        @Override
        public void messageBegin() {
            if (bytes > FREE_BYTES) {
                room.leave();
            }
            fields = 0;
            bytes = 0;
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
            if (bytes > FREE_BYTES && !room.growTo(bytes - FREE_BYTES)) {
                throw new HeadsException();
            }
        }
    }
}
