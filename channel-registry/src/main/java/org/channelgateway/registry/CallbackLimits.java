package org.channelgateway.registry;

/**
 * How many callbacks an application may have that wait, and as many that have failed.
 *
 * @param perApp positive
 */
public record CallbackLimits(int perApp) {
    /** No bound. */
    public static final CallbackLimits NONE = new CallbackLimits(Integer.MAX_VALUE);

    public CallbackLimits {
        if (perApp < 1) {
            throw new IllegalArgumentException("perApp: " + perApp + " (expected: >= 1)");
        }
    }
}
