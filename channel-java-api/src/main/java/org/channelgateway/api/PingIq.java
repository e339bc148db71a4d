package org.channelgateway.api;

import org.jivesoftware.smack.packet.IQ;
import org.jxmpp.jid.Jid;

/** A question for a sign of life (XEP-0199 §4.2); any answer is one. */
final class PingIq extends IQ {
    private static final String ELEMENT = "ping";
    private static final String NAMESPACE = "urn:xmpp:ping";

    PingIq(Jid domain) {
        super(ELEMENT, NAMESPACE);
        setStanzaId("ping");
        setTo(domain);
        setType(Type.get);
    }

    /** Whether such a question is asked here. */
    static boolean is(IQ iq) {
        return iq.getType() == Type.get
                && ELEMENT.equals(iq.getChildElementName())
                && NAMESPACE.equals(iq.getChildElementNamespace());
    }

    @Override
    protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
        xml.setEmptyElement();
        return xml;
    }
}
