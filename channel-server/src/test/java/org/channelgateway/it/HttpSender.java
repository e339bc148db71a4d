package org.channelgateway.it;

import java.util.List;

/** Asks over the HTTP API. */
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
    public String token(String key) {
        return api.token(key);
    }

    @Override
    public String token(String key, int minutes) {
        return api.create(key, minutes).token();
    }

    @Override
    public void revoke(String key) {
        api.revoke(key);
    }

    @Override
    public void revokeToken(String token) {
        api.revokeToken(token);
    }

    @Override
    public void close() {
        // nothing is held
    }
}
