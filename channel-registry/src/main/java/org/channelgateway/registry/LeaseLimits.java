package org.channelgateway.registry;

/**
 * How many live leases there may be.
 *
 * @param perKey of one key, positive
 * @param perApp of one application, positive
 */
public record LeaseLimits(int perKey, int perApp) {
    /** No bound. */
    public static final LeaseLimits NONE = new LeaseLimits(Integer.MAX_VALUE, Integer.MAX_VALUE);

    public LeaseLimits {
        positive("perKey", perKey);
        positive("perApp", perApp);
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }
}
