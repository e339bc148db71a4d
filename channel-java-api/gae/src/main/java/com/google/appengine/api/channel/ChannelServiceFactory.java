package com.google.appengine.api.channel;

/** Where applications get their {@link ChannelService}. */
public final class ChannelServiceFactory {
    private static final IChannelServiceFactory FACTORY = new ChannelServiceFactoryImpl();

    /** There is no need for one. */
    public ChannelServiceFactory() {}

    /**
     * A service over the gateway that {@code CHANNEL_URL} and {@code CHANNEL_SECRET} name, in the system properties or the
     * environment. They are read, and the gateway is called, when the service is first used.
     *
     * @return to be shared or not, as one likes: the connection behind it is always the same
     */
    public static ChannelService getChannelService() {
        return FACTORY.getChannelService();
    }
}
