package com.google.appengine.api.channel;

/** The interface behind {@link ChannelServiceFactory}, which the SDK has for its own use. */
public interface IChannelServiceFactory {
    /**
     * The same as {@link ChannelServiceFactory#getChannelService}.
     *
     * @return a service
     */
    ChannelService getChannelService();
}
