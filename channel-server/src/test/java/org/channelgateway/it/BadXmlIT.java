package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.it.WireClient.Transport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XML that is garbled, nested, endless or declares entities, at both doors of XMPP: a clear end, and the gateway serves on. */
final class BadXmlIT {
    private static final String OPEN = "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='localhost' ";
    private static final int LONG_BYTES = 10 << 20;

    private static GatewayFixture gateway;

    private final String key = "xml/" + UUID.randomUUID();
    private WireClient bystander;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void connect() {
        bystander = Transport.TCP.connected(gateway, gateway.api().create(key));
    }

    @AfterEach
    void servesOn() {
        Created channel = gateway.api().create(key);
        WireClient late = Transport.BOSH.connected(gateway, channel);
        assertThat(gateway.api().send(key, "still here")).isEqualTo(2);
        for (WireClient one : List.of(bystander, late)) {
            assertThat(one.next().getTextContent()).isEqualTo("still here");
            one.terminate();
        }
    }

    private static String post(String body) {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri().resolve("http-bind"))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "text/xml; charset=utf-8")
                .POST(BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = ChannelApi.send(ChannelApi.client(), request);
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "\0\1\2",
                "<body",
                "{\"a\":1}",
                OPEN,
                OPEN + ">",
                OPEN + "></bdy>",
                OPEN + "/><more/>",
                OPEN + "rid='2'/>",
                OPEN + "><x:y/></body>",
                OPEN + ">&x;</body>",
                OPEN + ">&#0;</body>",
                OPEN + ">\uffff</body>",
                OPEN + "><!-- x --></body>",
                OPEN + "><?x y?></body>",
                "<!DOCTYPE body>" + OPEN + "/>",
                "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>" + OPEN + "/>",
                "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + OPEN + ">&x;</body>",
                "<!DOCTYPE a [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;'>]>" + OPEN + ">&b;</body>",
            })
    void overBoshIsABadRequest(String body) {
        assertThat(post(body))
                .contains("type='terminate'", "condition='bad-request'")
                .doesNotContain("root:", "lol");
    }

    @Test
    void overBoshThatCostsTooMuchIsAViolationOfPolicy() {
        String begun = OPEN + ">";
        for (String body : List.of(
                begun + "<a>".repeat(15_000),
                begun + "<a>".repeat(40) + "</a>".repeat(40) + "</body>",
                begun + "<a/>".repeat(10_000) + "</body>",
                begun + "x".repeat(100_000) + "</body>")) {
            assertThat(post(body)).contains("type='terminate'", "condition='policy-violation'");
        }
    }

    /** What the gateway says to a stream until it closes it. */
    private static String answer(byte[] stream) throws IOException {
        try (Socket socket =
                new Socket(gateway.xmpp().getAddress(), gateway.xmpp().getPort())) {
            socket.setSoTimeout(30_000);
            try {
                socket.getOutputStream().write(stream);
            } catch (SocketException e) {
                // closed before it was all sent; what the gateway said before is there
            }
            return readAll(socket.getInputStream());
        }
    }

    private static String readAll(InputStream in) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            in.transferTo(read);
        } catch (SocketException e) {
            // closed with bytes of ours unread, after its own
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    private static void assertEnded(String stream, String condition) throws IOException {
        assertThat(answer(stream.getBytes(StandardCharsets.UTF_8)))
                .as("what is said to %.300s", stream)
                .contains("<stream:error><" + condition + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>")
                .endsWith("</stream:stream>")
                .doesNotContain("root:", "lol");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "</wrong>",
                "<a></b>",
                "<x:y/>",
                "<a b='1' b='2'/>",
                "<a b=1/>",
                "<a>&#0;</a>",
                "<!DOCTYPE a>",
                "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
                "<!DOCTYPE a [<!ENTITY a 'lol'>]><a>&a;</a>",
            })
    void overTcpIsNotWellFormed(String stanza) throws IOException {
        assertEnded(TcpClient.HEADER + stanza, "not-well-formed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE stream>",
                "<!DOCTYPE stream SYSTEM 'file:///etc/passwd'>",
                "<!-- x -->",
            })
    void overTcpMayNotBeginWithMoreThanAHeader(String declaration) throws IOException {
        assertEnded(TcpClient.HEADER.replace("?><", "?>" + declaration + "<"), "restricted-xml");
    }

    @Test
    void overTcpThatDeclaresEntitiesIsNotReadToTheirEnd() throws IOException {
        String stream = TcpClient.HEADER.replace("?><", "?><!DOCTYPE stream [<!ENTITY a 'lol'>]><");

        assertThat(answer(stream.getBytes(StandardCharsets.UTF_8)))
                .containsAnyOf("<stream:error><restricted-xml ", "<stream:error><not-well-formed ")
                .endsWith("</stream:stream>")
                .doesNotContain("lol", "<stream:features");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<a>&x;</a>", "<!-- x -->", "<?x y?>"})
    void overTcpMayNotHoldWhatXmppDoesNotKnow(String stanza) throws IOException {
        assertEnded(TcpClient.HEADER + stanza, "restricted-xml");
    }

    @Test
    void overTcpThatCostsTooMuchIsAViolationOfPolicy() throws IOException {
        assertEnded(TcpClient.HEADER + "<a>".repeat(15_000), "policy-violation");
        assertEnded(TcpClient.HEADER + "<a>" + "<b/>".repeat(20_000), "policy-violation");
        assertEnded(TcpClient.HEADER + "<a>" + "x".repeat(LONG_BYTES), "policy-violation");
        assertEnded(TcpClient.HEADER + "<a b='" + "x".repeat(LONG_BYTES), "policy-violation");
    }
}
