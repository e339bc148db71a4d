package org.channelgateway.it;

import java.util.List;

/** A way by which an application's messages come to the gateway. */
interface Sender extends AutoCloseable {
    /** Returns how many sessions got it. */
    int send(String key, String message);

    /** Sends all without waiting for one after the other, where that can be. */
    void sendAtOnce(String key, List<String> messages);

    @Override
    void close();
}
