package org.channelgateway.api;

import org.jivesoftware.smack.packet.IQ;
import org.jxmpp.jid.Jid;

/** A question for a sign of life (XEP-0199 §4.2); any answer is one. */
final class PingIq extends IQ {
    PingIq(Jid domain) {
        super("ping", "urn:xmpp:ping");
        setStanzaId("ping");
        setTo(domain);
        setType(Type.get);
    }

    @Override
    protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
        xml.setEmptyElement();
        return xml;
    }
}
