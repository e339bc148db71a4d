package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is seen from outside of a database that hangs, or refuses. */
@Timeout(300)
final class DatabaseMetricsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String QUEUED = "gateway_jetty_queued_jobs{server=\"http\"}";

    private final HttpClient http = ChannelApi.client();
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** A connection of the test's own to the database. */
    private Connection database() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:h2:file:" + gateway.data().resolve("registry") + ";IFEXISTS=TRUE", "sa", "");
    }

    /** While it is open whoever else asks the database waits. */
    private Connection hanging() throws SQLException {
        Connection connection = database();
        connection.createStatement().execute("SET EXCLUSIVE 1");
        return connection;
    }

    private HttpResponse<String> ready() {
        return ChannelApi.send(
                http, HttpRequest.newBuilder(gateway.uri().resolve("readyz")).build());
    }

    /** Asks for a key without waiting for the answer. */
    private CompletableFuture<Integer> look() {
        HttpRequest request = HttpRequest.newBuilder(gateway.uri().resolve("v1/channels/nobody"))
                .header("Authorization", "Bearer " + gateway.api().secret())
                .build();
        return http.sendAsync(request, BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
    }

    @Test
    void oneThatHangsIsSaidAndSoAreThoseThatWaitForIt() throws Exception {
        assertThat(ready().statusCode()).isEqualTo(200);
        List<CompletableFuture<Integer>> looks = new ArrayList<>();
        try (Connection hanging = hanging()) {
            await().atMost(PATIENCE).until(() -> ready().statusCode() == 503);
            assertThat(ready().body()).contains("\"reasons\":[\"database: no answer within 1 s\"]");
            Metrics seen = Metrics.of(gateway);
            assertThat(seen.find("gateway_database_up")).hasValue(0);
            assertThat(seen.value("gateway_leases")).isNaN();

            for (int i = 0; i < 12; i++) { // more than there are connections
                looks.add(look());
            }
            await().atMost(PATIENCE).until(() -> {
                looks.add(look());
                return Metrics.of(gateway).value("gateway_database_waiting_threads") > 0;
            });
            await().atMost(PATIENCE).until(() -> {
                for (int i = 0;
                        i < 40;
                        i++) { // more than there are threads, in front of the one that looks at it and behind
                    looks.add(look());
                }
                CompletableFuture<Metrics> seenLater = CompletableFuture.supplyAsync(() -> Metrics.of(gateway));
                for (int i = 0; i < 40; i++) {
                    looks.add(look());
                }
                return seenLater.join().value(QUEUED) > 0;
            });
            assertThat(hanging.isClosed()).isFalse();
        }
        for (CompletableFuture<Integer> look : looks) {
            assertThat(look.get()).isIn(404, 503);
        }
        await().atMost(PATIENCE).until(() -> ready().statusCode() == 200);
        await().atMost(PATIENCE).until(() -> {
            Metrics seen = Metrics.of(gateway);
            return seen.value("gateway_database_up") == 1
                    && seen.value("gateway_database_waiting_threads") == 0
                    && seen.value(QUEUED) == 0;
        });
    }

    /** Something else holds a lease that is over. */
    @Test
    void oneThatDoesNotLetASweepRemoveALeaseIsCounted() throws Exception {
        gateway.api().create("one", 1);
        try (Connection database = database()) {
            database.createStatement().execute("ALTER TABLE leases ADD CONSTRAINT one UNIQUE (expires, token_hash)");
            database.createStatement()
                    .execute("CREATE TABLE holds (expires BIGINT, token_hash VARBINARY(32),"
                            + " FOREIGN KEY (expires, token_hash) REFERENCES leases (expires, token_hash))");
            database.createStatement().execute("INSERT INTO holds SELECT expires, token_hash FROM leases");
        }
        gateway.clock().advance(Duration.ofSeconds(61));
        gateway.restart(); // the first sweep is at the start

        Metrics.until(gateway, "gateway_sweeps_total{result=\"failed\"}", failed -> failed == 1);
        Metrics seen = Metrics.of(gateway);
        assertThat(seen.find("gateway_sweeps_total{result=\"done\"}")).hasValue(0);
        assertThat(seen.find("gateway_swept_leases_total")).hasValue(0);
        assertThat(seen.value("gateway_last_sweep_timestamp_seconds")).isNaN();
        assertThat(seen.find("gateway_database_up")).hasValue(1);
    }
}
