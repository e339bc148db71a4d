package org.channelgateway.registry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Publishes with an id in a table that all gateways share. Thread-safe. */
final class JdbcPublishReceipts implements PublishReceipts {
    private static final Duration KEPT = Duration.ofMinutes(2);
    /** A publish is given up sooner. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private static final String CLAIM = "INSERT INTO publishes (app, id, fingerprint, at) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (app, id) DO UPDATE SET fingerprint = excluded.fingerprint, receipts = NULL, at = excluded.at"
            + " WHERE publishes.at < ? OR (publishes.receipts IS NULL AND publishes.at < ?)";

    private static final String FORGET = "DELETE FROM publishes WHERE (app, id) IN ("
            + "SELECT app, id FROM publishes WHERE at < ? FETCH FIRST 1000 ROWS ONLY FOR UPDATE SKIP LOCKED)";

    private final Database database;
    private final InstantSource time;

    JdbcPublishReceipts(Database database, InstantSource time) {
        this.database = database;
        this.time = time;
    }

    @Override
    public Optional<Known> claim(String app, String id, long fingerprint) {
        long now = now();
        return database.with(session -> {
            int claimed =
                    session.update(CLAIM, app, id, fingerprint, now, now - KEPT.toMillis(), now - LONGEST.toMillis());
            return claimed == 1
                    ? Optional.empty()
                    : session.first(
                            "SELECT fingerprint, receipts FROM publishes WHERE app = ? AND id = ?",
                            row -> new Known(row.getLong(1), row.getString(2)),
                            app,
                            id);
        });
    }

    @Override
    public void done(String app, String id, String receipts) {
        int unused = database.with(session ->
                session.update("UPDATE publishes SET receipts = ? WHERE app = ? AND id = ?", receipts, app, id));
    }

    @Override
    public void drop(String app, String id) {
        int unused =
                database.with(session -> session.update("DELETE FROM publishes WHERE app = ? AND id = ?", app, id));
    }

    @Override
    public void forgetOld() {
        int unused = database.with(session -> session.update(FORGET, now() - KEPT.toMillis()));
    }

    private long now() {
        return time.instant().toEpochMilli();
    }
}
