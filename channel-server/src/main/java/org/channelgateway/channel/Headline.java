package org.channelgateway.channel;

import java.nio.charset.StandardCharsets;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlWriter;
import org.jspecify.annotations.Nullable;

/** A message on its way to the subscribers of a channel, rendered when somebody listens. Confined to one thread. */
public final class Headline {
    /** The namespace of the gateway's own elements. */
    static final String NAMESPACE = "urn:channelgateway:1";

    private static final String CLIENT = "jabber:client";
    /** That of the stream that it is sent on. */
    private static final String OF_STREAM = "";

    private static final int OVERHEAD = 300;
    private static final String NOBODY = " to=''";

    private final Channel channel;
    private final String id;
    private final String from;
    private final String text;
    private final ChannelIds channelIds;
    private final Runnable written;
    private @Nullable EncodedStanza shared;

    /**
     * What is the same for all in a stanza that names its receiver.
     *
     * @param head what comes before the receiver's address
     * @param tail what comes after it
     */
    public record Addressed(byte[] head, byte[] tail) {}

    /** @param written to be run each time it has been written to a client, or to the server that brings it there */
    Headline(Channel channel, String id, String from, String text, ChannelIds channelIds, Runnable written) {
        this.channel = channel;
        this.id = id;
        this.from = from;
        this.text = text;
        this.channelIds = channelIds;
        this.written = written;
    }

    public Channel channel() {
        return channel;
    }

    /** The id that the stanza carries. */
    public String id() {
        return id;
    }

    public Runnable written() {
        return written;
    }

    /** Without {@code to}, so that the bytes are the same for all (contract; RFC 6120 §8.1.1.1). */
    public EncodedStanza shared() {
        EncodedStanza rendered = shared;
        if (rendered == null) {
            rendered = new EncodedStanza(render(CLIENT, false), written);
            shared = rendered;
        }
        return rendered;
    }

    /** For a stream to a server that has to be told who gets it, in the namespace of that stream. */
    public Addressed addressed() {
        String xml = render(OF_STREAM, true);
        int end = xml.indexOf(NOBODY) + NOBODY.length() - 1;
        return new Addressed(utf8(xml.substring(0, end)), utf8(xml.substring(end)));
    }

    private String render(String namespace, boolean isAddressed) {
        XmlWriter xml = new XmlWriter(text.length() + OVERHEAD);
        xml.start(namespace, "message")
                .attribute("type", "headline")
                .attribute("from", from)
                .attribute("id", id);
        if (isAddressed) {
            xml.attribute("to", "");
        }
        xml.start(namespace, "body").text(text).end();
        xml.start(NAMESPACE, "channel").attribute("id", channelIds.of(channel)).end();
        return xml.end().toString();
    }

    private static byte[] utf8(String part) {
        return part.getBytes(StandardCharsets.UTF_8);
    }
}
