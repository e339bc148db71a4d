package org.channelgateway.registry;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Publishes with an id in a table that all gateways share. Thread-safe.
 *
 * <p>T1 fails and drops its claim between the two statements of T2: T2 did not get it and finds nobody who has it, so it tries again.
 */
final class JdbcPublishReceipts implements PublishReceipts {
    private static final Duration KEPT = Duration.ofMinutes(2);
    /** A publish is given up sooner. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private static final String CLAIM = "INSERT INTO publishes (app, id, fingerprint, claim, at) VALUES (?, ?, ?, ?, ?)"
            + " ON CONFLICT (app, id) DO UPDATE SET fingerprint = excluded.fingerprint, claim = excluded.claim,"
            + " receipts = NULL, at = excluded.at"
            + " WHERE publishes.at < ? OR (publishes.receipts IS NULL AND publishes.at < ?)";

    static final String LOOK = "SELECT fingerprint, receipts FROM publishes WHERE app = ? AND id = ?";

    static final String FORGET = "DELETE FROM publishes WHERE (app, id) IN ("
            + "SELECT app, id FROM publishes WHERE at < ? FETCH FIRST 1000 ROWS ONLY FOR UPDATE SKIP LOCKED)";

    /** It goes from one to the next so fast, and is there at no look, only when something is wrong. */
    private static final int MOST_TRIES = 100;

    private final SecureRandom random = new SecureRandom();
    private final Database database;
    private final InstantSource time;

    JdbcPublishReceipts(Database database, InstantSource time) {
        this.database = database;
        this.time = time;
    }

    @Override
    public Claim claim(String app, String id, long fingerprint) {
        Mine mine = new Mine(random.nextLong());
        return database.with(session -> {
            for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
                if (insert(session, app, id, fingerprint, mine)) {
                    return mine;
                }
                Optional<Known> known =
                        session.first(LOOK, row -> new Known(row.getLong(1), row.getString(2)), app, id);
                if (known.isPresent()) {
                    return known.get();
                }
            }
            throw RegistryException.brief("id: changes hands all the time (expected: one publish with it)");
        });
    }

    private boolean insert(Session session, String app, String id, long fingerprint, Mine mine) throws SQLException {
        long now = now();
        return session.update(
                        CLAIM,
                        app,
                        id,
                        fingerprint,
                        mine.number(),
                        now,
                        now - KEPT.toMillis(),
                        now - LONGEST.toMillis())
                == 1;
    }

    @Override
    public void done(String app, String id, Mine claim, String receipts) {
        int unused = database.with(session -> session.update(
                "UPDATE publishes SET receipts = ? WHERE app = ? AND id = ? AND claim = ?",
                receipts,
                app,
                id,
                claim.number()));
    }

    @Override
    public void drop(String app, String id, Mine claim) {
        int unused = database.with(session -> session.update(
                "DELETE FROM publishes WHERE app = ? AND id = ? AND claim = ?", app, id, claim.number()));
    }

    @Override
    public void forgetOld() {
        int unused = database.with(session -> session.update(FORGET, now() - KEPT.toMillis()));
    }

    private long now() {
        return time.instant().toEpochMilli();
    }
}
