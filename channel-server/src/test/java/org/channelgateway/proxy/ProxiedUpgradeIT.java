package org.channelgateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets and other protocols that a client and the application switch to. */
@Timeout(120)
final class ProxiedUpgradeIT {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String ASKS =
            "GET /x HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: %s\r\n\r\n";

    @TempDir
    Path folder;

    private RawApplication application;
    private SharedAddress shared;

    @BeforeEach
    void start() throws Exception {
        application = new RawApplication(ProxiedUpgradeIT::webSocket);
        shared = new SharedAddress(folder, application.uri());
    }

    @AfterEach
    void stop() {
        await().until(() -> application.connections() == 0);
        shared.close();
        application.close();
    }

    /** Accepts a WebSocket (RFC 6455 §4.2.2) and sends back each frame, unmasked; greets at once. */
    private static void webSocket(String head, Socket client) throws IOException {
        String key = head.lines()
                .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-key:"))
                .findFirst()
                .orElseThrow()
                .substring(18)
                .strip();
        OutputStream out = client.getOutputStream();
        RawApplication.say(
                client,
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n\u0081\u0005hello");
        DataInputStream in = new DataInputStream(client.getInputStream());
        while (true) {
            int first = in.readUnsignedByte();
            int second = in.readUnsignedByte() & 0x7F;
            long length = second == 126 ? in.readUnsignedShort() : second == 127 ? in.readLong() : second;
            byte[] mask = in.readNBytes(4);
            byte[] payload = in.readNBytes((int) length);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i & 3];
            }
            ByteBuffer frame = ByteBuffer.allocate(payload.length + 10).put((byte) first);
            if (second == 127) {
                frame.put((byte) 127).putLong(length);
            } else if (second == 126) {
                frame.put((byte) 126).putShort((short) length);
            } else {
                frame.put((byte) second);
            }
            frame.put(payload).flip();
            out.write(frame.array(), 0, frame.limit());
            if ((first & 0x0F) == 8) {
                return;
            }
        }
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Received implements WebSocket.Listener {
        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
        private final StringBuilder parts = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            parts.append(data);
            if (last) {
                texts.add(parts.toString());
                parts.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.add(code);
            return null;
        }

        String text() throws InterruptedException {
            return String.valueOf(texts.poll(30, TimeUnit.SECONDS));
        }
    }

    private WebSocket open(Received received) {
        return shared.client()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://" + shared.host() + "/socket?a=b"), received)
                .join();
    }

    @Test
    void carriesAWebSocketBothWaysAndItsEnd() throws Exception {
        Received received = new Received();
        WebSocket socket = open(received);
        assertThat(received.text()).isEqualTo("hello"); // which came in one segment with the head
        socket.sendText("ping", true).join();
        assertThat(received.text()).isEqualTo("ping");
        String large = "0123456789".repeat(300_000);
        socket.sendText(large, true).join();
        assertThat(received.text()).isEqualTo(large);
        assertThat(application.lastHead()).startsWith("GET /socket?a=b HTTP/1.1\r\n");
        assertThat(application.values("Connection")).containsExactly("Upgrade");
        assertThat(application.values("Host")).containsExactly(shared.host());
        socket.sendClose(1000, "").join();
        assertThat(received.closed.poll(30, TimeUnit.SECONDS)).isEqualTo(1000);
    }

    @Test
    void keepsAQuietWebSocketForHours() throws Exception {
        Received received = new Received();
        WebSocket socket = open(received);
        assertThat(received.text()).isEqualTo("hello");
        shared.move(Duration.ofHours(5));
        assertThat(shared.get("/_ah/channel/jsapi").statusCode()).isEqualTo(200);
        for (int i = 0; i < 3; i++) {
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true); // the gateway looks at the time once a second
        }
        socket.sendText("still there", true).join();
        assertThat(received.text()).isEqualTo("still there");
        socket.abort();
    }

    @Test
    void endsTheApplicationsSideWithTheClientsAndTheReverse() throws Exception {
        Received received = new Received();
        WebSocket socket = open(received);
        assertThat(received.text()).isEqualTo("hello");
        socket.abort();
        await().until(() -> application.connections() == 0);

        application.answers((head, client) -> RawApplication.say(
                client, "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\nbye"));
        try (Socket client = shared.connect()) {
            client.getOutputStream().write(ASKS.formatted("other").getBytes(StandardCharsets.US_ASCII));
            assertThat(RawApplication.head(client.getInputStream()))
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("\r\nUpgrade: other\r\n")
                    .containsIgnoringCase("\r\nConnection: Upgrade\r\n")
                    .doesNotContain("Content-Length");
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("bye");
        }
    }

    @Test
    void losesNothingThatTheClientSendsBeforeItIsAnswered() throws Exception {
        application.answers((head, client) -> {
            RawApplication.say(client, "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n");
            client.getInputStream().transferTo(client.getOutputStream());
        });
        try (Socket client = shared.connect()) {
            String early = "early".repeat(1000);
            client.getOutputStream().write((ASKS.formatted("other") + early).getBytes(StandardCharsets.US_ASCII));
            assertThat(RawApplication.head(client.getInputStream())).startsWith("HTTP/1.1 101 ");
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo(early);
        }
    }

    @Test
    void passesTheAnswerOfAnApplicationThatDoesNotSwitch() throws Exception {
        application.answers((head, client) ->
                RawApplication.say(client, "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 4\r\n\r\nnope"));
        try (Socket client = shared.connect()) {
            for (int i = 0; i < 2; i++) { // it is an HTTP connection still
                client.getOutputStream().write(ASKS.formatted("websocket").getBytes(StandardCharsets.US_ASCII));
                assertThat(RawApplication.head(client.getInputStream())).startsWith("HTTP/1.1 426 ");
                assertThat(client.getInputStream().readNBytes(4)).asString().isEqualTo("nope");
            }
        }
    }

    @Test
    void switchesToNoProtocolThatCarriesOtherRequests() throws Exception {
        application.answers(
                (head, client) -> RawApplication.say(client, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        for (String protocol : new String[] {"h2c", "H2C", "HTTP/2.0", "TLS/1.2", "h2c, TLS/1.0"}) {
            try (Socket client = shared.connect()) {
                client.getOutputStream().write(ASKS.formatted(protocol).getBytes(StandardCharsets.US_ASCII));
                assertThat(RawApplication.head(client.getInputStream())).startsWith("HTTP/1.1 200 ");
                assertThat(application.values("Upgrade")).as(protocol).isEmpty();
            }
        }
        application.answers((head, client) ->
                RawApplication.say(client, "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"));
        assertThat(shared.line("GET /")).startsWith("HTTP/1.1 502 ");
    }
}
