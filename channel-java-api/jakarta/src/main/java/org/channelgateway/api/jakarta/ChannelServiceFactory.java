package org.channelgateway.api.jakarta;

/** Where applications get their {@link ChannelService}. */
public final class ChannelServiceFactory {
    private ChannelServiceFactory() {}

    /**
     * A service over the gateway that {@code CHANNEL_URL} and {@code CHANNEL_SECRET} name, in the system properties or the
     * environment. They are read, and the gateway is called, when the service is first used.
     *
     * @return to be shared or not, as one likes: the connection behind it is always the same
     */
    public static ChannelService getChannelService() {
        return new GatewayChannelService();
    }
}
