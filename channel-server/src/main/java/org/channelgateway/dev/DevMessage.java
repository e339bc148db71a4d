package org.channelgateway.dev;

import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlException;
import org.channelgateway.xml.XmlLimits;
import org.channelgateway.xml.XmlReader;

/** Takes the text of a message out of its stanza: nothing but the text goes to a client that knows no XMPP. */
final class DevMessage {
    /** The gateway rendered it: a message of 32,767 bytes, each of them escaped, is shorter. */
    private static final XmlReader READER = new XmlReader(new XmlLimits(1 << 20, 8, 16, 16));

    private DevMessage() {}

    static String text(EncodedStanza stanza) {
        try {
            return READER.read(stanza.bytes()).elements().stream()
                    .filter(element -> element.is("jabber:client", "body"))
                    .map(XmlElement::text)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("a message has no body"));
        } catch (XmlException e) {
            throw new IllegalStateException("a message of the gateway cannot be read: " + e.reason());
        }
    }
}
