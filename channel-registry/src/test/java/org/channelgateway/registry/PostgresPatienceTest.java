package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.channelgateway.fixture.PostgresServer;
import org.junit.jupiter.api.Test;

/** What a gateway has given up, or is too dead to go on with, holds nothing at the server. */
final class PostgresPatienceTest extends RegistryContract {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String RUNNING =
            "SELECT COUNT(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'";

    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Registry open(InstantSource time) {
        return database.open(time);
    }

    private int running() {
        return registry.database()
                .with(session -> session.list(RUNNING, row -> row.getInt(1)))
                .get(0);
    }

    @Test
    void aStatementThatIsGivenUpEndsAtTheServer() {
        assertThatThrownBy(() -> registry.database()
                        .with(session -> session.list("SELECT pg_sleep(600)", row -> row.getString(1))))
                .isInstanceOf(RegistryException.class);

        await().atMost(LONG).untilAsserted(() -> assertThat(running()).isZero());
    }

    @Test
    void aTransactionThatStandsStillLosesItsLocks() {
        IssuedLease issued = create("room");

        assertThatThrownBy(() -> registry.database().inTransaction(session -> {
                    assertThat(lock(session.connection(), issued)).isEqualTo(1);
                    lockOfAnother(issued); // returns when this one, which does nothing meanwhile, has lost it
                    return lock(session.connection(), issued);
                }))
                .isInstanceOf(RegistryException.class);

        assertThat(leases.revoke(APP, issued.token())).contains(issued.lease());
    }

    private void lockOfAnother(IssuedLease issued) {
        DatabaseConfig config = database.config();
        try (Connection another =
                        DriverManager.getConnection(config.url(), PostgresServer.USER, PostgresServer.PASSWORD);
                PreparedStatement patience = another.prepareStatement("SET lock_timeout = " + LONG.toMillis())) {
            patience.execute();
            assertThat(lock(another, issued)).isEqualTo(1);
        } catch (SQLException e) {
            throw new AssertionError("the lock was never given up", e);
        }
    }

    private static int lock(Connection connection, IssuedLease issued) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE leases SET created = created WHERE account = ?")) {
            statement.setString(1, issued.lease().account());
            return statement.executeUpdate();
        }
    }
}
