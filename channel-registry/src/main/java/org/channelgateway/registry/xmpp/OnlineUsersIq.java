package org.channelgateway.registry.xmpp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.UnparsedIQ;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jxmpp.jid.DomainBareJid;

/** Asks for all sessions of the domain, on all nodes, in one answer (XEP-0030 §4, a node that ejabberd has for administrators). */
final class OnlineUsersIq extends IQ {
    OnlineUsersIq(DomainBareJid server) {
        super("query", "http://jabber.org/protocol/disco#items");
        setType(Type.get);
        setTo(server);
    }

    @Override
    protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
        xml.attribute("node", "online users");
        xml.setEmptyElement();
        return xml;
    }

    /**
     * The full JIDs of an answer, as the server writes them.
     *
     * @param answer read by Smack, or not at all: that depends on who else uses Smack in this JVM
     */
    static List<String> jids(IQ answer) throws IOException {
        String xml = answer instanceof UnparsedIQ unparsed
                ? unparsed.getContent().toString()
                : answer.getChildElementXML().toString();
        List<String> jids = new ArrayList<>();
        try {
            XmlPullParser parser = PacketParserUtils.getParserFor(xml);
            for (XmlPullParser.Event event = parser.getEventType();
                    event != XmlPullParser.Event.END_DOCUMENT;
                    event = parser.next()) {
                if (event == XmlPullParser.Event.START_ELEMENT && "item".equals(parser.getName())) {
                    jids.add(parser.getAttributeValue("jid"));
                }
            }
        } catch (XmlPullParserException e) {
            throw new IOException(e);
        }
        return jids;
    }
}
