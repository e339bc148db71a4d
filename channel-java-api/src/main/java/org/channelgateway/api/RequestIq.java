package org.channelgateway.api;

import org.jivesoftware.smack.packet.IQ;
import org.jxmpp.jid.Jid;

/** A request as it travels. */
final class RequestIq extends IQ {
    private final Request<?> request;

    RequestIq(String id, Jid service, Request<?> request) {
        super(request.element(), Request.NAMESPACE);
        this.request = request;
        setStanzaId(id);
        setTo(service);
        setType(request.write() ? Type.set : Type.get);
    }

    /** Smack's own escaping would leave carriage returns and the white space in attributes to be normalised. */
    @Override
    protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
        request.attributes()
                .forEach((name, value) -> xml.append(" " + name + "='" + Text.escapedAttribute(value) + "'"));
        if (request.text().isEmpty()) {
            xml.setEmptyElement();
        } else {
            xml.rightAngleBracket();
            xml.append(Text.escaped(request.text()));
        }
        return xml;
    }
}
