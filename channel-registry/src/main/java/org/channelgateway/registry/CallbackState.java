package org.channelgateway.registry;

import java.util.Locale;

/** How far a callback has come. */
public enum CallbackState {
    /** Waits for its turn, or for its next attempt. */
    QUEUED,
    /** Is being posted. */
    RUNNING,
    /** The application has taken it. */
    COMPLETED,
    /** Failed as often as it may. */
    FAILED;

    /** The word that it is stored and shown as. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static CallbackState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
