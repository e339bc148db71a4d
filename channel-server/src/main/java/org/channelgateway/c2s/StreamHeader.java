package org.channelgateway.c2s;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlStreamReader.Event.Opened;
import org.channelgateway.xml.XmlWriter;
import org.jspecify.annotations.Nullable;

/** The header of a stream, a client's and the one that answers it (RFC 6120 §4.7). */
final class StreamHeader {
    static final String STREAMS = "http://etherx.jabber.org/streams";
    private static final String CLIENT = "jabber:client";
    private static final int ID_BYTES = 16;
    private static final Pattern VERSION_1 = Pattern.compile("0*[1-9][0-9]*\\.[0-9]+");

    private StreamHeader() {}

    /** What is wrong with a client's header; null when nothing is. */
    static @Nullable StreamError check(Opened opened, StreamApplication application) {
        XmlElement header = opened.header();
        if (!header.namespace().equals(STREAMS)) {
            return new StreamError("invalid-namespace", "root: namespace (expected: " + STREAMS + ")");
        }
        if (!header.name().equals("stream")) {
            return new StreamError("bad-format", "root: name (expected: stream)");
        }
        if (!opened.contentNamespace().equals(CLIENT)) {
            return new StreamError("invalid-namespace", "default namespace: not this one (expected: " + CLIENT + ")");
        }
        String to = header.attribute("to");
        if (to == null || to.isEmpty()) {
            return new StreamError("improper-addressing", "to: missing (expected: the XMPP domain)");
        }
        if (!application.serves(to)) {
            return new StreamError("host-unknown", "to: not served here");
        }
        String version = header.attribute("version");
        if (version == null || !VERSION_1.matcher(version).matches()) {
            return new StreamError("unsupported-version", "version: missing or too old (expected: 1.0)");
        }
        return null;
    }

    /**
     * The header that answers one.
     *
     * @param domain whose stream it is; null when it is nobody's here
     * @param client who the client says it is; null when it does not
     */
    static String response(SecureRandom random, @Nullable String domain, @Nullable String client) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        XmlWriter writer = new XmlWriter(300)
                .start(CLIENT, "stream:stream")
                .attribute("xmlns:stream", STREAMS)
                .attribute("id", Base64.getUrlEncoder().withoutPadding().encodeToString(id));
        if (domain != null) {
            writer.attribute("from", domain);
        }
        if (client != null) {
            int resource = client.indexOf('/');
            writer.attribute("to", resource < 0 ? client : client.substring(0, resource));
        }
        String empty = writer.attribute("version", "1.0")
                .attribute("xml:lang", "en")
                .end()
                .toString();
        return "<?xml version='1.0'?>" + empty.substring(0, empty.length() - "/>".length()) + ">";
    }
}
