package org.channelgateway.bosh;

/** What became of one stanza handed to a BOSH session. */
public sealed interface Delivery {
    /** Written to the held request {@code rid}. */
    record Sent(Rid rid) implements Delivery {}

    /** No request was held; {@code waiting} stanzas wait now. */
    record Queued(int waiting) implements Delivery {}

    /** Dropped: {@code waiting} stanzas already waited, the most that may, or the session is over. */
    record Refused(int waiting) implements Delivery {}
}
