package org.channelgateway.registry;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Presences in a table; those that come at once are written together. Thread-safe. */
final class JdbcPresences implements Presences {
    private static final int MAX_GROUP = 256;
    private static final int BATCH = 500;

    /** Who left a moment ago: not told yet. */
    static final String LEAVING = "SELECT id FROM callbacks WHERE app = ? AND channel_key = ? AND state = 'queued'"
            + " AND not_before > ? AND kind = 'disconnected' FETCH FIRST 1 ROW ONLY FOR UPDATE SKIP LOCKED";

    private static final String INSERT =
            "INSERT INTO presences (id, app, channel_key, gateway, since) VALUES (?, ?, ?, ?, ?)";
    private static final String DELETE = "DELETE FROM presences WHERE id = ?";

    private final SecureRandom random = new SecureRandom();
    private final String insert;
    private final Database database;
    private final CallbackRows callbacks;
    private final InstantSource time;
    private final String gateway;
    private final boolean outliveGateways;
    /** One after the other, so that who comes sees who left before. */
    private final GroupCommit<Event> writer;

    private sealed interface Event {
        /** One that is refused is told so by {@code refused}, and the others of its group are not. */
        record Arrival(PresenceId id, String app, ChannelKey key, List<Departure> before, AtomicBoolean refused)
                implements Event {}

        record Departures(List<Departure> all) implements Event {}
    }

    private record Present(String app, ChannelKey key, Instant since) {}

    /**
     * @param gateway the name of this one, at most 64 characters
     * @param outliveGateways whether the sessions are at a server that gateways share, and go on without any of them
     * @param patience how long a write waits for those of others
     */
    JdbcPresences(
            Database database,
            Vendor vendor,
            CallbackRows callbacks,
            InstantSource time,
            String gateway,
            boolean outliveGateways,
            Duration patience) {
        this.insert = vendor.unlessThere(INSERT);
        this.outliveGateways = outliveGateways;
        this.database = database;
        this.callbacks = callbacks;
        this.time = time;
        this.gateway = gateway;
        this.writer = new GroupCommit<>(
                MAX_GROUP,
                patience,
                events -> database.inTransaction(session -> {
                    for (Event event : events) {
                        note(session, event);
                    }
                    return events.size();
                }));
    }

    private void note(Session session, Event event) throws SQLException {
        if (event instanceof Event.Arrival arrival) {
            arrive(session, arrival);
        } else if (event instanceof Event.Departures departures) {
            for (Departure departure : departures.all) {
                depart(session, departure);
            }
        } else {
            throw new AssertionError(event);
        }
    }

    @Override
    public void arrive(PresenceId id, String app, ChannelKey key, List<Departure> before) {
        Event.Arrival arrival = new Event.Arrival(id, app, key, List.copyOf(before), new AtomicBoolean());
        writer.write(arrival);
        if (arrival.refused.get()) {
            throw callbacks.full();
        }
    }

    private void arrive(Session session, Event.Arrival arrival) throws SQLException {
        for (Departure departure : arrival.before) {
            depart(session, departure);
        }
        arrival.refused.set(!arrive(session, arrival.id, arrival.app, arrival.key));
    }

    /**
     * One that is there already is left as it is: an end of it that nobody heard of is told to nobody, and neither is its return.
     *
     * @return false when the application has as many callbacks as it may have; then nothing is noted
     */
    boolean arrive(Session session, PresenceId id, String app, ChannelKey key) throws SQLException {
        Instant now = time.instant();
        boolean isNew = session.update(insert, id.value(), app, key.bytes(), gateway, now.toEpochMilli()) == 1;
        boolean isTold = !isNew || takesPlace(session, app, key, now) || tellConnected(session, app, key, now);
        if (!isTold) {
            int unused = session.update(DELETE, id.value());
        }
        return isTold;
    }

    private boolean takesPlace(Session session, String app, ChannelKey key, Instant now) throws SQLException {
        Optional<Long> leaving = session.first(LEAVING, row -> row.getLong(1), app, key.bytes(), now.toEpochMilli());
        if (leaving.isEmpty()) {
            return false;
        }
        int unused = session.update("DELETE FROM callbacks WHERE id = ?", leaving.get());
        callbacks.changed(app, -1);
        return true;
    }

    private boolean tellConnected(Session session, String app, ChannelKey key, Instant now) throws SQLException {
        if (!callbacks.hasRoom(app)) {
            return false;
        }
        callbacks.insertLast(session, CallbackKind.CONNECTED, anyName(), app, key, null, now);
        callbacks.changed(app, 1);
        return true;
    }

    /** A session may come back by the name that it had: what is told of it is another callback each time. */
    private String anyName() {
        return PresenceId.random(random).value();
    }

    @Override
    public void depart(List<Departure> departures) {
        writer.write(new Event.Departures(List.copyOf(departures)));
    }

    /** One that never came is left out. */
    void depart(Session session, Departure departure) throws SQLException {
        String id = departure.id().value();
        Optional<Present> present = session.first(
                "SELECT app, channel_key, since FROM presences WHERE id = ?",
                row -> new Present(
                        row.getString(1), ChannelKey.ofStored(row.getBytes(2)), Instant.ofEpochMilli(row.getLong(3))),
                id);
        if (present.isEmpty() || session.update(DELETE, id) == 0) {
            return;
        }
        Present gone = present.get();
        Instant told = departure.told();
        CallbackRows.insertAt(
                session,
                CallbackKind.DISCONNECTED,
                anyName(),
                gone.app,
                gone.key,
                told.isBefore(gone.since) ? gone.since : told); // a clock that was set back does not change the order
        callbacks.changed(gone.app, 1);
    }

    @Override
    public int departAll(Duration grace) {
        if (outliveGateways) {
            return 0;
        }
        Instant told = time.instant().plus(grace);
        int all = 0;
        List<Departure> batch;
        do {
            batch = database.with(session -> session.list(
                    "SELECT id FROM presences WHERE gateway = ? FETCH FIRST ? ROWS ONLY",
                    row -> new Departure(new PresenceId(row.getString(1)), told),
                    gateway,
                    BATCH));
            depart(batch);
            all += batch.size();
        } while (batch.size() == BATCH);
        return all;
    }

    @Override
    public int forgetOthers(Set<String> apps) {
        return database.with(session -> {
            int forgotten = 0;
            for (String app : session.list("SELECT DISTINCT app FROM presences", row -> row.getString(1))) {
                if (!apps.contains(app)) {
                    forgotten += session.update("DELETE FROM presences WHERE app = ? AND gateway = ?", app, gateway);
                }
            }
            return forgotten;
        });
    }

    @Override
    public int count() {
        return database.with(session -> session.list("SELECT COUNT(*) FROM presences", row -> row.getInt(1)))
                .get(0);
    }
}
