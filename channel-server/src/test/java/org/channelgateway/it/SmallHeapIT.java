package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.channelgateway.it.ChannelApi.Created;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway in a process of its own with little memory, that ends at once when it does not suffice, and many at once who want it to
 * take more in the heap than they send.
 */
@Timeout(120)
final class SmallHeapIT {
    private static final int CLIENTS = 600;
    private static final int HEAD_BYTES = 8000;
    private static final int BODY_BYTES = 60_000;
    private static final int PATIENCE_MILLIS = 30_000;

    @TempDir
    Path folder;

    private final List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService clients = Executors.newFixedThreadPool(8);
    private GatewayProcess gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = new GatewayProcess(folder, List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"), Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        clients.shutdownNow();
        for (Socket socket : sockets) {
            socket.close();
        }
        gateway.close();
    }

    private Socket connect() throws IOException {
        return connect(1);
    }

    /** @param from the last number of the client's address, 127.0.0.x */
    private Socket connect(int from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) from}), 0));
        socket.connect(
                new InetSocketAddress(gateway.uri().getHost(), gateway.uri().getPort()));
        socket.setSoTimeout(PATIENCE_MILLIS);
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String post(String path, String type, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    /** The beginning of an answer: what comes behind it may be lost when the gateway closes. */
    private static int status(Socket socket) throws IOException {
        String start = "HTTP/1.1 ";
        byte[] read = socket.getInputStream().readNBytes(start.length() + 3);
        if (read.length == 0) {
            throw new EOFException("no answer");
        }
        return Integer.parseInt(new String(read, StandardCharsets.US_ASCII).substring(start.length()));
    }

    private void serves() {
        assertThat(gateway.api().send("somebody", "message")).isZero();
        assertThat(gateway.isAlive()).isTrue();
    }

    private void awaitRefusal(String door, String reason) {
        String name = "gateway_refusals_total{door=\"" + door + "\",reason=\"" + reason + "\"}";
        await().until(() -> Metrics.of(gateway.uri()).value(name) > 0);
    }

    private void all(int count, Callable<Void> client) throws Exception {
        for (Future<Void> done : clients.invokeAll(Collections.nCopies(count, client))) {
            done.get();
        }
    }

    private static String head(String field) {
        String start = "GET / HTTP/1.1\r\nHost: a\r\n";
        return start + field.repeat((HEAD_BYTES - start.length()) / field.length());
    }

    @Test
    void outlivesHeadsOfManyFields() throws Exception {
        String many = head("a:1\r\n");
        all(CLIENTS, () -> {
            Socket socket = connect();
            send(socket, many);
            assertThat(status(socket)).isEqualTo(431);
            return null;
        });
        serves();
    }

    @Test
    void outlivesLongHeadsThatDoNotEnd() throws Exception {
        String fewer = head("a: " + "y".repeat(60) + "\r\n");
        all(CLIENTS, () -> {
            send(connect(), fewer);
            return null;
        });
        serves();
        awaitRefusal("http", "heads");
        serves();
    }

    @Test
    void outlivesRequestsThatWaitForAnEarlierOne() throws Exception {
        all(CLIENTS, () -> {
            Created channel = gateway.api().create("early/" + UUID.randomUUID());
            Socket socket = connect();
            send(socket, post("/_ah/channel/connect", "text/plain", channel.token()));
            JsonNode session = new ObjectMapper().readTree(body(socket));
            send(
                    socket,
                    post(
                            session.path("path").textValue(),
                            "text/xml",
                            early(
                                    session.path("sid").textValue(),
                                    session.path("rid").longValue() + 1)));
            return null;
        });
        serves();
        awaitRefusal("bosh", "early");
        serves();
    }

    private static String early(String sid, long rid) {
        String open = "<body xmlns='http://jabber.org/protocol/httpbind' sid='" + sid + "' rid='" + rid + "'>";
        String message = "<message xmlns='jabber:client'><a b='c'/><a b='c'/><a b='c'/><a b='c'/>" + "y".repeat(300)
                + "</message>";
        return open + message.repeat(BODY_BYTES / message.length()) + "</body>";
    }

    /** The body of an answer with a length. */
    private static String body(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                throw new EOFException("after: " + head);
            }
            head.append((char) octet);
        }
        assertThat(head).startsWith("HTTP/1.1 200 ");
        String name = "Content-Length: ";
        int at = head.indexOf(name) + name.length();
        int length = Integer.parseInt(head.substring(at, head.indexOf("\r", at)));
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
    }

    private int status(int from, String request) throws IOException {
        try (Socket socket = connect(from)) {
            send(socket, request);
            return status(socket);
        }
    }

    @Test
    void hasRoomForLongBodiesBesideTheAddressThatSendsMost() throws Exception {
        String whole = post(
                "/_ah/channel/receive",
                "application/x-www-form-urlencoded",
                "key=nobody&msg=" + "y".repeat(BODY_BYTES));
        String half = whole.substring(0, whole.length() - 1);
        all(CLIENTS / 10, () -> {
            send(connect(2), half);
            return null;
        });
        await().until(() -> status(2, whole) == 503);
        assertThat(status(3, whole)).isEqualTo(401);
        serves();
    }

    @Test
    void outlivesJsonOfManyValues() throws Exception {
        String many = "[" + "{},".repeat(330_000) + "{}]";
        String request = post("/v1/messages", "application/json", many)
                .replace(
                        "\r\n\r\n", "\r\nAuthorization: Bearer " + gateway.api().secret() + "\r\n\r\n");
        AtomicInteger read = new AtomicInteger();
        all(40, () -> {
            try (Socket socket = connect()) {
                send(socket, request);
                int status = status(socket);
                assertThat(status).isIn(413, 503);
                read.addAndGet(status == 413 ? 1 : 0);
            } catch (IOException e) {
                // refused, and closed before it was all sent
            }
            return null;
        });
        assertThat(read).hasPositiveValue();
        serves();
    }
}
