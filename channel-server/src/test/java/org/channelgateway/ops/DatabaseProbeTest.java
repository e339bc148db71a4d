package org.channelgateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.channelgateway.http.Route;
import org.channelgateway.http.Routers;
import org.eclipse.jetty.server.LocalConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A database that answers, fails or hangs, as health tells of it. */
final class DatabaseProbeTest {
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch hanging = new CountDownLatch(1);

    @AfterEach
    void letGo() {
        hanging.countDown();
    }

    private long answer() {
        asked.incrementAndGet();
        return 7;
    }

    private long hang() {
        asked.incrementAndGet();
        try {
            hanging.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return 7;
    }

    @Test
    void asksOnceForManyAndAgainWhenTheAnswerIsOld() {
        try (DatabaseProbe probe = new DatabaseProbe(this::answer, nanos::get)) {
            assertThat(probe.ask().join()).isEqualTo(new DatabaseProbe.Answer(true, 7, ""));
            probe.ask().join();
            assertThat(asked).hasValue(1);
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            probe.ask().join();
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void answersWithinItsLimitWhenTheDatabaseHangsAndWaitsWithOneThread() {
        try (DatabaseProbe probe = new DatabaseProbe(this::hang, nanos::get)) {
            List<CompletableFuture<DatabaseProbe.Answer>> all =
                    Stream.generate(probe::ask).limit(100).toList();
            assertThat(all)
                    .allSatisfy(one -> assertThat(one.join())
                            .isEqualTo(new DatabaseProbe.Answer(false, 0, "no answer within 1 s")));
            nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
            assertThat(probe.ask().join().up()).isFalse();
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void isNotReadyWhileTheDatabaseHangsOrFailsAndSaysWhy() throws Exception {
        try (DatabaseProbe hung = new DatabaseProbe(this::hang, nanos::get);
                DatabaseProbe failed = new DatabaseProbe(
                        () -> {
                            throw new IllegalStateException("the reason is for the log");
                        },
                        nanos::get)) {
            assertThat(ready(hung))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("\"reasons\":[\"database: no answer within 1 s\"]");
            assertThat(ready(failed)).contains("\"reasons\":[\"database: it failed; the log says why\"]");
        }
    }

    private static String ready(DatabaseProbe probe) throws Exception {
        Route[] routes =
                new HealthRoutes(probe, () -> true, Runnable::run).routes().toArray(Route[]::new);
        LocalConnector connector = Routers.connector(routes);
        connector.getServer().start();
        try {
            return connector.getResponse("GET /readyz HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n");
        } finally {
            connector.getServer().stop();
        }
    }
}
