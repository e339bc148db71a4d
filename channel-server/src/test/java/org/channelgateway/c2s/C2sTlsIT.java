package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** STARTTLS (RFC 6120 §5) over a real socket. */
@Timeout(60)
class C2sTlsIT {
    private static final String STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
    private static final String PROCEED = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

    private C2sFixture gateway = new C2sFixture(C2sFixture.resource("ec.crt"), C2sFixture.resource("ec.key"));

    C2sTlsIT() throws IOException {}

    @AfterEach
    void nothingIsLeft() {
        gateway.awaitNoConnection();
        gateway.close();
    }

    @Test
    void offersNothingButTlsInClear() throws IOException {
        try (XmppSocket client = gateway.connect()) {
            assertThat(client.send(XmppSocket.HEADER).await("</stream:features>"))
                    .endsWith("xml:lang='en'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'>"
                            + "<required/></starttls></stream:features>");
            assertThat(gateway.streams).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"ec, TLSv1.3", "ec, TLSv1.2", "rsa, TLSv1.3", "rsa, TLSv1.2"})
    void opensTheStreamInsideTls(String kind, String protocol) throws IOException, GeneralSecurityException {
        gateway.close();
        gateway = new C2sFixture(C2sFixture.resource(kind + ".crt"), C2sFixture.resource(kind + ".key"));
        try (XmppSocket client = gateway.connect()) {
            client.send(XmppSocket.HEADER).await("</stream:features>");
            client.send(STARTTLS).await(PROCEED);
            SSLSocket tls = client.startTls(C2sFixture.resource(kind + ".crt"), protocol);
            assertThat(tls.getSession().getProtocol()).isEqualTo(protocol);
            assertThat(client.send(XmppSocket.HEADER).await("<mechanisms/></stream:features>"))
                    .startsWith("<?xml version='1.0'?><stream:stream ");
            client.send("<auth/>").await("<success/>");
            client.send(XmppSocket.HEADER).await("<bind/></stream:features>");
            client.send("<iq id='1'>" + "é".repeat(100_000) + "</iq>").await("id='1'/>");
            gateway.stream().send("<message>" + "x".repeat(300_000) + "</message>");
            assertThat(client.await("</message>")).hasSize(300_000 + 19);
            client.send(XmppSocket.END);
            assertThat(client.readToEnd()).isEqualTo(XmppSocket.END);
        }
    }

    @Test
    void forgetsWhatCameInClearBehindStarttls() throws IOException, GeneralSecurityException {
        try (XmppSocket client = gateway.connect()) {
            client.send(XmppSocket.HEADER).await("</stream:features>");
            client.send(STARTTLS + XmppSocket.HEADER + "<iq id='injected'/>").await(PROCEED);
            client.startTls(C2sFixture.resource("ec.crt"));
            client.send(XmppSocket.HEADER).await("</stream:features>");
            client.send("<iq id='1'/>").await("id='1'/>");
            assertThat(gateway.streams).hasSize(1);
            assertThat(gateway.stream().events).containsExactly("iq 1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<auth/>", "<iq id='1'/>", "<starttls/>", "<starttls xmlns='urn:x'/>"})
    void refusesAnythingElseInClear(String stanza) throws IOException {
        try (XmppSocket client = gateway.connect()) {
            client.send(XmppSocket.HEADER).await("</stream:features>");
            assertThat(client.send(stanza).readToEnd())
                    .startsWith("<stream:error><policy-violation ")
                    .endsWith("</stream:error></stream:stream>");
            assertThat(gateway.streams).isEmpty();
        }
    }

    @Test
    void refusesOldVersionsOfTls() throws IOException {
        try (XmppSocket client = gateway.connect()) {
            client.send(XmppSocket.HEADER).await("</stream:features>");
            client.send(STARTTLS).await(PROCEED);
            assertThatThrownBy(() -> client.startTls(C2sFixture.resource("ec.crt"), "TLSv1.1"))
                    .isInstanceOf(SSLException.class);
            await().until(() -> gateway.server.count() == 0);
        }
    }

    @Test
    void closesWhenSomethingElseComesInsteadOfAHandshake() throws IOException {
        try (XmppSocket client = gateway.connect()) {
            client.send(XmppSocket.HEADER).await("</stream:features>");
            client.send(STARTTLS).await(PROCEED);
            client.send(XmppSocket.HEADER);
            await().until(() -> gateway.server.count() == 0);
            assertThat(gateway.streams).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"hello, not-well-formed", "<!DOCTYPE a>, restricted-xml", "<a>, invalid-namespace"})
    void saysInsideTlsWhatIsWrongWithWhatComesFirst(String first, String condition)
            throws IOException, GeneralSecurityException {
        try (XmppSocket client = gateway.connect()) {
            client.send(XmppSocket.HEADER).await("</stream:features>");
            client.send(STARTTLS).await(PROCEED);
            client.startTls(C2sFixture.resource("ec.crt"));
            assertThat(client.send(first).readToEnd())
                    .startsWith("<?xml version='1.0'?><stream:stream ")
                    .contains("<stream:error><" + condition + " ")
                    .endsWith(XmppSocket.END);
            assertThat(gateway.streams).isEmpty();
        }
    }

    @Test
    void closesInTheMiddleOfAHandshakeWhenTheTimeToLogInIsOver() throws IOException {
        try (XmppSocket silent = gateway.connect();
                XmppSocket half = gateway.connect()) {
            for (XmppSocket client : new XmppSocket[] {silent, half}) {
                client.send(XmppSocket.HEADER).await("</stream:features>");
                client.send(STARTTLS).await(PROCEED);
            }
            half.send(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01});
            gateway.move(C2sFixture.LOGIN.minusSeconds(1));
            assertThat(gateway.server.count()).isEqualTo(2);
            gateway.move(Duration.ofSeconds(1));
            await().until(() -> gateway.server.count() == 0);
            assertThat(silent.in().read()).isNegative();
        }
    }

    @Test
    void tellsTheClientInsideTlsThatItsTimeIsOver() throws IOException, GeneralSecurityException {
        try (XmppSocket client = gateway.connect()) {
            client.send(XmppSocket.HEADER).await("</stream:features>");
            client.send(STARTTLS).await(PROCEED);
            client.startTls(C2sFixture.resource("ec.crt"));
            client.send(XmppSocket.HEADER).await("</stream:features>");
            gateway.move(C2sFixture.LOGIN);
            assertThat(client.readToEnd()).startsWith("<stream:error><connection-timeout ");
        }
    }

    @Test
    void noticesAtOnceWhenAClientGoesAway() throws IOException, GeneralSecurityException {
        for (boolean polite : new boolean[] {true, false}) {
            try (XmppSocket client = gateway.connect()) {
                client.send(XmppSocket.HEADER).await("</stream:features>");
                client.send(STARTTLS).await(PROCEED);
                SSLSocket tls = client.startTls(C2sFixture.resource("ec.crt"));
                client.send(XmppSocket.HEADER).await("</stream:features>");
                if (polite) {
                    tls.close();
                } else {
                    client.reset();
                }
                await().untilAsserted(() -> assertThat(gateway.stream().events).endsWith("closed"));
                await().until(() -> gateway.server.count() == 0);
            }
        }
    }

    @Test
    void tellsClientsInsideTlsThatTheGatewayStops() throws IOException, GeneralSecurityException {
        try (XmppSocket client = gateway.connect()) {
            client.send(XmppSocket.HEADER).await("</stream:features>");
            client.send(STARTTLS).await(PROCEED);
            client.startTls(C2sFixture.resource("ec.crt"));
            client.send(XmppSocket.HEADER).await("</stream:features>");
            gateway.server.close();
            assertThat(client.readToEnd())
                    .startsWith("<stream:error><system-shutdown ")
                    .endsWith(XmppSocket.END);
        }
    }
}
