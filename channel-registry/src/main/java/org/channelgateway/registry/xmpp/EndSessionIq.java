package org.channelgateway.registry.xmpp;

import org.jivesoftware.smack.packet.IQ;
import org.jxmpp.jid.DomainBareJid;

/**
 * Ends the session of a full JID, or all of a bare one (XEP-0133 §4.4). The filled form comes with the first request, which ejabberd
 * takes; it knows one JID for a request only. What is gone already is ended, too.
 */
final class EndSessionIq extends IQ {
    private static final String ADMIN = "http://jabber.org/protocol/admin";

    private final String jid;

    EndSessionIq(DomainBareJid server, String jid) {
        super("command", "http://jabber.org/protocol/commands");
        this.jid = jid;
        setType(Type.set);
        setTo(server);
    }

    @Override
    protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
        xml.attribute("node", ADMIN + "#end-user-session");
        xml.attribute("action", "complete");
        xml.rightAngleBracket();
        xml.append("<x xmlns='jabber:x:data' type='submit'>");
        xml.append("<field var='FORM_TYPE' type='hidden'><value>" + ADMIN + "</value></field>");
        xml.append("<field var='accountjid'><value>");
        xml.escape(jid);
        xml.append("</value></field></x>");
        return xml;
    }
}
