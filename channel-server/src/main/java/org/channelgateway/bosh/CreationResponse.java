package org.channelgateway.bosh;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlWriter;

/** The session creation response (XEP-0124 §7.2, XEP-0206 §3). */
final class CreationResponse {
    private CreationResponse() {}

    /** @param stanzas what the application has sent since it opened the stream */
    static byte[] of(Sid sid, Rid rid, BoshTerms terms, BoshRequest.Creation asked, List<EncodedStanza> stanzas) {
        XmlWriter body = new XmlWriter(500)
                .start(BoshXml.NAMESPACE, "body")
                .attribute("xmlns:xmpp", BoshXml.XBOSH)
                .attribute("xmlns:stream", BoshXml.STREAMS)
                .attribute("sid", sid.value())
                .attribute("wait", seconds(terms.waitTime()))
                .attribute("hold", Integer.toString(terms.hold()))
                .attribute("requests", Integer.toString(terms.requests()))
                .attribute("inactivity", seconds(terms.inactivity()))
                .attribute("maxpause", seconds(terms.maxPause()));
        if (terms.isPolling()) {
            body.attribute("polling", seconds(PollPace.POLLING));
        }
        if (terms.acks()) {
            body.attribute("ack", Long.toString(rid.value()));
        }
        String empty = body.attribute("from", asked.to())
                .attribute("ver", asked.ver().toString())
                .attribute("secure", "false")
                .attribute("xmpp:version", "1.0")
                .attribute("xmpp:restartlogic", "true")
                .end()
                .toString();
        String open = empty.substring(0, empty.length() - "/>".length()) + ">";
        return BoshXml.wrap(open.getBytes(StandardCharsets.UTF_8), stanzas);
    }

    private static String seconds(Duration time) {
        return Long.toString(time.toSeconds());
    }
}
