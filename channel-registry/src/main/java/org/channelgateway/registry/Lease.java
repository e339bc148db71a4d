package org.channelgateway.registry;

import java.time.Instant;

/**
 * The right of one account to hear one channel until it expires. Immutable: no lease is ever extended.
 *
 * @param account the localpart of its account, {@code ch-…}
 * @param app name of the application that made it, 1 to 124 characters of {@code [a-z0-9._-]}
 * @param created to the millisecond
 * @param expires a whole second, the one that the token names; the first instant at which the lease is over
 */
public record Lease(String account, String app, ChannelKey key, Instant created, Instant expires) {
    static final int MAX_APP_LENGTH = 124; // with "app-" a localpart

    public Lease {
        if (!account.startsWith(AccountKind.CHANNEL.prefix())) {
            throw new IllegalArgumentException("account: " + account + " (expected: ch-…)");
        }
        Account.checkName("app", app, MAX_APP_LENGTH);
        if (!expires.isAfter(created)) {
            throw new IllegalArgumentException("expires: " + expires + " (expected: after " + created + ")");
        }
    }

    public boolean isLive(Instant now) {
        return now.isBefore(expires);
    }
}
