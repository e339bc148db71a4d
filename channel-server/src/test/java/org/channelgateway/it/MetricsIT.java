package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.UUID;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.it.WireClient.Transport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each metric is moved by the event that it counts. */
final class MetricsIT {
    private static final String HISTOGRAM = "gateway_publish_to_write_seconds";

    private static GatewayFixture gateway;

    private final String key = "metrics/" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages()
                .with("CHANNEL_BOSH_MAXQUEUEDSTANZAS", "2")
                .with("CHANNEL_XMPP_MAXQUEUEDSTANZAS", "16"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static Metrics now() {
        return Metrics.of(gateway);
    }

    private static void until(String series, double value) {
        Metrics.until(gateway, series, is -> is == value);
    }

    private static String sessions(Transport transport, String state) {
        return "gateway_sessions{state=\"" + state + "\",transport=\"" + name(transport) + "\"}";
    }

    private static String name(Transport transport) {
        return transport == Transport.TCP ? "tcp" : "bosh";
    }

    private static String door(Transport transport) {
        return transport == Transport.TCP ? "xmpp" : "bosh";
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aSessionIsUnboundThenBoundThenGone(Transport transport) {
        String connects = "gateway_connects_total{door=\"" + door(transport) + "\"}";
        double before = now().value(connects);
        Created channel = gateway.api().create(key);

        WireClient client = transport.open(gateway);
        until(sessions(transport, "unbound"), 1);
        assertThat(client.login("", WireClient.localpart(channel.jid()), channel.token())
                        .getLocalName())
                .isEqualTo("success");
        assertThat(now().value(connects)).isEqualTo(before);
        client.bind();
        until(sessions(transport, "bound"), 1);
        assertThat(now().value(sessions(transport, "unbound"))).isZero();
        assertThat(now().value("gateway_subscribed_sessions")).isEqualTo(1);
        assertThat(now().value(connects)).isEqualTo(before + 1);
        client.terminate();
        until(sessions(transport, "bound"), 0);
        until("gateway_subscribed_sessions", 0);
    }

    @Test
    void aConnectionThatHasNotOpenedItsStreamIsNotBound() throws IOException {
        InetSocketAddress xmpp = gateway.xmpp();
        try (Socket silent = new Socket(xmpp.getAddress(), xmpp.getPort())) {
            assertThat(silent.isConnected()).isTrue();
            until(sessions(Transport.TCP, "unbound"), 1);
            assertThat(now().value(sessions(Transport.TCP, "bound"))).isZero();
        }
        until(sessions(Transport.TCP, "unbound"), 0);
        assertThat(now().value(sessions(Transport.TCP, "bound"))).isZero();
    }

    @Test
    void aPageThatConnectsAndPollsIsCountedAndWhatItGets() throws IOException {
        Metrics before = now();
        try (HeldPoll page = new HeldPoll(gateway.uri(), gateway.api().token(key))) {
            until("gateway_held_polls", 1);
            assertThat(now().value("gateway_http_open_requests")).isGreaterThanOrEqualTo(2);
            assertThat(gateway.api().send(key, "a message for a held poll")).isEqualTo(1);
            assertThat(page.answer()).contains("a message for a held poll");
            until("gateway_held_polls", 0);
        }
        grew(before, "gateway_connects_total{door=\"connect\"}", 1);
        grew(before, "gateway_publishes_total", 1);
        grew(before, "gateway_deliveries_total{result=\"handed\"}", 1);
        grew(before, HISTOGRAM + "_count", 1);
        assertThat(now().value(HISTOGRAM + "_sum")).isGreaterThan(before.value(HISTOGRAM + "_sum"));
        assertThat(now().value(HISTOGRAM + "_bucket{le=\"+Inf\"}")).isEqualTo(now().value(HISTOGRAM + "_count"));
        gateway.api().revoke(key);
        until(sessions(Transport.BOSH, "bound"), 0);
    }

    /** It waits until the count is there, and it is no more a moment later. */
    private static void grew(Metrics before, String series, double by) {
        until(series, before.value(series) + by);
        assertThat(now().value(series)).as(series).isEqualTo(before.value(series) + by);
    }

    @Test
    void aMessageIsTimedOnceItIsWrittenOverTcpToo() {
        Metrics before = now();
        WireClient client = Transport.TCP.connected(gateway, gateway.api().create(key));
        gateway.api().send(key, "a message over tcp");
        client.next();
        grew(before, HISTOGRAM + "_count", 1);
        client.terminate();
        until(sessions(Transport.TCP, "bound"), 0);
    }

    @Test
    void aMessageWaitsUntilItIsFetchedAndIsTimedThen() {
        Metrics before = now();
        WireClient client = Transport.BOSH.connected(gateway, gateway.api().create(key));
        gateway.api().send(key, "a message that waits");
        assertThat(now().value("gateway_waiting_stanzas{transport=\"bosh\"}")).isEqualTo(1);
        assertThat(now().value("gateway_waiting_bytes{transport=\"bosh\"}")).isGreaterThan(20);
        assertThat(now().value(HISTOGRAM + "_count")).isEqualTo(before.value(HISTOGRAM + "_count"));
        client.next();
        grew(before, HISTOGRAM + "_count", 1);
        assertThat(now().value("gateway_waiting_stanzas{transport=\"bosh\"}")).isZero();
        assertThat(now().value("gateway_waiting_bytes{transport=\"bosh\"}")).isZero();
        client.terminate();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aSlowConsumerIsEndedAndItsMessageRefused(Transport transport) {
        Metrics before = now();
        WireClient client = transport.connected(gateway, gateway.api().create(key));
        String message = "m".repeat(30_000);
        int sent = 0;
        while (gateway.api().send(key, message) == 1) {
            sent++;
        }
        grew(before, "gateway_slow_consumers_total{transport=\"" + name(transport) + "\"}", 1);
        grew(before, "gateway_deliveries_total{result=\"refused\"}", 1);
        grew(before, "gateway_deliveries_total{result=\"handed\"}", sent);
        assertThat(client.jid()).isNotEmpty();
        until("gateway_subscribed_sessions", 0);
    }

    @Test
    void theDatabaseAndTheServersAreSeen() {
        Metrics.until(gateway, "gateway_database_up", up -> up == 1);
        Metrics seen = now();
        assertThat(seen.value("gateway_backend_up")).isEqualTo(1);
        assertThat(seen.value("gateway_database_max_connections")).isEqualTo(8);
        assertThat(seen.value("gateway_database_connections{state=\"idle\"}")
                        + seen.value("gateway_database_connections{state=\"active\"}"))
                .isBetween(1.0, 8.0);
        assertThat(seen.find("gateway_database_waiting_threads")).hasValue(0);
        assertThat(seen.value("gateway_jetty_threads{server=\"http\",state=\"busy\"}"))
                .isGreaterThan(0);
        assertThat(seen.value("gateway_jetty_max_threads{server=\"c2s\"}")).isEqualTo(16);
        assertThat(seen.value("gateway_jetty_connections{server=\"http\"}")).isGreaterThan(0);
        grew(seen, "gateway_jetty_connections{server=\"c2s\"}", 0);
        WireClient client = Transport.TCP.open(gateway);
        grew(seen, "gateway_jetty_connections{server=\"c2s\"}", 1);
        client.terminate();
    }

    @Test
    void requestsAreCountedByTheClassOfTheirStatus() {
        Metrics before = now();
        assertThat(gateway.api().subscribers("nobody/" + key)).isEmpty();
        grew(before, "gateway_http_requests_total{status=\"4xx\"}", 1);
        assertThat(now().value("gateway_http_requests_total{status=\"2xx\"}"))
                .isGreaterThan(before.value("gateway_http_requests_total{status=\"2xx\"}"));
    }

    @Test
    void theProcessIsSeen() {
        Metrics seen = now();
        assertThat(seen.value("jvm_memory_used_bytes{area=\"heap\",id=\"" + pool(seen) + "\"}"))
                .isGreaterThan(0);
        assertThat(seen.value("jvm_live_threads")).isGreaterThan(5);
        assertThat(seen.value("process_cpu_seconds_total")).isGreaterThan(0);
        assertThat(seen.value("process_open_fds")).isGreaterThan(5);
        assertThat(seen.value("process_start_time_seconds")).isGreaterThan(1_700_000_000);
        assertThat(seen.series()).anyMatch(series -> series.startsWith("jvm_gc_collections_total{collector="));
        assertThat(seen.series()).anyMatch(series -> series.startsWith("gateway_build_info{java="));
    }

    private static String pool(Metrics seen) {
        String begin = "jvm_memory_used_bytes{area=\"heap\",id=\"";
        return seen.series().stream()
                .filter(series -> series.startsWith(begin))
                .map(series -> series.substring(begin.length(), series.length() - 2))
                .filter(name -> name.contains("Old") || name.contains("Tenured"))
                .findFirst()
                .orElseThrow();
    }
}
