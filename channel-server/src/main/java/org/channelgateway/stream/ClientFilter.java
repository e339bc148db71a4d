package org.channelgateway.stream;

import java.util.Set;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;

/**
 * The star: what a client may send. Stanzas reach the server, the channel service and its own account, never another one;
 * presence is swallowed, since nobody here sees another's. Immutable.
 */
public final class ClientFilter {
    /** What happens to a stanza. */
    public sealed interface Verdict {
        /** The server answers it. */
        record Pass() implements Verdict {}

        /** The channel service answers it. */
        record Ask() implements Verdict {}

        /** Nothing happens, and nobody is told. */
        record Swallow() implements Verdict {}

        /** The sender gets a stanza error. */
        record Refuse(StanzaError error) implements Verdict {}
    }

    private static final Verdict PASS = new Verdict.Pass();
    private static final Verdict ASK = new Verdict.Ask();
    private static final Verdict SWALLOW = new Verdict.Swallow();
    private static final Verdict NOT_ALLOWED = new Verdict.Refuse(StanzaError.STAR);
    private static final Verdict UNAVAILABLE = new Verdict.Refuse(new StanzaError(
            "cancel",
            "service-unavailable",
            "iq: nobody answers it (expected: bind, an empty roster, disco or ping of the server or the own account)"));
    private static final Verdict BAD_REQUEST = new Verdict.Refuse(StanzaError.NO_REQUEST);

    private static final String ROSTER = "jabber:iq:roster";

    /** The namespaces of what the server answers when it is set; not all servers say anything to a get of these. */
    private static final Set<String> SET =
            Set.of("urn:ietf:params:xml:ns:xmpp-bind", "urn:ietf:params:xml:ns:xmpp-session", ROSTER);

    /** The namespaces of what it answers when it is asked. */
    private static final Set<String> GET = Set.of(
            ROSTER, "http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/disco#items", "urn:xmpp:ping");

    private final String domain;
    private final String serviceJid;

    /** @param serviceJid the address of the channel service */
    public ClientFilter(String domain, String serviceJid) {
        this.domain = domain;
        this.serviceJid = serviceJid;
    }

    /** @param bareJid the account that sends; null where it is not known, and then no account is its own */
    public Verdict judge(XmlElement stanza, @Nullable String bareJid) {
        boolean isError = "error".equals(stanza.attribute("type"));
        String to = stanza.attribute("to");
        return switch (stanza.name()) {
            case "presence" -> isError || to == null || is(to, serviceJid) || is(to, bareJid) ? SWALLOW : NOT_ALLOWED;
            case "message" -> isError ? SWALLOW : NOT_ALLOWED;
            default -> judgeIq(stanza, to, bareJid);
        };
    }

    private Verdict judgeIq(XmlElement iq, @Nullable String to, @Nullable String bareJid) {
        String type = iq.attribute("type");
        if ("result".equals(type) || "error".equals(type)) {
            return SWALLOW;
        }
        boolean isRequest = "get".equals(type) || "set".equals(type);
        if (!isRequest || iq.attribute("id") == null || iq.elements().size() != 1) {
            return BAD_REQUEST;
        }
        if (to != null && is(to, serviceJid)) {
            return ASK;
        }
        boolean answered =
                ("get".equals(type) ? GET : SET).contains(iq.elements().get(0).namespace());
        return answered && (to == null || is(to, domain) || is(to, bareJid)) ? PASS : UNAVAILABLE;
    }

    private static boolean is(String to, @Nullable String jid) {
        return AsciiCase.lower(to).equals(jid);
    }
}
