package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.it.WireClient.Transport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is refused is counted by the door it came to and the reason. */
final class RefusalMetricsIT {
    private static GatewayFixture gateway;

    private final String key = "refused/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String series(String door, String reason) {
        return "gateway_refusals_total{door=\"" + door + "\",reason=\"" + reason + "\"}";
    }

    private static double count(String door, String reason) {
        return Metrics.of(gateway).value(series(door, reason));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "secret     | wrong | application/json | {\"key\":\"k\"}",
                "malformed  |       | application/json | {",
                "media-type |       | text/plain       | {\"key\":\"k\"}",
                "invalid    |       | application/json | {\"key\":\"\"}"
            })
    void whatTheApiRefuses(String reason, String secret, String type, String body) {
        double before = count("api", reason);
        request("POST", "v1/channels", secret == null ? gateway.api().secret() : secret, type, body);
        assertThat(count("api", reason)).isEqualTo(before + 1);
    }

    @Test
    void aMessageThatIsTooLongAndAKeyThatIsNotThere() {
        double tooLarge = count("api", "too-large");
        double notFound = count("api", "not-found");
        request("POST", "v1/channels/k/messages", gateway.api().secret(), "text/plain", "m".repeat(32_768));
        request("GET", "v1/channels/nobody", gateway.api().secret(), "text/plain", "");
        assertThat(count("api", "too-large")).isEqualTo(tooLarge + 1);
        assertThat(count("api", "not-found")).isEqualTo(notFound + 1);
    }

    @Test
    void aTokenThatConnectDoesNotKnow() {
        double before = count("connect", "invalid-token");
        request("POST", "_ah/channel/connect", "no secret", "text/plain", "ct_unknown");
        assertThat(count("connect", "invalid-token")).isEqualTo(before + 1);
    }

    private static void request(String method, String path, String secret, String type, String body) {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri().resolve(path))
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body))
                .build();
        int status = ChannelApi.send(ChannelApi.client(), request).statusCode();
        assertThat(status).isBetween(400, 499);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aLoginWithAnotherTokenAndACommandOfASubscriber(Transport transport) {
        String door = transport == Transport.TCP ? "xmpp" : "bosh";
        double logins = count(door, "not-authorized");
        double commands = count("api", "not-allowed");
        Created channel = gateway.api().create(key);
        WireClient client = transport.open(gateway);
        assertThat(client.login(
                                "",
                                WireClient.localpart(channel.jid()),
                                gateway.api().token(key))
                        .getLocalName())
                .isEqualTo("failure");
        assertThat(count(door, "not-authorized")).isEqualTo(logins + 1);

        WireClient subscriber = transport.connected(gateway, channel);
        subscriber.iq("set", "channel.localhost", "<create xmlns='urn:channelgateway:1' key='k'/>");
        assertThat(count("api", "not-allowed")).isEqualTo(commands + 1);
        subscriber.terminate();
    }

    @Test
    void whatIsNoHttpOrTooLong() {
        double before = count("http", "header-too-large");
        HttpRequest request = HttpRequest.newBuilder(gateway.uri())
                .header("X-Long", "x".repeat(9000))
                .build();
        assertThat(ChannelApi.send(ChannelApi.client(), request).statusCode()).isEqualTo(431);
        assertThat(count("http", "header-too-large")).isEqualTo(before + 1);
    }

    @Test
    void readersOfTheMetricsThatCameThroughAProxy() {
        double before = count("http", "metrics-address");
        for (String header : new String[] {"Forwarded", "Via", "X-Forwarded-For", "x-forwarded-port", "X-Real-IP"}) {
            assertThat(Metrics.get(gateway.uri(), header, "192.0.2.1").statusCode())
                    .as(header)
                    .isEqualTo(403);
        }
        assertThat(count("http", "metrics-address")).isEqualTo(before + 5);
    }
}
