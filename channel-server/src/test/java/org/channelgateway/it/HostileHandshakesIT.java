package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.channelgateway.c2s.XmppSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As many TLS handshakes as one address may have at once, each of which stops half-way: cheap, and over in time. */
@Timeout(120)
final class HostileHandshakesIT {
    /** {@code limits.xmppLoginsPerAddress}, when nothing else is set. */
    private static final int STREAMS = 50;

    private static final Duration LOGIN_TIME = Duration.ofSeconds(6);

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // made before each test
    private AttackedGateway gateway;

    @BeforeEach
    void start() throws IOException, GeneralSecurityException {
        gateway = new AttackedGateway(
                folder, true, "limits: {exempt: []}\nxmpp: {loginTime: " + LOGIN_TIME.toSeconds() + "s%s}\n");
        for (int i = 0; i < STREAMS; i++) { // whole ones, which warm it up
            gateway.connected().close();
        }
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static byte[] clientHello() throws GeneralSecurityException, IOException {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine(WireClient.DOMAIN, 5222);
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        int length = engine.wrap(ByteBuffer.allocate(0), hello).bytesProduced();
        return Arrays.copyOf(hello.array(), length);
    }

    /** Begins all of them, and returns what the gateway said to each until it closed it. */
    private List<byte[]> handshakes(byte[] begun) throws IOException {
        List<XmppSocket> streams = new ArrayList<>();
        long first = System.nanoTime();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(gateway.atHandshake().send(begun));
        }
        gateway.servesTheBystander();
        List<byte[]> said = new ArrayList<>();
        for (XmppSocket stream : streams) {
            try (stream) {
                said.add(readAll(stream));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - first)).isGreaterThanOrEqualTo(LOGIN_TIME);
        }
        gateway.servesTheBystander();
        return said;
    }

    private static byte[] readAll(XmppSocket stream) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            stream.in().transferTo(read);
        } catch (SocketException e) {
            // closed with bytes of ours unread, after its own
        }
        return read.toByteArray();
    }

    @Test
    void thatStopInTheMiddleOfTheHelloAreClosed() throws IOException, GeneralSecurityException {
        byte[] hello = clientHello();
        gateway.measure();

        List<byte[]> said = handshakes(Arrays.copyOf(hello, hello.length / 2));

        gateway.costNoMoreThan(Duration.ofMillis(20), STREAMS);
        assertThat(said)
                .as("nothing but alerts")
                .allSatisfy(bytes -> assertThat(bytes)
                        .startsWith(0x15, 0x03, 0x03, 0x00, 0x02)
                        .hasSizeLessThan(20));
    }

    @Test
    void thatAreSilentAfterTheHelloAreClosed() throws IOException, GeneralSecurityException {
        byte[] hello = clientHello();
        gateway.measure();

        List<byte[]> said = handshakes(hello);

        gateway.costNoMoreThan(Duration.ofMillis(60), STREAMS);
        assertThat(said)
                .as("its own hello")
                .allSatisfy(bytes -> assertThat(bytes).startsWith(0x16, 0x03, 0x03, 0x00));
    }
}
