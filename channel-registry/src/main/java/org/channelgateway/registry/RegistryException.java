package org.channelgateway.registry;

/** The database, its file or its directory did not do what was asked. */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final boolean isNew;

    RegistryException(String message) {
        super(message);
        this.isNew = true;
    }

    RegistryException(String message, Throwable cause) {
        super(message, cause);
        this.isNew = true;
    }

    /** Without cause and trace. */
    private RegistryException(boolean isNew, String message) {
        super(message, null, false, false);
        this.isNew = isNew;
    }

    /** For what happens to many calls in a row: without cause and trace, so that each is a line in the log. */
    static RegistryException brief(String message) {
        return new RegistryException(true, message.lines().findFirst().orElse(""));
    }

    /** For what the database is not asked for, since it did not answer a moment ago. */
    static RegistryException notAsked() {
        return new RegistryException(
                false, "the registry's database did not answer a moment ago (expected: one that answers)");
    }

    /** False when it says only what another one has said a moment before. */
    public boolean isNew() {
        return isNew;
    }
}
