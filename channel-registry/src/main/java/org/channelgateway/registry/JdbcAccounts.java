package org.channelgateway.registry;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** Applications and users have rows of their own; a channel's account is read from its lease. Thread-safe. */
final class JdbcAccounts implements Accounts {
    private final Database database;

    JdbcAccounts(Database database) {
        this.database = database;
    }

    @Override
    public void put(Account account) {
        if (account.kind() == AccountKind.CHANNEL) {
            throw new IllegalArgumentException("kind: CHANNEL (expected: APP or USER)");
        }
        database.use(handle -> {
            if (!update(handle, account)) {
                insert(handle, account);
            }
        });
    }

    private static boolean update(Handle handle, Account account) {
        return handle.execute(
                        "UPDATE accounts SET secret_hash = ? WHERE localpart = ?",
                        account.secret().bytes(),
                        account.localpart())
                > 0;
    }

    private static void insert(Handle handle, Account account) {
        try {
            handle.execute(
                    "INSERT INTO accounts (localpart, secret_hash, created) VALUES (?, ?, ?)",
                    account.localpart(),
                    account.secret().bytes(),
                    account.created().toEpochMilli());
        } catch (UnableToExecuteStatementException e) {
            if (!update(handle, account)) { // unless another thread or process inserted it first
                throw e;
            }
        }
    }

    @Override
    public Optional<Account> find(String localpart) {
        return AccountKind.of(localpart)
                .flatMap(kind -> database.with(handle -> handle.createQuery(select(kind))
                        .bind(0, localpart)
                        .map((row, context) -> account(kind, row))
                        .findOne()));
    }

    private static String select(AccountKind kind) {
        return kind == AccountKind.CHANNEL
                ? "SELECT account, token_hash, created FROM leases WHERE account = ?"
                : "SELECT localpart, secret_hash, created FROM accounts WHERE localpart = ?";
    }

    private static Account account(AccountKind kind, ResultSet row) throws SQLException {
        return new Account(
                row.getString(1), kind, SecretHash.ofBytes(row.getBytes(2)), Instant.ofEpochMilli(row.getLong(3)));
    }

    @Override
    public void remove(String localpart) {
        String delete =
                AccountKind.of(localpart).filter(AccountKind.CHANNEL::equals).isPresent()
                        ? "DELETE FROM leases WHERE account = ?"
                        : "DELETE FROM accounts WHERE localpart = ?";
        database.use(handle -> handle.execute(delete, localpart));
    }
}
