package org.channelgateway.registry;

import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of accounts. Each has its own prefix of the localpart, so accounts of two kinds never share a name. */
public enum AccountKind {
    /** An application; its localpart is {@code app-} and the name in the settings. */
    APP("app-"),
    /** A person or program with a name of its own. */
    USER("usr-"),
    /** One of the gateways' own at an outside XMPP server. */
    ADMIN("adm-"),
    /** The temporary account of one lease. */
    CHANNEL("ch-");

    private final String prefix;

    AccountKind(String prefix) {
        this.prefix = prefix;
    }

    public String prefix() {
        return prefix;
    }

    /** The localpart of the account of this kind called {@code name}. */
    public String localpart(String name) {
        return prefix + name;
    }

    /** The name that {@link #localpart} made {@code localpart} of. */
    public String name(String localpart) {
        if (!localpart.startsWith(prefix)) {
            throw new IllegalArgumentException("localpart: " + localpart + " (expected: " + prefix + "…)");
        }
        return localpart.substring(prefix.length());
    }

    /** The kind that a localpart belongs to by its prefix. */
    public static Optional<AccountKind> of(String localpart) {
        return Stream.of(values())
                .filter(kind -> localpart.startsWith(kind.prefix))
                .findFirst();
    }
}
