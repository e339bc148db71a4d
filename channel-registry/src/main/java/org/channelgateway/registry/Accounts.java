package org.channelgateway.registry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The accounts of applications and users; those of channels are {@link Leases}. Thread-safe. What fails for reasons outside is a {@link RegistryException}. */
public interface Accounts {
    /**
     * Adds an application or a user, or gives an existing one a new secret (its {@code created} stays).
     *
     * @throws IllegalArgumentException for a channel's account: that comes with its lease only
     */
    void put(Account account);

    /** The same with the secret itself, so that an outside XMPP server can check it, too. */
    void put(String localpart, AccountKind kind, String secret, Instant created);

    /** The application or user of that name. */
    Optional<Account> find(String localpart);

    /**
     * The localparts of all applications, or of all users, in order.
     *
     * @throws IllegalArgumentException for channels' accounts: there are too many
     */
    List<String> localparts(AccountKind kind);

    /** Removes the application or user of that name if there is one. */
    void remove(String localpart);
}
