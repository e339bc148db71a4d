package org.channelgateway.registry;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Removes callbacks that are over, or nobody's any more, in batches. Thread-safe. */
final class CallbackRemovals {
    private static final int BATCH = 1000;

    /** The next application in the order of the index: however many rows there are, one is read for each of them. */
    static final String NEXT_APP =
            "SELECT app FROM callbacks WHERE state = ? AND app > ? ORDER BY state, app FETCH FIRST 1 ROW ONLY";

    private static final String FORGET = "DELETE FROM callbacks WHERE id IN ("
            + "SELECT id FROM callbacks WHERE state = ? AND app = ? FETCH FIRST ? ROWS ONLY)";

    private final Database database;

    CallbackRemovals(Database database) {
        this.database = database;
    }

    /** What is over, oldest first; the word stands in it because the index has only such rows. Those that another one removes are left to it. */
    static String over(CallbackState state) {
        return "SELECT id FROM callbacks WHERE state = '" + state.word() + "' AND due < ?"
                + " FETCH FIRST ? ROWS ONLY FOR UPDATE SKIP LOCKED";
    }

    /** Returns true when there may be more. */
    boolean sweep(Instant completedBefore, Instant failedBefore) {
        int completed = sweep(CallbackState.COMPLETED, completedBefore);
        return completed + sweep(CallbackState.FAILED, failedBefore) >= BATCH;
    }

    private int sweep(CallbackState state, Instant before) {
        return database.inTransaction(session -> {
            List<Long> ids = session.list(over(state), row -> row.getLong(1), before.toEpochMilli(), BATCH);
            session.updateAll(
                    "DELETE FROM callbacks WHERE id = ?",
                    ids.stream().map(id -> new Object[] {id}).toList());
            return ids.size();
        });
    }

    /** Those that wait for applications that are none of {@code apps}; returns how many. */
    int forgetOthers(Set<String> apps) {
        return database.with(session -> {
            int forgotten = 0;
            for (CallbackState state : List.of(CallbackState.QUEUED, CallbackState.RUNNING)) {
                Optional<String> app = next(session, state, "");
                while (app.isPresent()) {
                    forgotten += apps.contains(app.get()) ? 0 : forget(session, state, app.get());
                    app = next(session, state, app.get());
                }
            }
            return forgotten;
        });
    }

    private static Optional<String> next(Session session, CallbackState state, String after) throws SQLException {
        return session.first(NEXT_APP, row -> row.getString(1), state.word(), after);
    }

    private static int forget(Session session, CallbackState state, String app) throws SQLException {
        int all = 0;
        int removed;
        do {
            removed = session.update(FORGET, state.word(), app, BATCH);
            all += removed;
        } while (removed == BATCH);
        return all;
    }
}
