package org.channelgateway.limit;

/**
 * How many clients there may be by one transport.
 *
 * @param most at once
 * @param mostPerAddress of one address
 * @param mostLogins that have not logged in
 * @param mostLoginsPerAddress of one address that have not logged in
 * @param networks what an address is, and which of them are not counted
 */
public record PlaceLimits(int most, int mostPerAddress, int mostLogins, int mostLoginsPerAddress, Networks networks) {
    /** Over TCP, where a client without a login costs 19 KB. */
    public static final PlaceLimits OF_TCP = new PlaceLimits(50_000, 2000, 2000, 50, Networks.WITHOUT_LOOPBACK);

    /** Over BOSH. */
    public static final PlaceLimits OF_BOSH =
            new PlaceLimits(50_000, 5000, defaultLogins(), 200, Networks.WITHOUT_LOOPBACK);

    /** A session over BOSH takes some 2 KiB, before it says anything. */
    private static int defaultLogins() {
        return (int) Math.min(20_000, Runtime.getRuntime().maxMemory() / (16 << 10));
    }
}
