package org.channelgateway.examples.tictactoe;

import com.google.appengine.api.channel.ChannelPresence;
import com.google.appengine.api.channel.ChannelServiceFactory;
import java.io.IOException;
import java.util.Optional;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** {@code /_ah/channel/connected/} and {@code /_ah/channel/disconnected/}: who is here, and what they have missed. */
public final class PresenceServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Announcer announcer = new Announcer();

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ChannelPresence presence = ChannelServiceFactory.getChannelService().parsePresence(request);
        Optional<Game> game = Games.ALL.find(Game.idOf(presence.clientId()));
        Optional<Side> side = game.flatMap(found -> found.sideOf(presence.clientId()));
        if (side.isEmpty()) {
            return; // of a game that is no more
        }
        game.get().present(side.get(), presence.isConnected(), String.valueOf(request.getHeader("X-Channel-Task")));
        if (presence.isConnected()) {
            announcer.tell(game.get(), side.get()); // what happened between its page and its channel
        }
        announcer.tell(game.get(), side.get().other());
    }
}
