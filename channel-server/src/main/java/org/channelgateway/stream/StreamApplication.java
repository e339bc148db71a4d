package org.channelgateway.stream;

import org.channelgateway.xml.XmlElement;

/** What lies above the transports: it gets the XMPP streams that clients open and what they send. Thread-safe. */
public interface StreamApplication {
    /** True when {@code domain}, the {@code to} of a new stream, is served here. */
    boolean serves(String domain);

    /** A client opened a stream; what is sent before this returns goes out right after the response to that. */
    Stream open(ClientTransport transport);

    /** One stream. Its methods are called by one thread at a time, in the order in which the client sent. */
    interface Stream {
        /** The client restarted its stream (RFC 6120 §4.3.3, XEP-0206 §5). */
        void restarted();

        void received(XmlElement stanza);

        /** Those that came together have been handed up: what was put off, to be done for all of them at once, is done now. */
        default void batchEnded() {}

        /** The client ends its stream: what it has asked for and can be answered is answered now. */
        default void ending() {}

        /** The stream is over; called once, whoever ended it. */
        void closed();
    }
}
