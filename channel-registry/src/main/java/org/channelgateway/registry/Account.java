package org.channelgateway.registry;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Who may log in.
 *
 * @param localpart what stands before the {@code @} of the JID: the prefix of the kind and a name of {@code [a-z0-9._-]}, at most
 *     128 characters in all
 * @param created kept to the millisecond
 */
public record Account(String localpart, AccountKind kind, SecretHash secret, Instant created) {
    private static final int MAX_LENGTH = 128;
    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]+");

    public Account {
        if (!localpart.startsWith(kind.prefix()) || localpart.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("localpart: " + shown(localpart) + " (expected: " + kind.prefix()
                    + "…, at most " + MAX_LENGTH + " characters)");
        }
        checkName("localpart", localpart.substring(kind.prefix().length()), MAX_LENGTH);
    }

    /** Refuses what cannot be a part of a localpart. */
    static void checkName(String field, String name, int maxLength) {
        if (name.length() > maxLength || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    field + ": " + shown(name) + " (expected: 1.." + maxLength + " characters of [a-z0-9._-])");
        }
    }

    private static String shown(String name) {
        return NAME.matcher(name).matches() && name.length() <= MAX_LENGTH ? name : name.length() + " characters";
    }
}
