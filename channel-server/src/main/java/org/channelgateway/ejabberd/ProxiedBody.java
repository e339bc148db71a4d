package org.channelgateway.ejabberd;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.channelgateway.bosh.BindingCondition;
import org.channelgateway.bosh.BoshRequest;
import org.channelgateway.bosh.BoshXml;
import org.channelgateway.channel.ChannelService;
import org.channelgateway.stream.ClientFilter;
import org.channelgateway.stream.ClientFilter.Verdict;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlWriter;
import org.jspecify.annotations.Nullable;

/**
 * What passes of a body, written anew: never what came itself.
 *
 * @param bytes for ejabberd
 * @param refusals stanza errors that its sender gets
 * @param logsIn true when its answer may say that the session has logged in
 */
record ProxiedBody(byte[] bytes, List<XmlElement> refusals, boolean logsIn) {
    private static final String CLIENT = "jabber:client";
    private static final String SASL = "urn:ietf:params:xml:ns:xmpp-sasl";
    private static final String MECHANISM = "SCRAM-SHA-1";
    private static final String PING = "urn:xmpp:ping";
    private static final Set<String> LOGIN = Set.of("auth", "response", "abort");
    private static final XmlElement OTHER_MECHANISM =
            new XmlElement(SASL, "auth", List.of(new XmlAttribute("", "mechanism", "NONE")), List.of());

    /** What may pass of whom. */
    record Rules(ClientFilter filter, String domain, int maxWaitSeconds) {
        static Rules of(String domain, int maxWaitSeconds) {
            return new Rules(new ClientFilter(domain, ChannelService.serviceJid(domain)), domain, maxWaitSeconds);
        }
    }

    /** A body with something in it that ends the session. */
    static final class Unacceptable extends Exception {
        private static final long serialVersionUID = 1L;
        private final BindingCondition condition;

        Unacceptable(BindingCondition condition) {
            super(condition.wire(), null, false, false);
            this.condition = condition;
        }

        BindingCondition condition() {
            return condition;
        }
    }

    /** @param mayLogIn false for a session that has logged in already */
    static ProxiedBody of(BoshRequest request, Rules rules, boolean mayLogIn) throws Unacceptable {
        List<XmlElement> refusals = new ArrayList<>(0);
        XmlWriter body = new XmlWriter(256).start(BoshXml.NAMESPACE, "body");
        body.attribute("rid", Long.toString(request.rid().value()));
        BoshRequest.Creation creation = request.creation();
        if (creation == null) {
            body.attribute("sid", request.sid());
            session(body, request);
        } else {
            creation(body, creation, rules);
        }
        for (XmlElement element : request.stanzas()) {
            XmlElement passed = passed(element, rules, mayLogIn, refusals);
            if (passed != null) {
                body.element(passed);
            }
        }
        if (!refusals.isEmpty() && creation == null && !request.terminate()) {
            ping(body, request, rules);
        }
        boolean logsIn = mayLogIn && request.stanzas().stream().anyMatch(element -> element.is(SASL, "response"));
        return new ProxiedBody(body.end().toString().getBytes(StandardCharsets.UTF_8), refusals, logsIn);
    }

    /**
     * In the place of what was refused ejabberd is asked for something that it answers at once: a poll in which nothing is asked is held,
     * and what its sender is to be told with it.
     */
    private static void ping(XmlWriter body, BoshRequest request, Rules rules) {
        body.start(CLIENT, "iq")
                .attribute("type", "get")
                .attribute("to", rules.domain)
                .attribute("id", pingId(request))
                .start(PING, "ping")
                .end()
                .end();
    }

    /** The same for a repeat of the request; no client has it for its own. */
    static String pingId(BoshRequest request) {
        return "urn:channelgateway:refused:" + request.rid().value();
    }

    private static void session(XmlWriter body, BoshRequest request) {
        if (request.ack() > 0) {
            body.attribute("ack", Long.toString(request.ack()));
        }
        if (request.pause() > 0) {
            body.attribute("pause", Integer.toString(request.pause()));
        }
        if (request.terminate()) {
            body.attribute("type", "terminate");
        }
        if (request.restart()) {
            body.attribute("xmlns:xmpp", BoshXml.XBOSH).attribute("xmpp:restart", "true");
        }
    }

    private static void creation(XmlWriter body, BoshRequest.Creation creation, Rules rules) {
        body.attribute("to", rules.domain)
                .attribute("wait", Integer.toString(Math.min(creation.waitSeconds(), rules.maxWaitSeconds)))
                .attribute("hold", creation.hold() == 0 ? "0" : "1")
                .attribute("ver", creation.ver().toString())
                .attribute("xml:lang", "en")
                .attribute("xmlns:xmpp", BoshXml.XBOSH)
                .attribute("xmpp:version", "1.0");
    }

    /** Null for what does not pass. */
    private static @Nullable XmlElement passed(
            XmlElement element, Rules rules, boolean mayLogIn, List<XmlElement> refusals) throws Unacceptable {
        if (element.namespace().equals(SASL)) {
            return login(element, mayLogIn);
        }
        boolean isStanza = element.namespace().equals(CLIENT)
                && (element.name().equals("iq")
                        || element.name().equals("message")
                        || element.name().equals("presence"));
        if (!isStanza) {
            throw new Unacceptable(BindingCondition.BAD_REQUEST);
        }
        Verdict verdict = rules.filter.judge(element, null);
        if (verdict instanceof Verdict.Refuse refuse) {
            refusals.add(refusal(refuse, element));
            return null;
        }
        boolean isSwallowed = verdict instanceof Verdict.Swallow && !isPresence(element);
        return isSwallowed ? null : withoutFrom(element);
    }

    /** It comes from where the stanza was sent to (RFC 6120 §8.3.1): Smack takes no other answer. */
    private static XmlElement refusal(Verdict.Refuse refuse, XmlElement stanza) {
        XmlElement error = refuse.error().answering(stanza);
        String to = stanza.attribute("to");
        if (to == null) {
            return error;
        }
        List<XmlAttribute> attributes = new ArrayList<>(error.attributes());
        attributes.removeIf(attribute -> attribute.name().equals("from"));
        attributes.add(new XmlAttribute("", "from", to));
        return new XmlElement(error.namespace(), error.name(), attributes, error.children());
    }

    /** Of those that the embedded gateway swallows ejabberd has to know. */
    private static boolean isPresence(XmlElement element) {
        String type = element.attribute("type");
        return element.name().equals("presence") && (type == null || type.equals("unavailable"));
    }

    /** Of another mechanism only its name passes, for ejabberd to refuse it (RFC 6120 §6.5.7). */
    private static XmlElement login(XmlElement element, boolean mayLogIn) throws Unacceptable {
        boolean isKnown = LOGIN.contains(element.name());
        if (!isKnown || !mayLogIn) {
            throw new Unacceptable(BindingCondition.POLICY_VIOLATION);
        }
        boolean isOther = element.name().equals("auth") && !MECHANISM.equals(element.attribute("mechanism"));
        return isOther ? OTHER_MECHANISM : element;
    }

    private static XmlElement withoutFrom(XmlElement stanza) {
        List<XmlAttribute> kept = new ArrayList<>(stanza.attributes());
        kept.removeIf(attribute -> attribute.name().equals("from"));
        return new XmlElement(stanza.namespace(), stanza.name(), kept, stanza.children());
    }
}
