package org.channelgateway.registry;

import java.util.List;
import java.util.Optional;

/** The accounts of all kinds. Thread-safe. What fails for reasons outside is a {@link RegistryException}. */
public interface Accounts {
    /**
     * Adds an application or a user, or gives an existing one a new secret (its {@code created} stays).
     *
     * @throws IllegalArgumentException for a channel's account: that comes with its lease only
     */
    void put(Account account);

    /** The account of that name; a channel's until its lease is swept or revoked, expired or not. */
    Optional<Account> find(String localpart);

    /**
     * The localparts of all applications, or of all users, in order.
     *
     * @throws IllegalArgumentException for channels' accounts: there are too many
     */
    List<String> localparts(AccountKind kind);

    /** Removes the account if there is one; a channel's account takes its lease with it. */
    void remove(String localpart);
}
