package org.channelgateway.examples.tictactoe;

import com.google.appengine.api.channel.ChannelMessage;
import com.google.appengine.api.channel.ChannelService;
import com.google.appengine.api.channel.ChannelServiceFactory;

/** Makes the channels of the players, and tells them what has changed. Thread-safe. */
final class Announcer {
    private final ChannelService channels = ChannelServiceFactory.getChannelService();

    /** A token for the page of one side. */
    String token(Game game, Side side) {
        return channels.createChannel(game.clientId(side));
    }

    void tell(Game game, Side side) {
        channels.sendMessage(new ChannelMessage(game.clientId(side), game.state(side)));
    }

    void tellBoth(Game game) {
        tell(game, Side.X);
        tell(game, Side.O);
    }
}
