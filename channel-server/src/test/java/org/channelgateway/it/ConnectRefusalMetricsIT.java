package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever connect and disconnect refuse is counted once, by its reason. */
final class ConnectRefusalMetricsIT {
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages()
                .with("CHANNEL_LIMITS_SESSIONS", "2")
                .with("CHANNEL_LIMITS_SESSIONSPERTOKEN", "1"));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private int post(String path, HttpRequest.BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(gateway.uri().resolve("_ah/channel/" + path))
                .POST(body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return ChannelApi.send(ChannelApi.client(), request.build()).statusCode();
    }

    private int connect(String token) {
        return post("connect", BodyPublishers.ofString(token));
    }

    /** How often connect refused something for {@code reason}, and nothing else. */
    private void assertOnly(String reason, int count) {
        Metrics seen = Metrics.of(gateway);
        String begin = "gateway_refusals_total{door=\"connect\",reason=\"";
        assertThat(seen.value(begin + reason + "\"}")).isEqualTo(count);
        assertThat(seen.series().stream()
                        .filter(series -> series.startsWith(begin))
                        .mapToDouble(seen::value)
                        .sum())
                .isEqualTo(count);
    }

    @Test
    void aSessionForWhichThereIsNoRoom() {
        assertThat(connect(gateway.api().token("a"))).isEqualTo(200);
        assertThat(connect(gateway.api().token("b"))).isEqualTo(200);
        assertThat(connect(gateway.api().token("c"))).isEqualTo(503);
        assertOnly("too-many", 1);
    }

    @Test
    void aSessionMoreThanATokenMayHave() {
        String token = gateway.api().token("a");
        assertThat(connect(token)).isEqualTo(200);
        assertThat(connect(token)).isEqualTo(429);
        assertThat(connect(token)).isEqualTo(429);
        assertOnly("sessions-of-token", 2);
    }

    @Test
    void aPageOfAnotherOrigin() {
        assertThat(post(
                        "connect",
                        BodyPublishers.ofString(gateway.api().token("a")),
                        "Origin",
                        gateway.uri().resolve("/").toString().replaceFirst("/$", "") + "1"))
                .isEqualTo(403);
        assertThat(Metrics.of(gateway).value("gateway_refusals_total{door=\"http\",reason=\"origin\"}"))
                .isEqualTo(1);
    }

    @Test
    void aTokenThatIsNoText() {
        assertThat(post("connect", BodyPublishers.ofByteArray(new byte[] {(byte) 0xff})))
                .isEqualTo(400);
        assertOnly("malformed", 1);
    }

    @Test
    void aSidThatIsTooLong() {
        assertThat(post("disconnect", BodyPublishers.ofString("s".repeat(2000))))
                .isEqualTo(413);
        assertOnly("too-large", 1);
    }
}
