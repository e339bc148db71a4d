package org.channelgateway.it;

import java.util.List;

/** A way by which what an application asks comes to the gateway: its messages above all. */
interface Sender extends AutoCloseable {
    /** Returns how many sessions got it. */
    int send(String key, String message);

    /** Sends all without waiting for one after the other, where that can be. */
    void sendAtOnce(String key, List<String> messages);

    /** A token for {@code key} that lasts for the default time. */
    String token(String key);

    String token(String key, int minutes);

    void revoke(String key);

    void revokeToken(String token);

    @Override
    void close();
}
