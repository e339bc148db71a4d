package org.channelgateway.registry;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Leases in a table; new ones are written in groups. Thread-safe. */
final class JdbcLeases implements Leases {
    /** {@code app} leads the order as it leads the index, so that rows come sorted and the scan ends with the page. */
    static final String LIST = "SELECT channel_key FROM leases"
            + " WHERE app = ? AND channel_key >= ? AND channel_key < ? AND expires > ?"
            + " ORDER BY app, channel_key, expires FETCH FIRST ? ROWS ONLY";

    /** Not ordered: H2 would sort all expired rows under FOR UPDATE; the index gives the oldest first anyway. */
    static final String SWEEP = "SELECT " + LeaseRow.COLUMNS + " FROM leases"
            + " WHERE expires <= ? FETCH FIRST ? ROWS ONLY FOR UPDATE SKIP LOCKED";

    /** What {@link #revoke(String, ChannelKey)} removes. */
    static final String REMOVE_KEY = "DELETE FROM leases WHERE app = ? AND channel_key = ?";

    private static final String SELECT = "SELECT " + LeaseRow.COLUMNS + " FROM leases ";
    private static final String ROW = "WHERE expires = ? AND token_hash = ?"; // the expiry leads the index

    /** What {@link #find} reads: a token names its expiry; with another one it would be another token. */
    static final String BY_TOKEN = SELECT + ROW;

    /** What {@link #revoke(String, Token)} removes. */
    static final String REMOVE_TOKEN = "DELETE FROM leases " + ROW + " AND app = ?";

    private static final String LOOK =
            "SELECT COUNT(*), MAX(expires) FROM leases WHERE app = ? AND channel_key = ? AND expires > ?";

    /** At most so many: no more of them are looked at than the answer needs. */
    static final String LIVE_OF_KEY = "SELECT COUNT(*) FROM (SELECT 1 FROM leases"
            + " WHERE app = ? AND channel_key = ? AND expires > ? FETCH FIRST ? ROWS ONLY) AS found";

    private static final String EXPIRED_OF_APP = "SELECT COUNT(*) FROM (SELECT 1 FROM leases"
            + " WHERE expires <= ? AND app = ? FETCH FIRST ? ROWS ONLY) AS found";

    /** Leases that are over and wait for the sweeper do not count, unless they are more than so many. */
    private static final int MAX_EXPIRED = 1000;

    private static final int MAX_GROUP = 256;
    private final Database database;
    private final LeaseLimits limits;
    private final LeaseCounts counts;
    private final FullKeys full;
    private final InstantSource time;
    private final Vendor vendor;
    private final boolean hasLogins;
    private final SecureRandom random = new SecureRandom();
    private final GroupCommit<LeaseRow> writer;

    /**
     * @param full those that {@code counts} knows, too
     * @param patience how long a create waits for the writes of others
     * @param hasLogins whether an outside server logs in with the accounts
     */
    JdbcLeases(
            Database database,
            Vendor vendor,
            InstantSource time,
            LeaseLimits limits,
            LeaseCounts counts,
            FullKeys full,
            Duration patience,
            boolean hasLogins) {
        this.database = database;
        this.vendor = vendor;
        this.limits = limits;
        this.counts = counts;
        this.full = full;
        this.time = time;
        this.hasLogins = hasLogins;
        this.writer = new GroupCommit<>(
                MAX_GROUP,
                patience,
                rows -> database.inTransaction(session -> {
                    LeaseRow.insert(session, rows, vendor);
                    counts.added(session, rows);
                    return rows.size();
                }));
    }

    @Override
    public List<Attempt<IssuedLease>> create(String app, List<Wanted> wanted) {
        List<LeaseRow> rows = new ArrayList<>(wanted.size());
        List<Attempt<IssuedLease>> attempts = new ArrayList<>(wanted.size());
        try {
            for (Wanted one : wanted) {
                attempts.add(plan(app, one, rows));
            }
            if (!rows.isEmpty()) {
                writer.writeAll(rows);
            }
        } catch (RuntimeException | Error e) {
            rows.forEach(row -> counts.notAdded(app, row.lease().key()));
            throw e;
        }
        return attempts;
    }

    /** @param rows gets what is to be written when there is room for it */
    private Attempt<IssuedLease> plan(String app, Wanted wanted, List<LeaseRow> rows) {
        if (wanted.lifetime().isNegative() || wanted.lifetime().isZero()) {
            throw new IllegalArgumentException("lifetime: " + wanted.lifetime() + " (expected: > PT0S)");
        }
        Instant created = now().truncatedTo(ChronoUnit.MILLIS);
        Instant expires = wholeSecond(created.plus(wanted.lifetime()));
        Token token = Token.issue(random, expires);
        LeaseRow bare = LeaseRow.of(SecretHash.of(token.value()), app, wanted.key(), created, expires);
        LeaseRow row = hasLogins ? bare.withKeys(ScramKeys.of(token.value(), random), token) : bare;
        LeaseCounts.After after = counts.adding(app, wanted.key(), rows);
        try {
            checkRoom(app, wanted.key(), after, rows);
        } catch (TooManyLeasesException e) {
            counts.notAdded(app, wanted.key());
            return Attempt.refused(e);
        } catch (RuntimeException | Error e) {
            counts.notAdded(app, wanted.key());
            throw e;
        }
        rows.add(row);
        return Attempt.made(new IssuedLease(token, row.lease()));
    }

    /** @param planned what is to be written before */
    private void checkRoom(String app, ChannelKey key, LeaseCounts.After after, List<LeaseRow> planned) {
        long over = after.ofApp() - limits.perApp();
        if (over > 0 && (over > MAX_EXPIRED || count(EXPIRED_OF_APP, now().toEpochMilli(), app, (int) over) < over)) {
            throw new TooManyLeasesException(false, limits.perApp());
        }
        if (limits.perKey() < Integer.MAX_VALUE
                && after.ofKeyAtMost() > limits.perKey()
                && (full.contains(app, key) || !hasRoom(app, key, after, planned))) {
            throw new TooManyLeasesException(true, limits.perKey());
        }
    }

    private boolean hasRoom(String app, ChannelKey key, LeaseCounts.After after, List<LeaseRow> planned) {
        long removals = full.removals();
        int live = count(LIVE_OF_KEY, app, key.bytes(), now().toEpochMilli(), limits.perKey());
        if (live >= limits.perKey()) {
            full.add(app, key, after.ofApp(), removals);
            return false;
        }
        return live
                        + planned.stream()
                                .filter(row -> row.lease().key().equals(key))
                                .count()
                < limits.perKey();
    }

    private int count(String sql, Object... arguments) {
        return database.with(session -> session.list(sql, row -> row.getInt(1), arguments))
                .get(0);
    }

    private static Instant wholeSecond(Instant time) {
        Instant down = time.truncatedTo(ChronoUnit.SECONDS);
        return down.equals(time) ? down : down.plusSeconds(1);
    }

    @Override
    public Optional<Lease> find(Token token) {
        return database.with(session ->
                        session.first(BY_TOKEN, LeaseRow::read, token.expiry().toEpochMilli(), token.hash()))
                .map(LeaseRow::lease);
    }

    @Override
    public Optional<Lease> authenticate(String account, Token token) {
        return find(token).filter(lease -> lease.account().equals(account));
    }

    @Override
    public Optional<KeySummary> look(String app, ChannelKey key) {
        return database.with(session -> session.list(
                        LOOK,
                        row -> row.getInt(1) == 0
                                ? Optional.<KeySummary>empty()
                                : Optional.of(new KeySummary(key, row.getInt(1), Instant.ofEpochMilli(row.getLong(2)))),
                        app,
                        key.bytes(),
                        now().toEpochMilli()))
                .get(0);
    }

    /** Reads as many rows as keys are missing, then goes on behind the last key: the other leases of a key are skipped. */
    @Override
    public List<ChannelKey> list(String app, String prefix, @Nullable ChannelKey after, int limit) {
        checkLimit(limit);
        List<ChannelKey> keys = new ArrayList<>();
        long now = now().toEpochMilli();
        return database.with(session -> {
            ChannelKey last = after;
            int rows;
            int wanted;
            do {
                wanted = limit - keys.size();
                List<ChannelKey> page = page(session, app, KeyRange.of(prefix, last), now, wanted);
                rows = page.size();
                page.stream().distinct().forEach(keys::add);
                last = rows == 0 ? last : page.get(rows - 1);
            } while (rows == wanted && keys.size() < limit);
            return keys;
        });
    }

    private static List<ChannelKey> page(Session session, String app, KeyRange range, long now, int limit)
            throws SQLException {
        return session.list(
                LIST, row -> ChannelKey.ofStored(row.getBytes(1)), app, range.from(), range.end(), now, limit);
    }

    private static void checkLimit(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: >= 1)");
        }
    }

    @Override
    public List<Lease> revoke(String app, ChannelKey key) {
        return live(remove(REMOVE_KEY, app, key.bytes()));
    }

    @Override
    public Optional<Lease> revoke(String app, Token token) {
        return live(remove(REMOVE_TOKEN, token.expiry().toEpochMilli(), token.hash(), app)).stream()
                .findFirst();
    }

    /** One statement says what it removed: a lease goes to one of many that remove it at once. */
    private List<Lease> remove(String delete, Object... arguments) {
        List<Lease> removed = database.inTransaction(session -> {
            List<Lease> gone = leases(session.list(vendor.removed(delete), LeaseRow::read, arguments));
            counts.removing(session, gone, now());
            return gone;
        });
        counts.removed(removed);
        full.removed(removed);
        return removed;
    }

    private static List<Lease> leases(List<LeaseRow> rows) {
        return rows.stream().map(LeaseRow::lease).toList();
    }

    private List<Lease> live(List<Lease> removed) {
        Instant now = now();
        return removed.stream().filter(lease -> lease.isLive(now)).toList();
    }

    /** A lease that another transaction has locked is its to remove and to report. */
    @Override
    public List<Lease> sweep(int limit) {
        checkLimit(limit);
        List<Lease> swept = leases(database.inTransaction(session -> {
            Instant now = now();
            List<LeaseRow> rows = session.list(SWEEP, LeaseRow::read, now.toEpochMilli(), limit);
            session.updateAll(
                    "DELETE FROM leases " + ROW,
                    rows.stream()
                            .map(row -> new Object[] {
                                row.lease().expires().toEpochMilli(),
                                row.token().bytes()
                            })
                            .toList());
            counts.removing(session, leases(rows), now);
            return rows;
        }));
        counts.removed(swept);
        full.removed(swept);
        return swept;
    }

    @Override
    public long live() {
        return database.with(session -> session.list(vendor.live(), row -> row.getLong(1), now().toEpochMilli())
                .get(0));
    }

    @Override
    public Instant now() {
        return time.instant();
    }
}
