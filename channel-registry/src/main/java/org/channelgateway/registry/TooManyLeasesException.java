package org.channelgateway.registry;

/** A lease was not made, because there are as many as there may be. */
public final class TooManyLeasesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean ofKey;

    TooManyLeasesException(boolean ofKey, int most) {
        super(
                "leases: " + most + " of this " + (ofKey ? "key" : "app") + " already (expected: fewer)",
                null,
                false,
                false);
        this.ofKey = ofKey;
    }

    /** True when it is the key that has too many, false when it is the application. */
    public boolean ofKey() {
        return ofKey;
    }
}
