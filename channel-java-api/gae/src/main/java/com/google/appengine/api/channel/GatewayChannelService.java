package com.google.appengine.api.channel;

import java.io.IOException;
import javax.servlet.http.HttpServletRequest;
import org.channelgateway.api.appengine.ChannelCalls;
import org.channelgateway.api.appengine.Presence;
import org.channelgateway.api.appengine.ReceivedMessage;

/** The service on a Channel Gateway. Thread-safe. */
final class GatewayChannelService implements ChannelService {
    private final ChannelCalls calls = new ChannelCalls(ChannelFailureException::new);

    @Override
    public String createChannel(String clientId) {
        return calls.createChannel(clientId);
    }

    @Override
    public String createChannel(String clientId, int durationMinutes) {
        return calls.createChannel(clientId, durationMinutes);
    }

    @Override
    public void sendMessage(ChannelMessage message) {
        calls.sendMessage(message.getClientId(), message.getMessage());
    }

    @Override
    public ChannelMessage parseMessage(HttpServletRequest request) {
        ReceivedMessage received = ReceivedMessage.of(request::getParameter);
        return new ChannelMessage(received.clientId(), received.message());
    }

    @Override
    public ChannelPresence parsePresence(HttpServletRequest request) throws IOException {
        Presence presence = Presence.read(request.getInputStream(), request.getContentType(), request.getRequestURI());
        return new ChannelPresence(presence.isConnected(), presence.clientId());
    }
}
