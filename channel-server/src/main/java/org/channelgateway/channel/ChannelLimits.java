package org.channelgateway.channel;

/**
 * How much of the service an application and its subscribers may use.
 *
 * @param sessionsPerToken most sessions of one token at once
 * @param leasesPerKey most live tokens of one key
 * @param leasesPerApp most live tokens of one application
 * @param publishesPerSecond most messages of one application, over any door
 * @param publishIds most messages of one application with an id within two minutes
 */
public record ChannelLimits(
        int sessionsPerToken, int leasesPerKey, int leasesPerApp, int publishesPerSecond, int publishIds) {
    public static final ChannelLimits DEFAULT =
            new ChannelLimits(100, 20_000, 1_000_000, 100_000, defaultPublishIds(1));

    /** No bound. */
    public static final ChannelLimits NONE = new ChannelLimits(
            Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, 1_000_000_000, defaultPublishIds(1));

    /** So many ids that those of all apps take no more than a quarter of the heap. */
    public static int defaultPublishIds(int apps) {
        return RecentPublishes.defaultReceipts(apps);
    }
}
