package org.channelgateway.bosh;

import org.channelgateway.xml.XmlElement;

/** What lies above BOSH: it gets the streams that browsers open and what they send. */
public interface BoshApplication {
    /** True when {@code domain}, the {@code to} of a session creation, is served here. */
    boolean serves(String domain);

    /** A browser opened a stream; what is delivered before this returns goes out with the creation response. */
    Stream open(BoshSession session);

    /** One stream. Its methods are called by one thread at a time, in the order in which the browser sent. */
    interface Stream {
        /** The browser restarted its stream (XEP-0206 §5). */
        void restarted();

        void received(XmlElement stanza);

        /** The session is over; called once, whoever ended it. */
        void closed();
    }
}
