package org.channelgateway.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The rows of the table of callbacks: what is read and written by more than one, and how many an application has. Thread-safe. */
final class CallbackRows {
    /** Without what a page sent: that is read where it is posted. */
    static final String SELECT =
            "SELECT id, name, app, channel_key, kind, state, attempts, not_before, due, error FROM callbacks ";

    private static final String COUNT = "SELECT app, state, COUNT(*) FROM callbacks"
            + " WHERE state IN ('queued', 'running', 'failed') GROUP BY app, state";

    private static final String DROP_OLDEST = "DELETE FROM callbacks WHERE id IN (SELECT id FROM callbacks"
            + " WHERE state = 'failed' AND app = ? ORDER BY due FETCH FIRST ? ROWS ONLY)";

    private static final int DROP_BATCH = 1000;

    /**
     * The next of a channel need not wait any longer; one that is between two attempts waits on. Only one that was put off is locked: a
     * session that comes looks for the end of one before it, and would not see it.
     */
    private static final String WAKE = "UPDATE callbacks SET due = not_before"
            + " WHERE attempts = 0 AND due > not_before AND id = ("
            + "SELECT id FROM callbacks WHERE app = ? AND channel_key = ? AND state = 'queued'"
            + " ORDER BY not_before, id FETCH FIRST 1 ROW ONLY)";

    private static final String INSERT =
            "INSERT INTO callbacks (name, app, channel_key, kind, message, state, attempts, due, not_before)"
                    + " VALUES (?, ?, ?, ?, ?, 'queued', 0, ?, ";

    private static final String INSERT_AT = INSERT + "?)";

    private static final String LATEST =
            "(SELECT not_before FROM callbacks WHERE app = ? AND channel_key = ? AND state = '%s'"
                    + " AND kind <> 'disconnected' AND not_before <= ? ORDER BY not_before DESC FETCH FIRST 1 ROW ONLY)";

    /**
     * Each gateway has its own idea of the time, a little apart: what comes later is not to be before what waits. The end of a session does
     * not count: it is put off, and others may go before it.
     */
    static final String INSERT_LAST =
            INSERT + "GREATEST(?, " + LATEST.formatted("queued") + ", " + LATEST.formatted("running") + "))";

    /** What waits for a time beyond this is of a clock that was wrong: others need not wait for it. */
    private static final Duration MOST_APART = Duration.ofMinutes(1);

    private final CallbackLimits limits;
    private final boolean isShared;
    private final Map<String, AtomicInteger> open = new ConcurrentHashMap<>();

    /** @param isShared whether several gateways write */
    CallbackRows(CallbackLimits limits, boolean isShared) {
        this.limits = limits;
        this.isShared = isShared;
    }

    /** Counts what is there: other gateways change it, too. Of failed ones no more are kept than may wait. */
    Map<CallbackState, Integer> count(Session session) throws SQLException {
        Map<CallbackState, Integer> states = new EnumMap<>(CallbackState.class);
        Map<String, Integer> waiting = new HashMap<>();
        for (Count one : session.list(COUNT, Count::read)) {
            states.merge(one.state, one.rows, Integer::sum);
            if (one.state != CallbackState.FAILED) {
                waiting.merge(one.app, one.rows, Integer::sum);
            } else if (one.rows > limits.perApp()) {
                int unused = session.update(DROP_OLDEST, one.app, Math.min(DROP_BATCH, one.rows - limits.perApp()));
            }
        }
        open.forEach((app, count) -> count.set(waiting.getOrDefault(app, 0)));
        waiting.forEach((app, count) -> counter(app).set(count));
        return states;
    }

    private record Count(String app, CallbackState state, int rows) {
        static Count read(ResultSet row) throws SQLException {
            return new Count(row.getString(1), CallbackState.of(row.getString(2)), row.getInt(3));
        }
    }

    private AtomicInteger counter(String app) {
        return open.computeIfAbsent(app, name -> new AtomicInteger());
    }

    /** True when the application may have one more that waits. */
    boolean hasRoom(String app) {
        return counter(app).get() < limits.perApp();
    }

    /** @throws TooManyCallbacksException when the application has as many as it may have */
    void checkRoom(String app) {
        if (!hasRoom(app)) {
            throw full();
        }
    }

    TooManyCallbacksException full() {
        return new TooManyCallbacksException(limits.perApp());
    }

    /** To be called when rows that wait were added or, with a negative number, wait no more; what is rolled back is counted again soon. */
    void changed(String app, int rows) {
        counter(app).addAndGet(rows);
    }

    /**
     * Queues one that says nothing but its kind, not to be done before a time; those after it of its channel may go first.
     *
     * @param id 26 characters that no other of the kind has
     */
    static void insertAt(Session session, CallbackKind kind, String id, String app, ChannelKey key, Instant notBefore)
            throws SQLException {
        int unused = session.update(
                INSERT_AT, values(kind, id, app, key, null, notBefore).toArray());
    }

    /**
     * Queues one behind those of its channel that may be done.
     *
     * @param id 26 characters that no other of the kind has
     * @param message null for one that says nothing but its kind
     */
    void insertLast(
            Session session,
            CallbackKind kind,
            String id,
            String app,
            ChannelKey key,
            byte @Nullable [] message,
            Instant now)
            throws SQLException {
        List<@Nullable Object> values = values(kind, id, app, key, message, now);
        if (isShared) {
            long latest = now.plus(MOST_APART).toEpochMilli();
            values.addAll(List.of(app, key.bytes(), latest, app, key.bytes(), latest));
        }
        int unused = session.update(isShared ? INSERT_LAST : INSERT_AT, values.toArray());
    }

    private static List<@Nullable Object> values(
            CallbackKind kind, String id, String app, ChannelKey key, byte @Nullable [] message, Instant notBefore) {
        long millis = notBefore.toEpochMilli();
        return new ArrayList<>(Arrays.asList(name(kind, id), app, key.bytes(), kind.word(), message, millis, millis));
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
                null,
                CallbackState.of(row.getString("state")),
                row.getInt("attempts"),
                Instant.ofEpochMilli(row.getLong("not_before")),
                Instant.ofEpochMilli(row.getLong("due")),
                row.getString("error"));
    }
}
