package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.channelgateway.stream.StreamError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams in clear over a real socket: headers, stanzas, restart, errors, the end. */
@Timeout(60)
class C2sStreamIT {
    private static final Pattern ID = Pattern.compile(" id='([A-Za-z0-9_-]{22,})'");

    private final C2sFixture gateway = new C2sFixture();

    C2sStreamIT() throws IOException {}

    @AfterEach
    void nothingIsLeft() {
        gateway.awaitNoConnection();
        gateway.close();
    }

    @Test
    void answersAHeaderWithAHeaderAndWhatTheApplicationSays() throws IOException {
        try (XmppSocket client = gateway.connect()) {
            String answer = client.send(XmppSocket.HEADER).await("</stream:features>");
            assertThat(answer)
                    .startsWith("<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
                            + " xmlns:stream='http://etherx.jabber.org/streams' id='")
                    .contains(" from='localhost' version='1.0' xml:lang='en'>")
                    .endsWith("<stream:features><mechanisms/></stream:features>");
            assertThat(gateway.stream().transport.address()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void tellsTheClientWhoItSaysItIs() throws IOException {
        try (XmppSocket client = gateway.connect()) {
            client.send(XmppSocket.HEADER.replace("to=", "from='me&apos;@localhost/x' to="));
            assertThat(client.await("</stream:features>")).contains(" to='me&apos;@localhost' ");
        }
    }

    @Test
    void givesEachStreamAnotherId() throws IOException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            try (XmppSocket client = gateway.connect()) {
                Matcher id = ID.matcher(client.send(XmppSocket.HEADER).await("</stream:features>"));
                assertThat(id.find()).isTrue();
                ids.add(id.group(1));
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void handsOverStanzasInOrderAlsoWhenTheyComeInOnePart() throws IOException {
        try (XmppSocket client = gateway.login()) {
            StringBuilder stanzas = new StringBuilder();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                stanzas.append("<iq type='get' id='").append(i).append("'/>\n");
                expected.add("iq " + i);
            }
            client.send(stanzas.toString()).await("id='499'/>");
            assertThat(gateway.stream().events)
                    .startsWith("auth", "restart")
                    .containsSubsequence(expected)
                    .hasSize(502);
        }
    }

    @Test
    void handsOverStanzasThatComeByteByByte() throws IOException {
        try (XmppSocket client = gateway.connect()) {
            client.socket().setTcpNoDelay(true);
            for (char c : (XmppSocket.HEADER + "<iq id='1'/>").toCharArray()) {
                client.send(String.valueOf(c));
            }
            client.await("id='1'/>");
        }
    }

    @Test
    void startsANewStreamAfterLogin() throws IOException {
        try (XmppSocket client = gateway.connect()) {
            client.send(XmppSocket.HEADER).await("</stream:features>");
            client.send("<auth/>" + XmppSocket.HEADER + "<iq id='1'/>");
            assertThat(client.await("id='1'/>"))
                    .contains("<success/><?xml version='1.0'?><stream:stream ")
                    .contains("<stream:features><bind/></stream:features><iq ");
            assertThat(gateway.stream().events).containsExactly("auth", "restart", "iq 1");
        }
    }

    @Test
    void takesLongStanzasOnlyAfterLogin() throws IOException {
        try (XmppSocket client = gateway.login()) {
            int length = C2sFixture.MAX_STANZA - "<iq id='1'></iq>".length();
            client.send("<iq id='1'>" + "x".repeat(length) + "</iq>").await("id='1'/>");
            client.send("<iq id='2'>" + "x".repeat(length + 1) + "</iq>");
            assertEnds(client, "policy-violation");
        }
        try (XmppSocket client = gateway.connect()) {
            client.send(XmppSocket.HEADER).await("</stream:features>");
            client.send("<iq>" + "x".repeat(16_384));
            assertEnds(client, "policy-violation");
        }
    }

    @Test
    void answersTheEndOfAStreamAtOnce() throws IOException {
        try (XmppSocket client = gateway.login()) {
            client.send("<iq id='1'/>" + XmppSocket.END);
            assertThat(client.readToEnd()).isEqualTo("<iq type='result' id='1'/>" + XmppSocket.END);
            await().untilAsserted(() -> assertThat(gateway.stream().events).endsWith("closed"));
        }
    }

    @Test
    void answersTheEndOfAStreamAlsoWhenTheClientSendsNoMore() throws IOException {
        try (XmppSocket client = gateway.login()) {
            client.send(XmppSocket.END).socket().shutdownOutput();
            assertThat(client.readToEnd()).isEqualTo(XmppSocket.END);
        }
    }

    @Test
    void noticesAtOnceWhenAClientGoesAway() throws IOException {
        try (XmppSocket client = gateway.login()) {
            client.leave();
            await().untilAsserted(() -> assertThat(gateway.stream().events).endsWith("closed"));
            await().until(() -> gateway.server.count() == 0);
        }
        try (XmppSocket client = gateway.login()) {
            client.reset();
            await().untilAsserted(() -> assertThat(gateway.stream().events).endsWith("closed"));
            await().until(() -> gateway.server.count() == 0);
        }
    }

    @Test
    void sendsAllThatWasSentBeforeTheEnd() throws IOException {
        try (XmppSocket client = gateway.login()) {
            FakeStream stream = gateway.stream();
            for (int i = 0; i < 100; i++) {
                assertThat(stream.send("<message id='" + i + "'/>")).isTrue();
            }
            stream.transport.end(new StreamError("not-authorized", "Token timed out & gone"));
            assertThat(stream.send("<message/>")).isFalse();
            assertThat(stream.events).endsWith("closed");
            assertThat(client.readToEnd())
                    .startsWith("<message id='0'/><message id='1'/>")
                    .endsWith("<message id='99'/><stream:error>"
                            + "<not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                            + "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>"
                            + "Token timed out &amp; gone</text></stream:error></stream:stream>");
        }
    }

    @Test
    void endsAStreamThatTheApplicationFailsAt() throws IOException {
        gateway.onStanza((stream, stanza) -> {
            throw new IllegalStateException("as the test wants it");
        });
        try (XmppSocket client = gateway.login()) {
            client.send("<iq/>");
            assertEnds(client, "internal-server-error");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jabber:client|jabber:server|invalid-namespace",
                "http://etherx.jabber.org/streams|urn:x|invalid-namespace",
                "stream:stream|stream:flow|bad-format",
                "to='localhost'|to='example.org'|host-unknown",
                "to='localhost'|to=''|improper-addressing",
                "to='localhost'|from='x'|improper-addressing",
                "version='1.0'>|>|unsupported-version",
                "' version='1.0'|' version='0.9'|unsupported-version",
                "' version='1.0'|' version='one'|unsupported-version",
                "<?xml version='1.0'?>|<?xml version='1.0' encoding='UTF-16'?>|not-well-formed",
                "<?xml version='1.0'?>|<!-- x -->|restricted-xml",
                "<?xml version='1.0'?>|<!DOCTYPE x>|restricted-xml",
            })
    void refusesAHeaderAfterOneOfItsOwn(String part, String wrong, String condition) throws IOException {
        String header = ("<?xml version='1.0'?><stream:stream to='localhost' xmlns='jabber:client'"
                        + " xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>")
                .replace(part, wrong);
        try (XmppSocket client = gateway.connect()) {
            assertThat(assertEnds(client.send(header), condition)).startsWith("<?xml version='1.0'?><stream:stream ");
            assertThat(gateway.streams).isEmpty();
        }
    }

    @Test
    void takesAHigherVersion() throws IOException {
        try (XmppSocket client = gateway.connect()) {
            client.send(XmppSocket.HEADER.replace("' version='1.0'", "' version='1.1'"));
            assertThat(client.await("</stream:features>")).contains("version='1.0' xml:lang");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<iq></message>|not-well-formed",
                "text<iq/>|not-well-formed",
                "<iq>&#0;</iq>|not-well-formed",
                "<!-- x -->|restricted-xml",
                "<iq>&x;</iq>|restricted-xml",
                "<?x y?>|restricted-xml",
            })
    void refusesWhatIsNotAStanza(String text, String condition) throws IOException {
        try (XmppSocket client = gateway.login()) {
            client.send("<iq id='1'/>" + text);
            assertThat(assertEnds(client, condition)).startsWith("<iq type='result' id='1'/><stream:error>");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "\u0016\u0003\u0001>", "SSH-2.0-x\r\n", "<>"})
    void refusesGarbage(String garbage) throws IOException {
        try (XmppSocket client = gateway.connect()) {
            assertThat(assertEnds(client.send(garbage), "not-well-formed"))
                    .startsWith("<?xml version='1.0'?><stream:stream ");
        }
    }

    @Test
    void refusesAMegabyteWithoutAnEnd() throws IOException {
        try (XmppSocket client = gateway.login()) {
            client.send("<iq>" + "x".repeat(1 << 20));
            assertEnds(client, "policy-violation");
        }
    }

    @Test
    void refusesDeepNesting() throws IOException {
        try (XmppSocket client = gateway.login()) {
            client.send("<a>".repeat(200_000));
            assertEnds(client, "policy-violation");
        }
    }

    @Test
    void holdsManyConnections() throws IOException {
        List<XmppSocket> clients = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            clients.add(gateway.login());
        }
        assertThat(gateway.server.count()).isEqualTo(200);
        for (FakeStream stream : gateway.streams) {
            stream.send("<message>all</message>");
        }
        for (XmppSocket client : clients) {
            client.await("<message>all</message>");
            client.leave();
        }
    }

    private static String assertEnds(XmppSocket client, String condition) throws IOException {
        String all = client.readToEnd();
        assertThat(all)
                .contains("<stream:error><" + condition + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>")
                .endsWith("</stream:error></stream:stream>");
        return all;
    }
}
