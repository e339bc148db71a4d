package org.channelgateway.registry;

import java.util.Locale;

/** What an application is told. */
public enum CallbackKind {
    /** A session of the channel can receive. */
    CONNECTED,
    /** A session of the channel is over. */
    DISCONNECTED,
    /** A page has sent a message. */
    RECEIVE;

    /** The word that it is stored and shown as. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static CallbackKind of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
