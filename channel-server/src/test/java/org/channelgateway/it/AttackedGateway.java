package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.channelgateway.c2s.XmppSocket;
import org.channelgateway.it.ChannelApi.Created;

/**
 * A gateway in a process of its own with little memory, that ends at once when it does not suffice, and a client over TCP that has
 * logged in and wants to be served whatever others do. It tells what they cost.
 */
final class AttackedGateway implements AutoCloseable {
    private static final String SECRET = "secret-of-the-attacked";
    private static final String STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
    /** Most that may stay in the heap for something else. */
    private static final long UNRELATED_BYTES = 2 << 20;

    private final boolean tls;
    private final GatewayProcess process;
    private final XmppSocket bystander;
    private int served;
    private Duration cpuBefore = Duration.ZERO;
    private long bytesBefore;

    /**
     * @param tls with a certificate
     * @param settings more of them, as YAML
     */
    AttackedGateway(Path folder, boolean tls, String settings) throws IOException, GeneralSecurityException {
        this.tls = tls;
        Path yaml = folder.resolve("channel.yaml");
        String certificate = tls
                ? ", tls: {certificate: " + ChannelClientTlsIT.resource("ec.crt") + ", key: "
                        + ChannelClientTlsIT.resource("ec.key") + "}"
                : "";
        Files.writeString(yaml, "apps: {guestbook: {secret: " + SECRET + "}}\n" + settings.formatted(certificate));
        process = new GatewayProcess(
                List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
                List.of(
                        "--config",
                        yaml.toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--http",
                        "127.0.0.1:0"),
                SECRET);
        Created channel = process.api().create("bystander");
        bystander = stream();
        login(bystander, WireClient.localpart(channel.jid()), channel.token());
        bystander
                .send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
                .await("</iq>");
    }

    /** A connection that nothing was said on. */
    XmppSocket opened() throws IOException {
        return new XmppSocket(process.xmpp());
    }

    /** One that is told to go on with a TLS handshake. */
    XmppSocket atHandshake() throws IOException {
        XmppSocket socket = opened();
        socket.send(XmppSocket.HEADER).await("</stream:features>");
        socket.send(STARTTLS).await("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        return socket;
    }

    /** One that is inside TLS if the gateway has a certificate. */
    XmppSocket connected() throws IOException, GeneralSecurityException {
        if (!tls) {
            return opened();
        }
        XmppSocket socket = atHandshake();
        socket.startTls(ChannelClientTlsIT.resource("ec.crt"));
        return socket;
    }

    /** One on which a stream has begun, and nobody has logged in. */
    XmppSocket stream() throws IOException, GeneralSecurityException {
        XmppSocket socket = connected();
        socket.send(XmppSocket.HEADER).await("</stream:features>");
        return socket;
    }

    /** One that is an application's, and has a resource. */
    XmppSocket application() throws IOException, GeneralSecurityException {
        XmppSocket socket = stream();
        login(socket, "app-guestbook", SECRET);
        socket.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
                .await("</iq>");
        return socket;
    }

    private static void login(XmppSocket socket, String localpart, String secret) throws IOException {
        String plain = '\0' + localpart + '\0' + secret;
        String encoded = Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        socket.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + encoded + "</auth>")
                .await("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        socket.send(XmppSocket.HEADER).await("</stream:features>");
    }

    /** Sends the bystander a message, and sees it come. */
    void servesTheBystander() throws IOException {
        served++;
        assertThat(process.api().send("bystander", "message " + served)).isEqualTo(1);
        assertThat(bystander.await("</message>")).contains("<body>message " + served + "</body>");
    }

    /** What comes next is to be measured. */
    void measure() throws IOException {
        awaitTheBystanderAlone();
        bytesBefore = process.liveBytes();
        cpuBefore = process.cpu();
    }

    /** @param streams how many there were since {@link #measure}, and are gone */
    void costNoMoreThan(Duration each, int streams) throws IOException {
        Duration cpu = process.cpu().minus(cpuBefore);
        awaitTheBystanderAlone();
        long bytes = process.liveBytes() - bytesBefore;
        assertThat(cpu.dividedBy(streams))
                .as("time of the processors for each of %d streams", streams)
                .isLessThan(each);
        assertThat(bytes).as("bytes that stay in the heap").isLessThan(UNRELATED_BYTES);
        assertThat(process.isAlive()).isTrue();
    }

    private void awaitTheBystanderAlone() {
        await().untilAsserted(() -> {
            Metrics metrics = Metrics.of(process.uri());
            assertThat(metrics.value("gateway_jetty_connections{server=\"c2s\"}"))
                    .isEqualTo(1);
            assertThat(metrics.value("gateway_sessions{state=\"unbound\",transport=\"tcp\"}"))
                    .isZero();
        });
    }

    @Override
    public void close() {
        process.close();
    }
}
