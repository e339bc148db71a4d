package org.channelgateway.registry;

/** The database, its file or its directory did not do what was asked. */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegistryException(String message) {
        super(message);
    }

    RegistryException(String message, Throwable cause) {
        super(message, cause);
    }

    private RegistryException(String message, boolean traced) {
        super(message, null, false, traced);
    }

    /** For what happens to many calls in a row: without cause and trace, so that each is a line in the log. */
    static RegistryException brief(String message) {
        return new RegistryException(message.lines().findFirst().orElse(""), false);
    }
}
