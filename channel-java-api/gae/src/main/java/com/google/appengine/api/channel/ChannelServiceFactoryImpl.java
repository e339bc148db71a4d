package com.google.appengine.api.channel;

/**
 * Has the name that {@code IChannelServiceFactoryProvider} of Google's SDK asks for, so that an SDK further back on the class
 * path finds this one and {@code ServiceFactoryFactory} answers as {@link ChannelServiceFactory} does.
 */
final class ChannelServiceFactoryImpl implements IChannelServiceFactory {
    @Override
    public ChannelService getChannelService() {
        return new GatewayChannelService();
    }
}
