package org.channelgateway.ejabberd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.channelgateway.bosh.BoshXml;
import org.channelgateway.bosh.Rid;
import org.channelgateway.xml.XmlWriter;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.Promise;

/**
 * One node of ejabberd: the connections to it that are free, of which the last one used is the next, and new ones when there is
 * none. Nothing queues: who asks has a bound of its own. Any node of ejabberd answers for the sessions of all, and says of those of a
 * node that died that they are over; so what this one cannot be reached for goes to the next one. Thread-safe.
 */
final class UpstreamNode {
    private static final int HTTP = 80;

    private final URI uri;
    private final ClientConnector connector;
    private final int maxBytes;
    private final byte[] head;
    private final LoginConnections logins;
    private final Deque<UpstreamConnection> free = new ConcurrentLinkedDeque<>();
    private final AtomicInteger connections = new AtomicInteger();
    private UpstreamNode next = this;
    private int others;

    /** @param maxBytes longest answer */
    UpstreamNode(URI uri, ClientConnector connector, int maxBytes) {
        this.uri = uri;
        this.connector = connector;
        this.maxBytes = maxBytes;
        this.logins = new LoginConnections(this, maxBytes, BoshLogin.STEP_TIME);
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        this.head = ("POST " + path + " HTTP/1.1\r\nHost: " + uri.getRawAuthority()
                        + "\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: ")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Says which one is asked when this one cannot be reached. To be called before anything is posted.
     *
     * @param count how many there are besides this one
     */
    void next(UpstreamNode node, int count) {
        next = node;
        others = count;
    }

    /** Asks this node, or another one when no connection to this one can be made. */
    Posting post(byte[] body, Posting.Receiver receiver) {
        Posting posting = new Posting(body, receiver, others);
        UpstreamConnection known = free.pollFirst();
        while (known != null && !known.isOpen()) {
            known = free.pollFirst();
        }
        if (known == null) {
            sendAnew(posting);
        } else {
            known.send(posting);
        }
        return posting;
    }

    /** Ends a session, whatever rid it awaits: a terminate with the greatest one does. */
    void end(String sid) {
        byte[] body = ("<body xmlns='" + BoshXml.NAMESPACE + "' rid='" + Rid.MAX + "' sid='"
                        + XmlWriter.escapedAttribute(sid) + "' type='terminate'/>")
                .getBytes(StandardCharsets.UTF_8);
        Posting unused = post(body, Posting.Receiver.NONE);
    }

    ByteBuffer request(byte[] body) {
        byte[] length = (body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + length.length + body.length)
                .put(head)
                .put(length)
                .put(body)
                .flip();
    }

    /** Sends it over a connection of its own. By another thread: to look up the name of a host may take long. */
    void sendAnew(Posting posting) {
        try {
            connector.getExecutor().execute(() -> connectOrFail(posting));
        } catch (RejectedExecutionException e) { // it stops
            posting.fail(e);
        }
    }

    private void connectOrFail(Posting posting) {
        try {
            connect(posting);
        } catch (UnknownHostException e) {
            unreachable(posting, new IOException("no such host", e));
        } catch (RuntimeException e) { // whoever waits for the outcome has to hear it
            posting.fail(e);
        }
    }

    private void connect(Posting posting) throws UnknownHostException {
        ClientConnectionFactory plain = (endPoint, context) -> {
            UpstreamConnection connection = new UpstreamConnection(
                    endPoint, connector.getExecutor(), connector.getByteBufferPool(), this, maxBytes);
            connection.first(posting);
            return connection;
        };
        Map<String, Object> context = new HashMap<>();
        context.put(Transport.class.getName(), Transport.TCP_IP);
        context.put(ClientConnectionFactory.CONTEXT_KEY, plain);
        context.put(ClientConnector.CONNECTION_PROMISE_CONTEXT_KEY, new Promise<Connection>() {
            @Override
            public void failed(Throwable failure) {
                unreachable(posting, failure);
            }
        });
        connector.connect(address(), context);
    }

    /** Where it is, at the moment. */
    InetSocketAddress address() throws UnknownHostException {
        int port = uri.getPort() > 0 ? uri.getPort() : HTTP;
        String host = uri.getHost().replaceAll("^\\[(.*)\\]$", "$1");
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    /** The connections that sessions are made over. */
    LoginConnections logins() {
        return logins;
    }

    /** How many there are, in use or not. */
    int connections() {
        return connections.get() + logins.count();
    }

    /** There is one more. */
    void opened() {
        connections.incrementAndGet();
    }

    private void unreachable(Posting posting, Throwable why) {
        if (posting.mayGoElsewhere()) {
            next.sendAnew(posting);
        } else {
            posting.fail(why);
        }
    }

    /** The connection may serve another request. */
    void free(UpstreamConnection connection) {
        free.addFirst(connection);
    }

    /** The connection is no more. */
    void closed(UpstreamConnection connection) {
        connections.decrementAndGet();
        free.remove(connection);
    }
}
