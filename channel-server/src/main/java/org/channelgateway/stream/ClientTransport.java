package org.channelgateway.stream;

import org.channelgateway.xml.EncodedStanza;

/** What carries one client's stream: a BOSH session or a TCP connection. Thread-safe; nothing blocks on the network. */
public interface ClientTransport {
    /** Hands the client a stanza, in order; false when the stream is over or has no room. */
    boolean send(EncodedStanza stanza);

    /** True while half of what may wait for the client does. */
    default boolean isBehind() {
        return false;
    }

    /** Writes at once what this thread has sent to any client, and was put off because more stanzas had come. */
    default void flush() {}

    /**
     * The client has authenticated: what comes next from it is the header of a new stream (RFC 6120 §6.4.6).
     *
     * @param isApplication true when it is one, whose stanzas may be longer than a subscriber's
     */
    void awaitRestart(boolean isApplication);

    /** Ends the stream, telling the client why. */
    void end(StreamError error);

    /** True once the stream was given up because nothing was heard of the client any more; false when it was ended. */
    default boolean hasLapsed() {
        return false;
    }

    /** What kind of transport it is, in a word. */
    String kind();

    /** The IP address that the client opened the stream from. */
    String address();
}
