package org.channelgateway.ejabberd;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/**
 * The mod_bosh of one node of ejabberd, and the connections to it: as many as there are requests under way, kept for the next ones.
 * Thread-safe.
 */
final class UpstreamNode {
    private static final int HTTP = 80;

    private final ClientConnector connector;
    private final InetSocketAddress address;
    private final byte[] head;
    private final int maxAnswerBytes;
    /** Those that serve nothing. */
    private final LinkedHashSet<UpstreamConnection> idle = new LinkedHashSet<>();
    /** Requests for which a connection is being made. */
    private final Deque<Posting> waiting = new ArrayDeque<>();

    /** @param connector that is started */
    UpstreamNode(ClientConnector connector, URI bosh, int maxAnswerBytes) {
        this.connector = connector;
        int port = bosh.getPort() > 0 ? bosh.getPort() : HTTP;
        this.address = new InetSocketAddress(bosh.getHost(), port);
        this.maxAnswerBytes = maxAnswerBytes;
        this.head = ascii("POST " + bosh.getRawPath() + " HTTP/1.1\r\nHost: " + bosh.getHost() + ":" + port
                + "\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: ");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends a body; its outcome is told. */
    Posting post(byte[] body, Posting.Receiver receiver) {
        byte[] length = ascii(body.length + "\r\n\r\n");
        ByteBuffer request = ByteBuffer.allocate(head.length + length.length + body.length);
        request.put(head).put(length).put(body).flip();
        Posting posting = new Posting(request, receiver);
        UpstreamConnection free = take();
        if (free == null) {
            sendAnew(posting);
        } else {
            free.send(posting);
        }
        return posting;
    }

    private @Nullable UpstreamConnection take() {
        synchronized (idle) {
            var connections = idle.iterator();
            while (connections.hasNext()) {
                UpstreamConnection connection = connections.next();
                connections.remove();
                if (connection.isOpen()) {
                    return connection;
                }
            }
            return null;
        }
    }

    /** On a connection of its own. */
    void sendAnew(Posting posting) {
        synchronized (waiting) {
            waiting.add(posting);
        }
        ClientConnectionFactory speaking = (endPoint, context) -> new UpstreamConnection(
                endPoint, connector.getExecutor(), connector.getByteBufferPool(), this, maxAnswerBytes);
        Map<String, Object> context = new HashMap<>();
        context.put(Transport.class.getName(), Transport.TCP_IP);
        context.put(ClientConnectionFactory.CONTEXT_KEY, speaking);
        context.put(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY, new Promise<Connection>() {
            @Override
            public void failed(Throwable failure) {
                Posting first = nextWaiting();
                if (first != null) {
                    first.fail(failure);
                }
            }
        });
        connector.connect(address, context);
    }

    private @Nullable Posting nextWaiting() {
        synchronized (waiting) {
            return waiting.poll();
        }
    }

    void opened(UpstreamConnection connection) {
        Posting first = nextWaiting();
        if (first == null) {
            free(connection);
        } else {
            connection.send(first);
        }
    }

    void free(UpstreamConnection connection) {
        synchronized (idle) {
            idle.add(connection);
        }
    }

    void closed(UpstreamConnection connection) {
        synchronized (idle) {
            idle.remove(connection);
        }
    }
}
