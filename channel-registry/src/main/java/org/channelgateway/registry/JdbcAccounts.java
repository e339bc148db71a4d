package org.channelgateway.registry;

import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Applications and users in a table; a channel's account is its lease. Thread-safe. */
final class JdbcAccounts implements Accounts {
    private static final String FIND = "SELECT localpart, secret_hash, created FROM accounts WHERE localpart = ?";

    private final Database database;
    private final boolean hasLogins;
    private final SecureRandom random = new SecureRandom();

    /** @param hasLogins whether an outside server logs in with the accounts */
    JdbcAccounts(Database database, boolean hasLogins) {
        this.database = database;
        this.hasLogins = hasLogins;
    }

    @Override
    public void put(Account account) {
        if (account.kind() == AccountKind.CHANNEL) {
            throw new IllegalArgumentException("kind: CHANNEL (expected: APP or USER)");
        }
        database.with(session -> update(session, account) || insert(session, account));
    }

    private static boolean update(Session session, Account account) throws SQLException {
        return session.update(
                        "UPDATE accounts SET secret_hash = ? WHERE localpart = ?",
                        account.secret().bytes(),
                        account.localpart())
                > 0;
    }

    private static boolean insert(Session session, Account account) throws SQLException {
        try {
            session.update(
                    "INSERT INTO accounts (localpart, secret_hash, created) VALUES (?, ?, ?)",
                    account.localpart(),
                    account.secret().bytes(),
                    account.created().toEpochMilli());
            return true;
        } catch (SQLException e) {
            if (update(session, account)) { // another thread or process inserted it first
                return true;
            }
            throw e;
        }
    }

    @Override
    public void put(String localpart, AccountKind kind, String secret, Instant created) {
        put(new Account(localpart, kind, SecretHash.of(secret), created));
        if (hasLogins) {
            ScramKeys keys = ScramKeys.of(secret, random);
            int unused = database.with(session -> session.update(
                    "UPDATE accounts SET salt = ?, stored_key = ?, server_key = ? WHERE localpart = ?",
                    keys.salt(),
                    keys.storedKey(),
                    keys.serverKey(),
                    localpart));
        }
    }

    @Override
    public Optional<Account> find(String localpart) {
        return AccountKind.of(localpart)
                .flatMap(kind -> database.with(session -> session.first(FIND, row -> account(kind, row), localpart)));
    }

    private static Account account(AccountKind kind, ResultSet row) throws SQLException {
        return new Account(
                row.getString(1), kind, SecretHash.ofBytes(row.getBytes(2)), Instant.ofEpochMilli(row.getLong(3)));
    }

    @Override
    public List<String> localparts(AccountKind kind) {
        if (kind == AccountKind.CHANNEL) {
            throw new IllegalArgumentException("kind: CHANNEL (expected: APP or USER)");
        }
        return database.with(session -> session.list(
                "SELECT localpart FROM accounts WHERE localpart LIKE ? ORDER BY localpart",
                row -> row.getString(1),
                kind.prefix() + "%"));
    }

    @Override
    public void remove(String localpart) {
        database.with(session -> session.update("DELETE FROM accounts WHERE localpart = ?", localpart));
    }
}
