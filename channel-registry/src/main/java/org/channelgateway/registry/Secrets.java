package org.channelgateway.registry;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Optional;

/** Random secrets that all gateways of one registry share. Thread-safe. */
public final class Secrets {
    private static final int BYTES = 32;
    private static final int MAX_NAME_LENGTH = 64;

    private final Database database;
    private final SecureRandom random = new SecureRandom();

    Secrets(Database database) {
        this.database = database;
    }

    /**
     * The 32 bytes of this name, made at first use. Any number of processes that ask at once get the same.
     *
     * @param name 1 to 64 characters of {@code [a-z0-9._-]}
     */
    public byte[] get(String name) {
        Account.checkName("name", name, MAX_NAME_LENGTH);
        return database.with(session -> {
            Optional<byte[]> found = find(session, name);
            return found.isPresent() ? found.get() : make(session, name);
        });
    }

    private static Optional<byte[]> find(Session session, String name) throws SQLException {
        return session.first("SELECT secret FROM secrets WHERE name = ?", row -> row.getBytes(1), name);
    }

    private byte[] make(Session session, String name) throws SQLException {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        try {
            session.update("INSERT INTO secrets (name, secret) VALUES (?, ?)", name, secret);
            return secret;
        } catch (SQLException e) {
            return find(session, name).orElseThrow(() -> e); // another thread or process was first
        }
    }
}
