package org.channelgateway.c2s;

import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.StanzaLimits;
import org.channelgateway.xml.XmlLimits;

/** What the stanzas of clients may cost, by who they are from: each by itself, and all that have begun together. */
final class Allowances {
    /** A client that has not logged in has this much less to say than others, and a subscriber that. */
    private static final int LOGIN_PART = 20;

    private static final int SUBSCRIBER_PART = 4;

    /** Part of what may wait for all clients that stanzas which have begun may take, and those before the login. */
    private static final int BEGUN_PART = 2;

    private static final int BEGUN_LOGINS_PART = 8;

    private final XmlLimits ofApplications;
    private final XmlLimits ofSubscribers;
    private final XmlLimits ofLogins;
    private final Backlog begun;
    private final Backlog begunLogins;

    /**
     * @param stanzas what one stanza may cost
     * @param backlog what waits for all clients together
     */
    Allowances(int maxStanzaBytes, StanzaLimits stanzas, Backlog backlog) {
        ofApplications = limits(maxStanzaBytes, stanzas, 1);
        ofSubscribers = limits(Math.min(maxStanzaBytes, stanzas.subscriberBytes()), stanzas, SUBSCRIBER_PART);
        ofLogins = limits(Math.min(maxStanzaBytes, stanzas.loginBytes()), stanzas, LOGIN_PART);
        begun = backlog.part(BEGUN_PART);
        begunLogins = backlog.part(BEGUN_LOGINS_PART);
    }

    private static XmlLimits limits(int maxBytes, StanzaLimits limits, int part) {
        return new XmlLimits(
                maxBytes, limits.maxDepth(), limits.maxAttributes(), Math.max(1, limits.maxElements() / part));
    }

    /** A subscriber has little to say. */
    XmlLimits of(boolean isApplication) {
        return isApplication ? ofApplications : ofSubscribers;
    }

    /** Of a client that has not logged in. */
    XmlLimits ofLogins() {
        return ofLogins;
    }

    /** What has begun to come from all clients that have logged in, and not ended. */
    Backlog begun() {
        return begun;
    }

    /** The same of those that have not: they take no room from the others. */
    Backlog begunLogins() {
        return begunLogins;
    }
}
