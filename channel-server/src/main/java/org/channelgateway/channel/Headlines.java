package org.channelgateway.channel;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Makes what subscribers get, each with an id of its own. Thread-safe. */
final class Headlines {
    private final String serviceJid;
    private final ChannelIds channelIds;
    private final String idPrefix = Long.toString(new SecureRandom().nextLong() >>> 1, 36) + "-";
    private final AtomicLong ids = new AtomicLong();

    Headlines(String serviceJid, ChannelIds channelIds) {
        this.serviceJid = serviceJid;
        this.channelIds = channelIds;
    }

    /** @param written run each time it has been written to a client */
    Headline of(Channel channel, String text, Runnable written) {
        String id = idPrefix + Long.toString(ids.incrementAndGet(), 36);
        return new Headline(channel, id, serviceJid, text, channelIds, written);
    }
}
