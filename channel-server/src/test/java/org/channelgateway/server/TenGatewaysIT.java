package org.channelgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.channelgateway.config.ConfigException;
import org.channelgateway.fixture.PostgresServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten gateways that start at the same time before one database. */
final class TenGatewaysIT {
    private static final int GATEWAYS = 10;

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newFixedThreadPool(GATEWAYS);
    private final List<RunningGateway> gateways = new ArrayList<>();

    @AfterEach
    void stop() {
        threads.shutdownNow();
        stopAll();
    }

    private void stopAll() {
        gateways.forEach(RunningGateway::close);
        gateways.clear();
    }

    private void startAll(String database) throws Exception {
        List<Future<RunningGateway>> starting = new ArrayList<>();
        for (int i = 0; i < GATEWAYS; i++) {
            Path own = folder.resolve("gateway" + i);
            starting.add(threads.submit(() -> start(own, database)));
        }
        for (Future<RunningGateway> started : starting) {
            gateways.add(started.get());
        }
    }

    private static RunningGateway start(Path folder, String database) throws IOException, ConfigException {
        return RunningGateway.start(Files.createDirectories(folder), database);
    }

    private void createOneAtEach(String key) {
        for (RunningGateway gateway : gateways) {
            assertThat(gateway.json("POST", "/v1/channels", "{\"key\":\"" + key + "\"}")
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    private String look(String key) {
        return gateways.get(0).send("GET", "/v1/channels/" + key, "").body();
    }

    @Test
    void makeTheTablesOnceAndServeTogetherAlsoWhenTheyStartAnew() throws Exception {
        String database = "database: {url: '%s', user: %s, password: %s, connections: 4}%n"
                .formatted(PostgresServer.shared().newDatabase(), PostgresServer.USER, PostgresServer.PASSWORD);

        startAll(database);
        createOneAtEach("room");
        assertThat(look("room")).contains("\"leases\":10");

        stopAll();
        startAll(database);
        createOneAtEach("room");
        assertThat(look("room")).contains("\"leases\":20");
    }
}
