package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.channelgateway.c2s.XmppSocket;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.it.WireClient.Transport;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.SmackException.SecurityRequiredByServerException;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscribers of a gateway that has a certificate: over TCP inside TLS only. */
final class TlsSubscriberIT {
    private static final String STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
    private static final String PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
    private static final String PING = "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>";
    private static final String BIND = "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>";

    private static GatewayFixture gateway;

    private final String key = "tls/" + UUID.randomUUID();

    @SuppressWarnings("NullAway.Init") // made before each test
    private Created channel;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(ChannelClientTlsIT.settings());
    }

    @BeforeEach
    void create() {
        channel = gateway.api().create(key);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private SmackSubscriber smack(SecurityMode mode) throws GeneralSecurityException, IOException {
        return new SmackSubscriber(new XMPPTCPConnection(XMPPTCPConnectionConfiguration.builder()
                .setXmppDomain(WireClient.DOMAIN)
                .setHostAddress(gateway.xmpp().getAddress())
                .setPort(gateway.xmpp().getPort())
                .setSecurityMode(mode)
                .setCustomX509TrustManager(ChannelClientTlsIT.trusting("ec.crt"))
                .setUsernameAndPassword(WireClient.localpart(channel.jid()), channel.token())
                .build()));
    }

    private static String auth(Created as, String secret) {
        String plain = '\0' + WireClient.localpart(as.jid()) + '\0' + secret;
        return "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"
                + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8)) + "</auth>";
    }

    @Test
    void receivesBesideAPage() throws Exception {
        try (SmackSubscriber client = smack(SecurityMode.required).login();
                HeldPoll page = new HeldPoll(gateway.behind(), channel.token())) {
            assertThat(client.connection().isSecureConnection()).isTrue();
            WireClient login = Transport.BOSH.connected(gateway, channel);

            await().until(() -> gateway.api().subscribers(key).orElse(0) == 3);
            assertThat(gateway.api().send(key, "é ".repeat(5000))).isEqualTo(3);

            await().until(() -> client.texts().equals(List.of("é ".repeat(5000))));
            assertThat(page.answer()).contains("é ".repeat(5000));
            assertThat(login.next().getTextContent()).isEqualTo("é ".repeat(5000));
        }
    }

    @Test
    void doesNotLogInInClear() throws Exception {
        try (SmackSubscriber client = smack(SecurityMode.disabled)) {
            assertThatThrownBy(client::login).isInstanceOf(SecurityRequiredByServerException.class);
        }
    }

    /** What is said to a right token is what is said to a wrong one, and neither is counted as a login. */
    @Test
    void isCutOffInClearBeforeItsTokenIsLookedAt() throws IOException {
        List<String> counted = List.of(
                "gateway_connects_total{door=\"xmpp\"}",
                "gateway_refusals_total{door=\"xmpp\",reason=\"not-authorized\"}");
        List<Double> before = counted.stream().map(Metrics.of(gateway)::value).toList();

        for (String token : List.of(channel.token(), "wrong")) {
            try (XmppSocket client = new XmppSocket(gateway.xmpp())) {
                client.send(XmppSocket.HEADER).await("</stream:features>");
                assertThat(client.send(auth(channel, token)).readToEnd())
                        .isEqualTo("<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                                + "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>start TLS first"
                                + "</text></stream:error></stream:stream>");
            }
        }

        assertThat(counted.stream().map(Metrics.of(gateway)::value)).isEqualTo(before);
        assertThat(gateway.api().subscribers(key)).hasValue(0);
    }

    /** RFC 6120 §5.4.3.3: who can write into the clear part of a connection does not log in or speak for its client. */
    @Test
    void isNotWhoSomebodySaidInClearBehindStarttls() throws IOException, GeneralSecurityException {
        Created injected = gateway.api().create(key + "/injected");
        try (XmppSocket client = new XmppSocket(gateway.xmpp())) {
            client.send(XmppSocket.HEADER).await("</stream:features>");
            client.send(STARTTLS + XmppSocket.HEADER + auth(injected, injected.token()) + XmppSocket.HEADER + BIND)
                    .await(PROCEED);
            client.startTls(ChannelClientTlsIT.resource("ec.crt"));

            assertThat(client.send(XmppSocket.HEADER).await("</stream:features>"))
                    .contains("<mechanism>PLAIN</mechanism>")
                    .doesNotContain("<bind");
            assertThat(client.send(auth(channel, channel.token())).await("/>"))
                    .isEqualTo("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
            client.send(XmppSocket.HEADER).await("</stream:features>");
            assertThat(client.send(BIND).await("</iq>"))
                    .contains("<jid>" + channel.jid() + "/")
                    .containsOnlyOnce("<iq");
            assertThat(client.send(PING).await("/>")).contains("id='p'");
            assertThat(gateway.api().subscribers(key)).hasValue(1);
            assertThat(gateway.api().subscribers(key + "/injected")).hasValue(0);
        }
    }
}
