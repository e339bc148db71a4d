package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.flywaydb.core.api.MigrationInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SchemaTest {
    @Test
    void knowsTheNewestMigrationInTheFolder(@TempDir Path data) {
        try (HikariDataSource database = H2File.open(data)) {
            Schema.migrate(database, "h2");

            MigrationInfo[] migrations = Schema.flyway(database, "h2").info().all();
            assertThat(Stream.of(migrations).map(m -> Objects.toString(m.getVersion())))
                    .last()
                    .isEqualTo(Schema.NEWEST);
            assertThat(migrations).allMatch(migration -> migration.getState().isApplied());
        }
    }
}
