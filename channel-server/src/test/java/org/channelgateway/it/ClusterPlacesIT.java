package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients of one address may have at a gateway that passes their polls on. */
final class ClusterPlacesIT {
    private static final int PATIENCE_MILLIS = 45_000;
    private static ClusterGateway gateway;

    private final String key = "places/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = new ClusterGateway(FixtureSettings.withoutPages()
                .with("CHANNEL_LIMITS_SESSIONSPERADDRESS", "2")
                .with("CHANNEL_LIMITS_LOGINSPERADDRESS", "1"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static InetAddress address(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    /** The answer with its head. */
    private static String post(int from, String path, String body) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.bind(new InetSocketAddress(address(from), 0));
            socket.connect(
                    new InetSocketAddress(gateway.uri().getHost(), gateway.uri().getPort()));
            String request = "POST " + path + " HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n"
                    + "Content-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String connect(int from, String token) throws IOException {
        return post(from, "/_ah/channel/connect", token);
    }

    private static double count(String series) {
        return Metrics.of(gateway.uri()).value(series);
    }

    private static String refusals(String door, String reason) {
        return "gateway_refusals_total{door=\"" + door + "\",reason=\"" + reason + "\"}";
    }

    @Test
    void areOfSessionsWhoseRequestsAreUnderWay() throws IOException {
        String token = gateway.api().token(key);
        String third = connect(7, token);
        String path = third.replaceAll("(?s).*\"path\":\"([^\"]+)\".*", "$1");
        String poll = "<body xmlns='http://jabber.org/protocol/httpbind' sid='"
                + third.replaceAll("(?s).*\"sid\":\"([^\"]+)\".*", "$1") + "' rid='"
                + third.replaceAll("(?s).*\"rid\":([0-9]+).*", "$1") + "'/>";
        try (HeldPoll first = new HeldPoll(gateway.uri(), token, address(7));
                HeldPoll second = new HeldPoll(gateway.uri(), token, address(7))) {
            Metrics.until(gateway, "gateway_polling_sessions", is -> is == 2);

            assertThat(post(7, path, poll)).startsWith("HTTP/1.1 503 ").containsIgnoringCase("Retry-After: ");
            assertThat(count(refusals("bosh", "too-many-of-address"))).isEqualTo(1);
            assertThat(connect(7, token)).startsWith("HTTP/1.1 429 ").containsIgnoringCase("Retry-After: ");
            assertThat(count(refusals("connect", "too-many-of-address"))).isEqualTo(1);
            assertThat(connect(8, token)).startsWith("HTTP/1.1 200 ");

            gateway.api().send(key, "for everybody");
            assertThat(first.answer()).contains("for everybody");
            assertThat(second.answer()).contains("for everybody");
        }
        Metrics.until(gateway, "gateway_polling_sessions", is -> is == 0);
        assertThat(post(7, path, poll)).startsWith("HTTP/1.1 200 ").contains("for everybody");
    }

    @Test
    void areFewerForSessionsThatHaveNotLoggedIn() throws IOException {
        String creation = "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='localhost' wait='60' hold='1'"
                + " ver='1.11' xmlns:xmpp='urn:xmpp:xbosh' xmpp:version='1.0'/>";

        assertThat(post(9, "/http-bind", creation)).startsWith("HTTP/1.1 200 ").contains("sid='");
        assertThat(post(9, "/http-bind", creation)).startsWith("HTTP/1.1 503 ").containsIgnoringCase("Retry-After: ");
        assertThat(count(refusals("bosh", "too-many-of-address-without-login"))).isEqualTo(1);
        assertThat(post(10, "/http-bind", creation)).startsWith("HTTP/1.1 200 ").contains("sid='");
    }
}
