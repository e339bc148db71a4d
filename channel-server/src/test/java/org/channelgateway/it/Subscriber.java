package org.channelgateway.it;

import java.util.List;

/** A client that was not made for this gateway, logging in with a channel's address and token. */
interface Subscriber extends AutoCloseable {
    /** True from its login to its end. */
    boolean isConnected();

    /** The texts of the headlines that have arrived, in order. */
    List<String> texts();

    /** Ends its session the polite way. */
    @Override
    void close();
}
