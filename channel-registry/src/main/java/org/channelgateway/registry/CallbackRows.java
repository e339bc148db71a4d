package org.channelgateway.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The rows of the table of callbacks: what is read and written by more than one, and how many an application has. Thread-safe. */
final class CallbackRows {
    static final String SELECT =
            "SELECT id, name, app, channel_key, kind, message, state, attempts, not_before, due, error"
                    + " FROM callbacks ";

    private static final String COUNT = "SELECT app, COUNT(*) FROM callbacks WHERE state <> 'completed' GROUP BY app";

    /** The next of a channel need not wait any longer; one that is between two attempts waits on. */
    private static final String WAKE = "UPDATE callbacks SET due = not_before WHERE attempts = 0 AND id = ("
            + "SELECT id FROM callbacks WHERE app = ? AND channel_key = ? AND state = 'queued'"
            + " ORDER BY not_before, id FETCH FIRST 1 ROW ONLY)";

    private final CallbackLimits limits;
    private final Map<String, AtomicInteger> open = new ConcurrentHashMap<>();

    CallbackRows(CallbackLimits limits) {
        this.limits = limits;
    }

    /** Counts what is there: other gateways change it, too. */
    int count(Session session) throws SQLException {
        Map<String, Integer> counted = new ConcurrentHashMap<>();
        session.list(COUNT, row -> Map.entry(row.getString(1), row.getInt(2)))
                .forEach(entry -> counted.put(entry.getKey(), entry.getValue()));
        open.forEach((app, count) -> count.set(counted.getOrDefault(app, 0)));
        counted.forEach((app, count) -> counter(app).set(count));
        return counted.size();
    }

    private AtomicInteger counter(String app) {
        return open.computeIfAbsent(app, name -> new AtomicInteger());
    }

    /** @throws TooManyCallbacksException when the application has as many as it may have */
    void checkRoom(String app) {
        if (counter(app).get() >= limits.perApp()) {
            throw new TooManyCallbacksException(limits.perApp());
        }
    }

    /** To be called when rows that wait or have failed were added or, with a negative number, are no more. */
    void changed(String app, int rows) {
        counter(app).addAndGet(rows);
    }

    /** Queues one that says nothing but its kind. */
    static void insert(Session session, CallbackKind kind, String id, String app, ChannelKey key, Instant notBefore)
            throws SQLException {
        int unused = session.update(
                "INSERT INTO callbacks (name, app, channel_key, kind, state, attempts, not_before, due)"
                        + " VALUES (?, ?, ?, ?, 'queued', 0, ?, ?)",
                name(kind, id),
                app,
                key.bytes(),
                kind.word(),
                notBefore.toEpochMilli(),
                notBefore.toEpochMilli());
    }

    static void insertReceived(
            Session session, String id, String app, ChannelKey key, byte[] message, Instant notBefore)
            throws SQLException {
        int unused = session.update(
                "INSERT INTO callbacks (name, app, channel_key, kind, message, state, attempts, not_before, due)"
                        + " VALUES (?, ?, ?, ?, ?, 'queued', 0, ?, ?)",
                name(CallbackKind.RECEIVE, id),
                app,
                key.bytes(),
                CallbackKind.RECEIVE.word(),
                message,
                notBefore.toEpochMilli(),
                notBefore.toEpochMilli());
    }

    static String name(CallbackKind kind, String id) {
        return kind.word() + "-" + id;
    }

    static void wake(Session session, String app, ChannelKey key) throws SQLException {
        int unused = session.update(WAKE, app, key.bytes());
    }

    static Callback read(ResultSet row) throws SQLException {
        return new Callback(
                row.getLong("id"),
                row.getString("name"),
                row.getString("app"),
                ChannelKey.ofStored(row.getBytes("channel_key")),
                CallbackKind.of(row.getString("kind")),
                row.getBytes("message"),
                CallbackState.of(row.getString("state")),
                row.getInt("attempts"),
                Instant.ofEpochMilli(row.getLong("not_before")),
                Instant.ofEpochMilli(row.getLong("due")),
                row.getString("error"));
    }
}
