package org.channelgateway.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Sessions in a table that all gateways share. Thread-safe. */
final class JdbcSessions implements Sessions {
    private static final Duration CLAIM = Duration.ofMinutes(1);
    /** So long the gateway that holds a session's poll has to notice, which tells its page why it ends. Revoked ones do not wait. */
    private static final Duration GRACE = DatabaseClock.EVERY.multipliedBy(2);

    private static final String NOTE =
            "INSERT INTO sessions (account, resource, app, channel_key, created, expires, since, claimed)"
                    + " SELECT account, ?, app, channel_key, created, expires, ?, 0 FROM leases WHERE account = ? AND expires > ?"
                    + " FOR KEY SHARE ON CONFLICT (account, resource) DO NOTHING"
                    + " RETURNING account, app, channel_key, created, expires";

    private static final String FORGET = "DELETE FROM sessions WHERE account = ? AND resource = ?"
            + " RETURNING account, app, channel_key, created, expires";

    /** What a connect reads. */
    static final String LOGIN_KEYS =
            "SELECT client_key, server_key FROM leases WHERE expires = ? AND token_hash = ? AND client_key IS NOT NULL";

    private static final String LEASE = "SELECT account, app, channel_key, created, expires FROM ";

    /** What a publish reads. */
    static final String OF_KEY =
            "SELECT account, resource FROM sessions WHERE app = ? AND channel_key = ? AND expires > ?";

    /** What a publish to many keys reads. */
    static final String OF_KEYS = "SELECT account, resource, channel_key FROM sessions"
            + " WHERE app = ? AND channel_key = ANY(?) AND expires > ?";

    static final String COUNT_OF_KEY =
            "SELECT COUNT(*) FROM sessions WHERE app = ? AND channel_key = ? AND expires > ?";

    static final String CLAIM_OVER = "UPDATE sessions SET claimed = ? WHERE (account, resource) IN ("
            + "SELECT account, resource FROM sessions WHERE expires <= ? AND claimed <= ?"
            + " FETCH FIRST ? ROWS ONLY FOR UPDATE SKIP LOCKED) RETURNING account, resource";

    private static final String PAGE =
            "SELECT account, resource, since FROM sessions WHERE (account, resource) > (?, ?)"
                    + " ORDER BY account, resource FETCH FIRST ? ROWS ONLY";

    private final Database database;
    private final InstantSource time;
    private final JdbcPresences presences;

    JdbcSessions(Database database, InstantSource time, JdbcPresences presences) {
        this.database = database;
        this.time = time;
        this.presences = presences;
    }

    @Override
    public Optional<Opened> open(SessionName name, Predicate<String> hears) {
        long now = now();
        return database.inTransaction(session -> {
            Optional<Lease> noted = session.first(NOTE, JdbcSessions::lease, name.resource(), now, name.account(), now);
            boolean isNew = noted.isPresent();
            Optional<Lease> found = isNew ? noted : lease(session, name.account(), now);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Lease lease = found.get();
            boolean isTold = !isNew
                    || !hears.test(lease.app())
                    || presences.arrive(session, name.presence(), lease.app(), lease.key());
            return Optional.of(new Opened(lease, isNew, !isTold));
        });
    }

    @Override
    public Optional<LoginKeys> loginKeys(Token token) {
        return database.with(session -> session.first(
                LOGIN_KEYS,
                row -> new LoginKeys(ScramKeys.mask(row.getBytes(1), token.value()), row.getBytes(2)),
                token.expiry().toEpochMilli(),
                token.hash()));
    }

    @Override
    public Optional<Lease> lease(String account) {
        return database.with(session -> lease(session, account, now()));
    }

    private static Optional<Lease> lease(Session session, String account, long now) throws SQLException {
        return session.first(LEASE + "leases WHERE account = ? AND expires > ?", JdbcSessions::lease, account, now);
    }

    @Override
    public Optional<Lease> close(SessionName name, Duration grace) {
        Presences.Departure departure =
                new Presences.Departure(name.presence(), time.instant().plus(grace));
        return database.inTransaction(session -> {
            Optional<Lease> lease = session.first(FORGET, JdbcSessions::lease, name.account(), name.resource());
            presences.depart(session, departure);
            return lease;
        });
    }

    /** A revoked one has lost its expiry: it reads as over since just after it was made. */
    private static Lease lease(ResultSet row) throws SQLException {
        long created = row.getLong(4);
        return new Lease(
                row.getString(1),
                row.getString(2),
                ChannelKey.ofStored(row.getBytes(3)),
                Instant.ofEpochMilli(created),
                Instant.ofEpochMilli(Math.max(row.getLong(5), created + 1)));
    }

    private static SessionName name(ResultSet row) throws SQLException {
        return new SessionName(row.getString(1), row.getString(2));
    }

    @Override
    public List<SessionName> of(String app, ChannelKey key) {
        return database.with(session -> session.list(OF_KEY, JdbcSessions::name, app, key.bytes(), now()));
    }

    @Override
    public Map<ChannelKey, List<SessionName>> of(String app, Collection<ChannelKey> keys) {
        byte[][] wanted = keys.stream().distinct().map(ChannelKey::bytes).toArray(byte[][]::new);
        Map<ChannelKey, List<SessionName>> found = new HashMap<>();
        if (wanted.length == 0) {
            return found;
        }
        List<SessionName> unused = database.with(session -> session.list(
                OF_KEYS,
                row -> {
                    SessionName name = name(row);
                    found.computeIfAbsent(ChannelKey.ofStored(row.getBytes(3)), key -> new ArrayList<>())
                            .add(name);
                    return name;
                },
                app,
                wanted,
                now()));
        return found;
    }

    @Override
    public int count(String app, ChannelKey key) {
        return count(COUNT_OF_KEY, app, key.bytes(), now());
    }

    @Override
    public int ofAccount(String account) {
        return count("SELECT COUNT(*) FROM sessions WHERE account = ?", account);
    }

    @Override
    public long count() {
        return count("SELECT COUNT(*) FROM sessions");
    }

    private int count(String sql, Object... arguments) {
        return database.with(session -> session.list(sql, row -> row.getInt(1), arguments))
                .get(0);
    }

    @Override
    public List<SessionName> claimOver(int limit) {
        checkLimit(limit);
        long now = now();
        return database.with(session -> session.list(
                CLAIM_OVER, JdbcSessions::name, now + CLAIM.toMillis(), now - GRACE.toMillis(), now, limit));
    }

    @Override
    public boolean claimComparison(Instant notSince) {
        return database.with(session -> session.update(
                        "UPDATE sessions_compared SET began = ? WHERE began < ?", now(), notSince.toEpochMilli()))
                == 1;
    }

    @Override
    public List<Noted> page(@Nullable SessionName after, int limit) {
        checkLimit(limit);
        return database.with(session -> session.list(
                PAGE,
                row -> new Noted(name(row), Instant.ofEpochMilli(row.getLong(3))),
                after == null ? "" : after.account(),
                after == null ? "" : after.resource(),
                limit));
    }

    private static void checkLimit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: >= 1)");
        }
    }

    private long now() {
        return time.instant().toEpochMilli();
    }
}
