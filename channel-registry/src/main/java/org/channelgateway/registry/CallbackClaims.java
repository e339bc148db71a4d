package org.channelgateway.registry;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes callbacks that are due, of each channel one after the other. Thread-safe.
 *
 * <p>One that is due is looked at under a lock of its row; when an earlier one of its channel is not over, it is put off. Who ends the
 * earlier one calls the next back. T1 may put it off after T2 looked for it to call it back: so behind one that is running, which may
 * end at any moment, it is put off for two seconds only. Of those there are never many; behind one that waits itself it is a minute.
 */
final class CallbackClaims {
    /** In no order: the index gives the longest due first, and H2 would sort them all under FOR UPDATE. */
    static final String DUE = CallbackRows.SELECT + "WHERE state = 'queued' AND app = ? AND due <= ?"
            + " FETCH FIRST ? ROWS ONLY FOR UPDATE SKIP LOCKED";

    /** One statement, so that whoever begins an earlier one meanwhile is seen in one state or the other. */
    static final String BEFORE = "SELECT TRUE FROM callbacks WHERE app = ? AND channel_key = ? AND state = 'running'"
            + " UNION ALL SELECT FALSE FROM callbacks WHERE app = ? AND channel_key = ? AND state = 'queued'"
            + " AND not_before <= ? AND (not_before < ? OR id < ?) FETCH FIRST 1 ROW ONLY";

    /** Those that are due and behind one of their channel wait as it does. Not one that another has locked. */
    private static final String BEHIND =
            "SELECT id FROM callbacks WHERE app = ? AND channel_key = ? AND state = 'queued'"
                    + " AND not_before >= ? AND (not_before > ? OR id >= ?) AND due <= ?"
                    + " FETCH FIRST ? ROWS ONLY FOR UPDATE SKIP LOCKED";

    private static final String LAPSED =
            "UPDATE callbacks SET state = 'queued' WHERE state = 'running' AND app = ? AND due <= ?";

    private static final int PUT_OFF_BATCH = 1000;
    private static final int MOST_PAGES = 10;
    /** Whoever ends the earlier one calls the next back: this is for when it did not see it. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private static final Duration SOON = Duration.ofSeconds(2);

    private final InstantSource clock;
    private final String gateway;

    /** @param gateway the name of this one */
    CallbackClaims(InstantSource clock, String gateway) {
        this.clock = clock;
        this.gateway = gateway;
    }

    /** In a transaction: takes those that are due and the first of their channel, for so long. */
    List<Callback> claim(Session session, String app, int limit, Duration time) throws SQLException {
        long now = now().toEpochMilli();
        int unused = session.update(LAPSED, app, now);
        List<Callback> claimed = new ArrayList<>();
        Set<Long> putOff = new HashSet<>();
        boolean more = true;
        for (int page = 0; more && page < MOST_PAGES; page++) {
            int wanted = limit - claimed.size();
            List<Callback> due = session.list(DUE, CallbackRows::read, app, now, wanted);
            for (Callback callback : due) {
                if (!putOff.contains(callback.id()) && !putOff(session, callback, putOff)) {
                    claimed.add(begin(session, callback, now().plus(time)));
                }
            }
            more = due.size() == wanted && claimed.size() < limit;
        }
        return claimed;
    }

    /** Puts off this one and many of its channel when one goes before it; false when there is none. */
    private boolean putOff(Session session, Callback callback, Set<Long> putOff) throws SQLException {
        byte[] key = callback.key().bytes();
        long notBefore = callback.notBefore().toEpochMilli();
        String app = callback.app();
        Object[] place = {app, key, app, key, notBefore, notBefore, callback.id()};
        Optional<Boolean> isRunning = session.first(BEFORE, row -> row.getBoolean(1), place);
        if (isRunning.isEmpty()) {
            return false;
        }
        long now = now().toEpochMilli();
        Long until = now + (isRunning.get() ? SOON : AGAIN).toMillis();
        List<Long> behind = session.list(
                BEHIND, row -> row.getLong(1), app, key, notBefore, notBefore, callback.id(), now, PUT_OFF_BATCH);
        session.updateAll(
                "UPDATE callbacks SET due = ? WHERE id = ?",
                behind.stream().map(id -> new Object[] {until, id}).toList());
        putOff.addAll(behind);
        return true;
    }

    private Callback begin(Session session, Callback callback, Instant until) throws SQLException {
        int unused = session.update(
                "UPDATE callbacks SET state = 'running', attempts = ?, due = ?, gateway = ? WHERE id = ?",
                callback.attempts() + 1,
                until.toEpochMilli(),
                gateway,
                callback.id());
        if (callback.kind() != CallbackKind.RECEIVE) {
            return callback.begun(null, until);
        }
        byte[] message = session.list(
                        "SELECT message FROM callbacks WHERE id = ?", row -> row.getBytes(1), callback.id())
                .get(0);
        return callback.begun(message, until);
    }

    private Instant now() {
        return clock.instant();
    }
}
