package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.channelgateway.LeakWatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The metrics of a gateway that has {@code http.metricsSecret}. */
final class MetricsSecretIT {
    private static final String SECRET = "secret-of-the-metrics";
    private static final String REFUSALS = "gateway_refusals_total{door=\"http\",reason=\"metrics-secret\"}";

    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        LeakWatch.secret(SECRET);
        gateway = GatewayFixture.start(FixtureSettings.withoutPages().with("CHANNEL_HTTP_METRICSSECRET", SECRET));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static void assertRefused(HttpResponse<String> answer, String detail) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains(detail).doesNotContain("gateway_").doesNotContain(SECRET);
    }

    @Test
    void areShownToWhoHasItAndToNobodyElse() {
        assertRefused(Metrics.get(gateway.uri()), "Authorization: missing (expected: Bearer");
        for (String wrong : new String[] {"Bearer", "Bearer ", "Bearer wrong", "Basic " + SECRET, SECRET}) {
            assertRefused(Metrics.get(gateway.uri(), "Authorization", wrong), "not the secret of the metrics");
        }
        assertRefused(
                Metrics.get(
                        gateway.uri(),
                        "Authorization",
                        "Bearer " + gateway.api().secret()),
                "not the secret of the metrics");

        HttpResponse<String> shown =
                Metrics.get(gateway.uri(), "Authorization", "Bearer " + SECRET, "X-Forwarded-For", "192.0.2.1");
        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(shown.body()).contains("gateway_database_up 1", REFUSALS + " 7");
    }
}
