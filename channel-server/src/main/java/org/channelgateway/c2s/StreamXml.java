package org.channelgateway.c2s;

import java.nio.charset.StandardCharsets;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.XmlException;
import org.channelgateway.xml.XmlWriter;

/** What the transport itself says on a stream. */
final class StreamXml {
    static final String TLS = "urn:ietf:params:xml:ns:xmpp-tls";
    private static final String ERRORS = "urn:ietf:params:xml:ns:xmpp-streams";

    static final String END = "</stream:stream>";
    /** RFC 6120 §5.4.1: mandatory to negotiate, so nothing else is offered. */
    static final byte[] STARTTLS =
            utf8("<stream:features><starttls xmlns='" + TLS + "'><required/></starttls></stream:features>");

    static final byte[] PROCEED = utf8("<proceed xmlns='" + TLS + "'/>");

    private StreamXml() {}

    /** A stream error and the end of the stream (RFC 6120 §4.9.1.1). */
    static String error(StreamError error) {
        XmlWriter condition =
                new XmlWriter(100).start(ERRORS, error.condition()).end();
        XmlWriter text = new XmlWriter(200);
        if (!error.text().isEmpty()) {
            text.start(ERRORS, "text")
                    .attribute("xml:lang", "en")
                    .text(error.text())
                    .end();
        }
        return "<stream:error>" + condition + text + "</stream:error>" + END;
    }

    static StreamError errorOf(XmlException refused) {
        String condition = switch (refused.reason()) {
            case MALFORMED -> "not-well-formed";
            case RESTRICTED -> "restricted-xml";
            case LIMIT -> "policy-violation";
        };
        return new StreamError(condition, String.valueOf(refused.getMessage()));
    }

    /** XEP-0199 §4.1. */
    static String ping(String id, String domain) {
        return new XmlWriter(150)
                .start("jabber:client", "iq")
                .attribute("type", "get")
                .attribute("id", id)
                .attribute("from", domain)
                .start("urn:xmpp:ping", "ping")
                .end()
                .end()
                .toString();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
