package org.channelgateway.registry;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The clock of a database, which those who share it judge by: asked every few seconds, and counted on from there meanwhile, also while
 * it cannot be reached. Never goes back. Thread-safe.
 */
final class DatabaseClock implements InstantSource, AutoCloseable {
    /** How often it is asked: one of the clocks that count on from there may be wrong for so long. */
    static final Duration EVERY = Duration.ofSeconds(5);

    private static final String NOW = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)";
    private static final long NANOS = 1000;
    private static final long MICROS_OF_SECOND = 1_000_000;

    private final Database database;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "database-clock");
        made.setDaemon(true);
        return made;
    });
    /** What to add to nano time to get the database's, both in microseconds. */
    private volatile long offset;

    private final AtomicLong latest = new AtomicLong(Long.MIN_VALUE);

    private DatabaseClock(Database database) {
        this.database = database;
    }

    /** @throws RegistryException when the database does not say what time it is */
    static DatabaseClock start(Database database) {
        DatabaseClock clock = new DatabaseClock(database);
        clock.ask();
        ScheduledFuture<?> unused = clock.thread.scheduleWithFixedDelay(
                clock::tryToAsk, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return clock;
    }

    private void ask() {
        long before = System.nanoTime() / NANOS;
        long there = database.with(session -> session.list(NOW, row -> row.getLong(1)))
                .get(0);
        long after = System.nanoTime() / NANOS;
        offset = there - (before + (after - before) / 2);
    }

    private void tryToAsk() {
        try {
            ask();
        } catch (RuntimeException e) {
            // who needs the database finds out, and is told
        }
    }

    @Override
    public Instant instant() {
        long micros = latest.accumulateAndGet(System.nanoTime() / NANOS + offset, Math::max);
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, MICROS_OF_SECOND), Math.floorMod(micros, MICROS_OF_SECOND) * NANOS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
