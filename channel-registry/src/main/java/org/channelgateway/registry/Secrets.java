package org.channelgateway.registry;

import java.security.SecureRandom;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

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
        return database.with(handle -> find(handle, name).orElseGet(() -> make(handle, name)));
    }

    private static Optional<byte[]> find(Handle handle, String name) {
        return handle.createQuery("SELECT secret FROM secrets WHERE name = ?")
                .bind(0, name)
                .mapTo(byte[].class)
                .findOne();
    }

    private byte[] make(Handle handle, String name) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        try {
            handle.execute("INSERT INTO secrets (name, secret) VALUES (?, ?)", name, secret);
            return secret;
        } catch (UnableToExecuteStatementException e) {
            return find(handle, name).orElseThrow(() -> e); // another thread or process was first
        }
    }
}
