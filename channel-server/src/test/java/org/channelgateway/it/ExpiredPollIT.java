package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.channelgateway.fixture.PostgresServer;
import org.channelgateway.it.ChannelApi.Created;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of polls at ejabberd when their lease is over; any gateway judges it by the path. */
final class ExpiredPollIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Less than a poll may be held here: only then the end of its lease is looked for meanwhile. */
    private static final int MINUTES = 5;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static ClusterServers servers;
    private static ClusterGateway gateway;

    private final HttpClient http = ChannelApi.client();
    private final String key = "expired/" + UUID.randomUUID();

    /** A path taken apart. */
    private record Path(String node, long expiry, String mac) {
        static Path of(JsonNode session) {
            String[] parts = session.path("path").textValue().split("/", -1);
            return new Path(parts[2], Long.parseLong(parts[3]), parts[4]);
        }

        String with(long another) {
            return "/http-bind/" + node + "/" + another + "/" + mac;
        }
    }

    @BeforeAll
    static void start() {
        servers = new ClusterServers(PostgresServer.shared());
        gateway = new ClusterGateway(FixtureSettings.withoutPages().with("CHANNEL_BOSH_WAIT", "300s"), servers);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        servers.close();
    }

    private HttpResponse<String> post(URI to, String body) {
        return ChannelApi.send(
                http,
                HttpRequest.newBuilder(to).POST(BodyPublishers.ofString(body)).build());
    }

    private JsonNode connect(Created channel) throws IOException {
        return JSON.readTree(post(gateway.uri().resolve("_ah/channel/connect"), channel.token())
                .body());
    }

    private String poll(URI at, String path, JsonNode session) {
        HttpResponse<String> answer = post(
                at.resolve(path),
                "<body xmlns='http://jabber.org/protocol/httpbind' rid='"
                        + session.path("rid").longValue() + "' sid='"
                        + session.path("sid").textValue() + "'/>");
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static void isTimedOut(String answer) {
        assertThat(answer)
                .contains("type='terminate'", "condition='remote-stream-error'", "not-authorized", "Token+timed+out.");
    }

    private static boolean isOnline(Created channel) {
        return servers.ejabberd().eval("ejabberd_sm:connected_users()").contains(WireClient.localpart(channel.jid()));
    }

    @Test
    void endsHeldPollsAtEitherGatewayWithTheLeaseAndSaysWhy() throws IOException {
        Created channel = gateway.api().create(key, MINUTES);
        Created lasting = gateway.api().create(key, 3 * MINUTES);
        try (HeldPoll here = new HeldPoll(gateway.uri(), channel.token());
                HeldPoll there = new HeldPoll(gateway.other(), channel.token());
                HeldPoll stays = new HeldPoll(gateway.uri(), lasting.token())) {
            assertThat(gateway.api().subscribers(key)).hasValue(3);

            gateway.clock().advance(Duration.ofMinutes(MINUTES));

            isTimedOut(here.answer());
            isTimedOut(there.answer());
            await().atMost(PATIENCE).until(() -> !isOnline(channel));
            assertThat(gateway.api().send(key, "goes on")).isEqualTo(1);
            assertThat(stays.answer()).contains("goes on");
        }
    }

    @Test
    void refusesAPathWhoseTimeIsOverAtEitherGatewayAndEndsItsSession() throws IOException {
        Created channel = gateway.api().create(key, MINUTES);
        JsonNode session = connect(channel);
        assertThat(isOnline(channel)).isTrue();

        gateway.clock().advance(Duration.ofMinutes(MINUTES));

        for (URI at : List.of(gateway.uri(), gateway.other())) {
            isTimedOut(poll(at, session.path("path").textValue(), session));
            assertThat(poll(at, Path.of(session).with(Path.of(session).expiry + 3600), session))
                    .contains("item-not-found");
        }
        await().atMost(PATIENCE).until(() -> !isOnline(channel));
    }

    @Test
    void refusesAPathWithAnotherExpiryThanItsMacWasMadeWith() throws IOException {
        JsonNode session = connect(gateway.api().create(key, MINUTES));
        JsonNode lasting = connect(gateway.api().create(key, 3 * MINUTES));
        Path own = Path.of(session);
        Path longer = Path.of(lasting);

        for (String forged : List.of(
                own.with(own.expiry + 1),
                own.with(own.expiry - 1),
                own.with(longer.expiry),
                longer.with(longer.expiry),
                longer.with(own.expiry))) {
            assertThat(poll(gateway.uri(), forged, session)).contains("item-not-found");
        }
        assertThat(gateway.api().send(key, "to both")).isEqualTo(2);
        assertThat(poll(gateway.other(), session.path("path").textValue(), session))
                .contains("to both");
    }
}
