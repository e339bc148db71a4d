package org.channelgateway.registry;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.channelgateway.registry.Callback.Attempt;
import org.channelgateway.registry.Callback.Outcome;
import org.jspecify.annotations.Nullable;

/** Callbacks in a table; what pages send at once is written together. Thread-safe. */
final class JdbcCallbacks implements Callbacks {
    private static final String RETRY =
            "UPDATE callbacks SET state = 'queued', attempts = 0, not_before = ?, due = ? WHERE ";

    private static final int MAX_GROUP = 256;
    private static final int ID_LENGTH = 26;
    private static final int MAX_ERROR = 200;
    private final Database database;
    private final CallbackRows rows;
    private final InstantSource time;
    private final String gateway;
    private final CallbackClaims claims;
    private final CallbackRemovals removals;
    private final SecureRandom random = new SecureRandom();
    private final GroupCommit<Received> writer;

    private record Received(String id, String app, ChannelKey key, byte[] message) {}

    /**
     * @param gateway the name of this one, at most 64 characters
     * @param patience how long a write waits for those of others
     */
    JdbcCallbacks(Database database, CallbackRows rows, InstantSource time, String gateway, Duration patience) {
        this.database = database;
        this.rows = rows;
        this.time = time;
        this.gateway = gateway;
        this.claims = new CallbackClaims(time, gateway);
        this.removals = new CallbackRemovals(database);
        this.writer = new GroupCommit<>(
                MAX_GROUP,
                patience,
                group -> database.inTransaction(session -> {
                    for (Received one : group) {
                        queue(session, one);
                    }
                    return group.size();
                }));
    }

    @Override
    public String receive(String app, ChannelKey key, String message, String once) {
        rows.checkRoom(app);
        byte[] bytes = new byte[ID_LENGTH];
        random.nextBytes(bytes);
        String id = Base32.text(once.isEmpty() ? bytes : SecretHash.of(once).bytes(), ID_LENGTH);
        writer.write(new Received(id, app, key, message.getBytes(StandardCharsets.UTF_8)));
        return CallbackRows.name(CallbackKind.RECEIVE, id);
    }

    private void queue(Session session, Received one) throws SQLException {
        String name = CallbackRows.name(CallbackKind.RECEIVE, one.id);
        if (session.first("SELECT id FROM callbacks WHERE name = ?", row -> row.getLong(1), name)
                .isEmpty()) {
            rows.insertLast(session, CallbackKind.RECEIVE, one.id, one.app, one.key, one.message, now());
            rows.changed(one.app, 1);
        }
    }

    @Override
    public List<Callback> claim(String app, int limit, Duration time) {
        checkLimit(limit);
        return database.inTransaction(session -> claims.claim(session, app, limit, time));
    }

    @Override
    public void finish(List<Attempt> attempts) {
        int unused = database.inTransaction(session -> {
            for (Attempt attempt : attempts) {
                finish(session, attempt.callback(), attempt.outcome());
            }
            return attempts.size();
        });
    }

    /** What was taken is done, even if its time was over and it was queued again; a failure counts for its own attempt only. */
    private void finish(Session session, Callback callback, Outcome outcome) throws SQLException {
        if (outcome instanceof Outcome.Completed) {
            int done = session.update(
                    "UPDATE callbacks SET state = 'completed', due = ?, message = NULL, error = NULL"
                            + " WHERE id = ? AND state IN ('running', 'queued')",
                    now().toEpochMilli(),
                    callback.id());
            rows.changed(callback.app(), -done);
        } else if (outcome instanceof Outcome.Repeat repeat) {
            failed(session, callback, CallbackState.QUEUED, repeat.at(), repeat.error());
            return;
        } else if (outcome instanceof Outcome.Failed failed) {
            failed(session, callback, CallbackState.FAILED, now(), failed.error());
            rows.changed(callback.app(), -1);
        } else {
            throw new AssertionError(outcome);
        }
        CallbackRows.wake(session, callback.app(), callback.key());
    }

    private static void failed(Session session, Callback callback, CallbackState state, Instant due, String error)
            throws SQLException {
        int unused = session.update(
                "UPDATE callbacks SET state = ?, due = ?, error = ? WHERE id = ? AND state = 'running' AND attempts = ?",
                state.word(),
                due.toEpochMilli(),
                error.length() <= MAX_ERROR ? error : error.substring(0, MAX_ERROR),
                callback.id(),
                callback.attempts());
    }

    @Override
    public Optional<Instant> nextDue(String app) {
        return database.with(session -> session.list(
                        "SELECT MIN(due) FROM callbacks WHERE state = 'queued' AND app = ?",
                        row -> {
                            long due = row.getLong(1);
                            return row.wasNull() ? Optional.<Instant>empty() : Optional.of(Instant.ofEpochMilli(due));
                        },
                        app)
                .get(0));
    }

    @Override
    public int requeue() {
        return database.with(session -> session.update(
                "UPDATE callbacks SET state = 'queued', due = ? WHERE state = 'running' AND gateway = ?",
                now().toEpochMilli(),
                gateway));
    }

    @Override
    public List<Callback> list(String app, @Nullable CallbackState state, long after, int limit) {
        checkLimit(limit);
        return database.with(session -> session.list(listing(state), CallbackRows::read, app, after, limit));
    }

    /** {@code app} leads the order as it leads the index, so that rows come sorted and the scan ends with the page. */
    static String listing(@Nullable CallbackState state) {
        return CallbackRows.SELECT + "WHERE app = ? AND id > ?"
                + (state == null ? "" : " AND state = '" + state.word() + "'")
                + " ORDER BY app, id FETCH FIRST ? ROWS ONLY";
    }

    private static void checkLimit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: >= 1)");
        }
    }

    @Override
    public Optional<Callback> find(String app, String name) {
        return database.with(session ->
                session.first(CallbackRows.SELECT + "WHERE name = ? AND app = ?", CallbackRows::read, name, app));
    }

    @Override
    public boolean retry(String app, String name) {
        long now = now().toEpochMilli();
        boolean queued = database.with(session ->
                session.update(RETRY + "name = ? AND app = ? AND state = 'failed'", now, now, name, app) == 1);
        if (queued) {
            rows.changed(app, 1);
        }
        return queued;
    }

    @Override
    public int retryFailed(String app) {
        long now = now().toEpochMilli();
        int queued = database.with(session -> session.update(RETRY + "app = ? AND state = 'failed'", now, now, app));
        rows.changed(app, queued);
        return queued;
    }

    @Override
    public int dropFailed(String app) {
        return database.with(
                session -> session.update("DELETE FROM callbacks WHERE app = ? AND state = 'failed'", app));
    }

    @Override
    public int forgetOthers(Set<String> apps) {
        return removals.forgetOthers(apps);
    }

    @Override
    public boolean drop(String app, String name) {
        return database.inTransaction(session -> {
            Optional<Callback> found =
                    session.first(CallbackRows.SELECT + "WHERE name = ? AND app = ?", CallbackRows::read, name, app);
            if (found.isEmpty()
                    || session.update("DELETE FROM callbacks WHERE name = ? AND state <> 'running'", name) == 0) {
                return false;
            }
            if (!found.get().isOver()) {
                rows.changed(app, -1);
            }
            CallbackRows.wake(session, app, found.get().key());
            return true;
        });
    }

    @Override
    public boolean sweep(Instant completedBefore, Instant failedBefore) {
        return removals.sweep(completedBefore, failedBefore);
    }

    @Override
    public Map<CallbackState, Integer> counts() {
        return database.with(rows::count);
    }

    @Override
    public Instant now() {
        return time.instant();
    }
}
