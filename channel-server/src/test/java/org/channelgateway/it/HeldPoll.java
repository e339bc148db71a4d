package org.channelgateway.it;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.net.SocketFactory;
import org.channelgateway.nginx.SelfSigned;

/** A subscriber that costs no more than a socket: it connected, and its poll is on its way. */
final class HeldPoll implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PATIENCE_MILLIS = 30_000;

    private final URI gateway;
    private final Socket socket;
    private final String sid;
    private final String path;
    private final String body;

    HeldPoll(URI gateway, String token) throws IOException {
        this(gateway, token, InetAddress.getLoopbackAddress());
    }

    /** @param from its own address */
    HeldPoll(URI gateway, String token, InetAddress from) throws IOException {
        this.gateway = gateway;
        socket = connection(gateway, from);
        post("/_ah/channel/connect", token);
        JsonNode session = JSON.readTree(answer());
        sid = session.path("sid").textValue();
        path = session.path("path").textValue();
        body = "<body xmlns='http://jabber.org/protocol/httpbind' sid='" + sid + "' rid='"
                + session.path("rid").longValue() + "'/>";
        post(path, body);
    }

    private HeldPoll(URI gateway, HeldPoll broken) throws IOException {
        this.gateway = gateway;
        socket = connection(gateway, InetAddress.getLoopbackAddress());
        sid = broken.sid;
        path = broken.path;
        body = broken.body;
        post(path, body);
    }

    /** The same request once more, as its client sends it when the connection is lost. */
    HeldPoll again(URI other) throws IOException {
        return new HeldPoll(other, this);
    }

    private static Socket connection(URI gateway, InetAddress from) throws IOException {
        SocketFactory sockets = gateway.getScheme().equals("https")
                ? SelfSigned.trusting().getSocketFactory()
                : SocketFactory.getDefault();
        Socket connected = sockets.createSocket(gateway.getHost(), gateway.getPort(), from, 0);
        connected.setSoTimeout(PATIENCE_MILLIS);
        return connected;
    }

    /** Ends the session as a page that goes away does. */
    void leave() throws IOException {
        try (Socket beacon = connection(gateway, InetAddress.getLoopbackAddress())) {
            beacon.getOutputStream().write(request("/_ah/channel/disconnect", sid));
            if (!head(beacon.getInputStream()).startsWith("http/1.1 204")) {
                throw new IOException("disconnect: not taken (expected: 204)");
            }
        }
    }

    /** The same; when this returns the gateway has noted when, by its clock that may stand still. */
    void leave(ChannelApi api, String channel) throws IOException {
        leave();
        await().atMost(PATIENCE).until(() -> api.subscribers(channel).orElse(0) == 0);
    }

    private void post(String path, String body) throws IOException {
        socket.getOutputStream().write(request(path, body));
    }

    private byte[] request(String path, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "POST " + path + " HTTP/1.1\r\nHost: " + gateway.getRawAuthority()
                + "\r\nContent-Type: text/plain\r\nContent-Length: " + bytes.length + "\r\n\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(bytes);
        return request.toByteArray();
    }

    /** Waits for the answer to the last request. */
    String answer() throws IOException {
        InputStream in = socket.getInputStream();
        String head = head(in);
        int at = head.indexOf("content-length: ") + "content-length: ".length();
        int length = Integer.parseInt(head.substring(at, head.indexOf('\r', at)));
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed by the gateway after: " + head);
            }
            head.append((char) next);
        }
        return head.toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
