package org.channelgateway.bosh;

/** The HTTP side of one request. Thread-safe. */
interface Exchange {
    /** Sends the answer; called exactly once. Never blocks on the network. */
    void answer(byte[] body);

    /** Calls {@code gone} when the browser closes its connection while the request waits; nothing once it is answered. */
    void watch(Runnable gone);

    /** The IP address that the request came from. */
    String address();
}
