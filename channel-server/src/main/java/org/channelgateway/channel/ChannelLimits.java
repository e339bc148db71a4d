package org.channelgateway.channel;

/**
 * How much of the service an application and its subscribers may use.
 *
 * @param sessionsPerToken most sessions of one token at once
 * @param leasesPerKey most live tokens of one key
 * @param leasesPerApp most live tokens of one application
 * @param publishesPerSecond most messages of one application, over any door
 */
public record ChannelLimits(int sessionsPerToken, int leasesPerKey, int leasesPerApp, int publishesPerSecond) {
    public static final ChannelLimits DEFAULT = new ChannelLimits(100, 20_000, 1_000_000, 100_000);

    /** No bound. */
    public static final ChannelLimits NONE =
            new ChannelLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, 1_000_000_000);
}
