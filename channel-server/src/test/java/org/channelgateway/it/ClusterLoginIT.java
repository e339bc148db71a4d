package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Gateways before an ejabberd that serve no other BOSH sessions than those that {@code connect} makes. */
final class ClusterLoginIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POLL = "<body xmlns='http://jabber.org/protocol/httpbind' rid='%d' sid='%s'/>";
    private static ClusterGateway gateway;

    private final HttpClient http = ChannelApi.client();
    private final String key = "login/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = new ClusterGateway(FixtureSettings.withoutPages().with("CHANNEL_BOSH_LOGIN", "connect"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private String post(String path, String body) {
        HttpResponse<String> answer = ChannelApi.send(
                http,
                HttpRequest.newBuilder(gateway.uri().resolve(path))
                        .header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString(body))
                        .build());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private JsonNode connect() throws IOException {
        return JSON.readTree(post("_ah/channel/connect", gateway.api().token(key)));
    }

    private static String poll(JsonNode session) {
        return POLL.formatted(
                session.path("rid").longValue(), session.path("sid").textValue());
    }

    @Test
    void makeNoSessionForWhoeverAsksByItself() {
        String creation = "<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='localhost' wait='60' hold='1'"
                + " ver='1.11' xml:lang='en' xmpp:version='1.0' xmlns:xmpp='urn:xmpp:xbosh'/>";
        double before = refused("policy-violation");

        assertThat(post("http-bind", creation))
                .contains("type='terminate'", "condition='policy-violation'")
                .doesNotContain("sid=");

        assertThat(refused("policy-violation")).isEqualTo(before + 1);
    }

    private static double refused(String reason) {
        return Metrics.of(gateway.uri()).value("gateway_refusals_total{door=\"bosh\",reason=\"" + reason + "\"}");
    }

    @Test
    void serveASessionThatConnectMadeAtItsPathOnly() throws IOException {
        JsonNode session = connect();

        assertThat(post("http-bind", poll(session))).contains("type='terminate'", "condition='item-not-found'");

        assertThat(gateway.api().send(key, "still there")).isEqualTo(1);
        assertThat(post(session.path("path").textValue(), poll(session))).contains("<body>still there</body>");
        gateway.api().revoke(key);
    }
}
