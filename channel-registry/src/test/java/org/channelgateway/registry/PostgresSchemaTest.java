package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.channelgateway.fixture.PostgresServer;
import org.junit.jupiter.api.Test;

/** How the tables come to be, who may read what, and whose clock it is. */
final class PostgresSchemaTest {
    private static final int GATEWAYS = 10;

    private final PostgresDatabase database = new PostgresDatabase();

    private Registry open() {
        return Registry.openShared(
                new RegistryConfig(Path.of("unused"), database.config(), LeaseLimits.NONE, CallbackLimits.NONE));
    }

    private static IssuedLease create(Registry registry, Duration lifetime) {
        return registry.leases().create("app", ChannelKey.of("k"), lifetime);
    }

    private List<String> names() throws SQLException {
        DatabaseConfig config = database.config();
        try (Connection connection = DriverManager.getConnection(config.url(), config.user(), config.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT username FROM ejabberd.users ORDER BY username")) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }

    @Test
    void tenGatewaysThatStartAtOnceMakeTheTablesOnce() throws Exception {
        List<Registry> opened = Together.run(GATEWAYS, this::open);
        try {
            IssuedLease issued = create(opened.get(0), Duration.ofMinutes(1));
            assertThat(opened)
                    .allSatisfy(registry ->
                            assertThat(registry.leases().find(issued.token())).contains(issued.lease()));
        } finally {
            opened.forEach(Registry::close);
        }
    }

    @Test
    void theServerLogsInWhoeverIsLiveFromTheCreateOn() throws SQLException {
        try (Registry registry = open()) {
            registry.accounts().put("app-guestbook", AccountKind.APP, "secret-of-guestbook", Instant.EPOCH);
            IssuedLease live = create(registry, Duration.ofMinutes(1));
            IssuedLease revoked = create(registry, Duration.ofMinutes(1));
            registry.leases().revoke("app", revoked.token());
            IssuedLease over = create(registry, Duration.ofMinutes(1));
            registry.database()
                    .with(session -> session.update(
                            "UPDATE leases SET expires = 1 WHERE account = ?",
                            over.lease().account()));

            assertThat(names()).containsExactly("app-guestbook", live.lease().account());
        }
    }

    @Test
    void judgesByTheClockOfTheDatabaseWhichNeverGoesBack() {
        try (Registry registry = open()) {
            Instant before = registry.time().instant();
            long there = registry.database()
                    .with(session -> session.list(
                            "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
                            row -> row.getLong(1)))
                    .get(0);
            assertThat(registry.time().instant()).isAfterOrEqualTo(before);
            assertThat(there).isBetween(before.toEpochMilli() - 1000, before.toEpochMilli() + 60_000);
            assertThat(registry.leases().now()).isAfterOrEqualTo(before);
        }
    }

    @Test
    void countsTheLeasesOfAllGatewaysAgainstTheBound() {
        RegistryConfig bounded =
                new RegistryConfig(Path.of("unused"), database.config(), new LeaseLimits(3, 4), CallbackLimits.NONE);
        try (Registry one = Registry.openShared(bounded);
                Registry two = Registry.openShared(bounded)) {
            IssuedLease first = create(one, Duration.ofMinutes(1));
            create(two, Duration.ofMinutes(1));
            create(one, Duration.ofMinutes(1));
            assertThatThrownBy(() -> create(two, Duration.ofMinutes(1))).isInstanceOf(TooManyLeasesException.class);
            two.leases().create("app", ChannelKey.of("l"), Duration.ofMinutes(1));
            assertThatThrownBy(() -> one.leases().create("app", ChannelKey.of("m"), Duration.ofMinutes(1)))
                    .isInstanceOf(TooManyLeasesException.class);
            assertThat(two.leases().revoke("app", first.token())).isPresent();
            create(two, Duration.ofMinutes(1));
        }
    }

    @Test
    void saysWhatIsWrongWithoutThePassword() {
        DatabaseConfig config = database.config();
        DatabaseConfig wrong = new DatabaseConfig(config.url(), PostgresServer.USER, "not-this-one", 2, false);
        assertThatThrownBy(() -> Registry.openShared(
                        new RegistryConfig(Path.of("unused"), wrong, LeaseLimits.NONE, CallbackLimits.NONE)))
                .isInstanceOf(RegistryException.class)
                .hasMessageContaining("database: cannot be used")
                .hasMessageNotContaining("not-this-one");
        assertThatThrownBy(() -> new DatabaseConfig("jdbc:mysql://secret@host/db", "u", "p", 1, false))
                .hasMessage("url: not one of PostgreSQL (expected: jdbc:postgresql://HOST:PORT/NAME)");
    }
}
