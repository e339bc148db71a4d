package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.it.WireClient.Transport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every metric has to have, whatever it counts. */
final class MetricNamesIT {
    /** What a gauge is in: a unit, or the thing that is counted. */
    private static final List<String> UNITS = List.of(
            "_bytes",
            "_seconds",
            "_sessions",
            "_polls",
            "_stanzas",
            "_requests",
            "_leases",
            "_connections",
            "_threads",
            "_jobs",
            "_callbacks",
            "_fds",
            "_buffers",
            "_up",
            "_info");

    private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"([^\"]*)\"");

    /** The labels there are, and what they may say. */
    private static final Map<String, Pattern> LABELS = Map.ofEntries(
            Map.entry("transport", Pattern.compile("bosh|dev|tcp")),
            Map.entry("state", Pattern.compile("bound|unbound|active|idle|busy|queued|running|completed|failed")),
            Map.entry("door", Pattern.compile("bosh|connect|dev|api|xmpp|http")),
            Map.entry("reason", Pattern.compile("[a-z][a-z-]{1,40}")),
            Map.entry("result", Pattern.compile("handed|refused|done|failed|completed|repeated")),
            Map.entry("server", Pattern.compile("http|c2s")),
            Map.entry("status", Pattern.compile("[1-5]xx|none")),
            Map.entry("le", Pattern.compile("[0-9.]+(E-[0-9])?|\\+Inf")),
            Map.entry("area", Pattern.compile("heap|nonheap")),
            Map.entry("id", Pattern.compile("[A-Za-z0-9 '-]+")),
            Map.entry("collector", Pattern.compile("[A-Za-z0-9 ]+")),
            Map.entry("version", Pattern.compile("[A-Za-z0-9.-]+")),
            Map.entry("java", Pattern.compile("[A-Za-z0-9.+_-]+")));

    private static GatewayFixture gateway;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
        use("names/first");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** All that leaves a trace: a key, its token, sessions of both kinds, messages, and refusals. */
    private static void use(String key) {
        Created channel = gateway.api().create(key);
        for (Transport transport : Transport.values()) {
            WireClient client = transport.connected(gateway, channel);
            gateway.api().send(key, "a message to " + key);
            client.next();
            client.iq("set", "channel.localhost", "<publish xmlns='urn:channelgateway:1' key='" + key + "'/>");
            client.terminate();
        }
        assertThat(gateway.api().subscribers("none/" + key)).isEmpty();
        gateway.api().revoke(key);
    }

    @Test
    void isPrometheusText() {
        HttpResponse<String> answer = Metrics.get(gateway.uri());
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void everyMetricHasHelpATypeAndAUnit() {
        checkNames(Metrics.of(gateway));
    }

    /** What holds for all metrics of every gateway. */
    static void checkNames(Metrics seen) {
        assertThat(seen.help().keySet()).isEqualTo(seen.type().keySet());
        assertThat(seen.help())
                .allSatisfy((name, help) -> assertThat(help).as(name).hasSizeGreaterThan(5));
        seen.type().forEach((name, type) -> {
            if (type.equals("counter")) {
                assertThat(name).endsWith("_total");
            } else {
                assertThat(UNITS).as(name).anyMatch(name::endsWith);
            }
        });
        for (String series : seen.series()) {
            String name = series.replaceAll("\\{.*", "");
            String family = name.replaceAll("_(bucket|count|sum)$", "");
            assertThat(seen.type().containsKey(name)
                            || "histogram".equals(seen.type().get(family)))
                    .as(series)
                    .isTrue();
        }
    }

    @Test
    void everyLabelHasOneOfAFewFixedValues() {
        checkLabels(Metrics.of(gateway));
    }

    static void checkLabels(Metrics seen) {
        for (String series : seen.series()) {
            for (MatchResult label : LABEL.matcher(series).results().toList()) {
                assertThat(LABELS).as(series).containsKey(label.group(1));
                assertThat(label.group(2)).as(series).matches(LABELS.get(label.group(1)));
            }
        }
    }

    @Test
    void moreKeysAndSessionsMakeNoMoreSeries() {
        Set<String> before = Metrics.of(gateway).series();
        for (int i = 0; i < 10; i++) {
            use("names/" + i);
        }
        assertThat(Metrics.of(gateway).series()).isEqualTo(before);
    }
}
