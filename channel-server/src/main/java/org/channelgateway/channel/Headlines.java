package org.channelgateway.channel;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlWriter;

/** Renders what subscribers get (contract: no {@code to}, RFC 6120 §8.1.1.1, so the bytes are the same for all). */
final class Headlines {
    /** The namespace of the gateway's own elements. */
    static final String NAMESPACE = "urn:channelgateway:1";

    private static final int OVERHEAD = 300;

    private final String serviceJid;
    private final String idPrefix = Long.toString(new SecureRandom().nextLong() >>> 1, 36) + "-";
    private final AtomicLong ids = new AtomicLong();

    Headlines(String serviceJid) {
        this.serviceJid = serviceJid;
    }

    String nextId() {
        return idPrefix + Long.toString(ids.incrementAndGet(), 36);
    }

    /** @param written run each time it has been written to a client */
    EncodedStanza render(String id, String channelId, String text, Runnable written) {
        XmlWriter xml = new XmlWriter(text.length() + OVERHEAD);
        xml.start("jabber:client", "message")
                .attribute("type", "headline")
                .attribute("from", serviceJid)
                .attribute("id", id);
        xml.start("jabber:client", "body").text(text).end();
        xml.start(NAMESPACE, "channel").attribute("id", channelId).end();
        return new EncodedStanza(xml.end().toString(), written);
    }
}
