package org.channelgateway.limit;

/**
 * How much one request may send to many keys.
 *
 * @param maxBytes longest body
 * @param maxKeys most keys
 */
public record BatchLimits(int maxBytes, int maxKeys) {
    public static final BatchLimits DEFAULT = new BatchLimits(1 << 20, 1000);
}
