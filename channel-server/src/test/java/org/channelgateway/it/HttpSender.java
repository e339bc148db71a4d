package org.channelgateway.it;

import java.util.List;

/** Sends over the HTTP API. */
final class HttpSender implements Sender {
    private final ChannelApi api;

    HttpSender(ChannelApi api) {
        this.api = api;
    }

    @Override
    public int send(String key, String message) {
        return api.send(key, message);
    }

    @Override
    public void sendAtOnce(String key, List<String> messages) {
        api.sendAtOnce(key, messages);
    }

    @Override
    public void close() {
        // nothing is held
    }
}
