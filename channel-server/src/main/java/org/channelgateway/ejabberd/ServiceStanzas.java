package org.channelgateway.ejabberd;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.channelgateway.api.xmpp.ChannelIqs;
import org.channelgateway.registry.AccountKind;
import org.channelgateway.registry.SessionName;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stream.StanzaError;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlNode;
import org.channelgateway.xml.XmlText;
import org.channelgateway.xml.XmlWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes to the channel service: requests, which are answered, and who comes and goes. What one sender wants of one key is done in
 * the order in which it was sent; everything else side by side. Nothing blocks the stream. Thread-safe.
 */
final class ServiceStanzas {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceStanzas.class);
    private static final String CLIENT = "jabber:client";
    private static final String DOOR = "api";
    private static final long TASK_BYTES = 1000;
    private static final long NODE_BYTES = 100;
    private static final Set<String> GONE =
            Set.of("service-unavailable", "item-not-found", "gone", "recipient-unavailable");
    private static final StanzaError BUSY =
            new StanzaError("wait", "resource-constraint", "requests: too many wait (expected: fewer)");

    private final String domain;
    private final ChannelIqs service;
    private final RemotePresence presence;
    private final SerialTasks requests;
    private final SerialTasks comings;
    private final Outbox outbox;
    private final RefusalCounts refusals;

    /**
     * @param requests where they are done
     * @param comings where it is noted who comes and goes: neither holds up the other
     */
    ServiceStanzas(
            String domain,
            ChannelIqs service,
            RemotePresence presence,
            SerialTasks requests,
            SerialTasks comings,
            Outbox outbox,
            RefusalCounts refusals) {
        this.domain = domain;
        this.service = service;
        this.presence = presence;
        this.requests = requests;
        this.comings = comings;
        this.outbox = outbox;
        this.refusals = refusals;
    }

    void accept(XmlElement stanza) {
        String type = stanza.attribute("type");
        Address sender = Address.parse(stanza.attribute("from"));
        if (sender == null) {
            return; // the server itself, or a probe of the gateways
        }
        switch (stanza.name()) {
            case "iq" -> request(stanza, type, sender);
            case "presence" -> presence(type, sender);
            case "message" -> message(stanza, type, sender);
            default -> LOG.debug("a {} came to the service", stanza.name());
        }
    }

    private void request(XmlElement iq, @Nullable String type, Address sender) {
        if ("result".equals(type) || "error".equals(type)) {
            return; // it asks nobody
        }
        boolean isRequest = "get".equals(type) || "set".equals(type);
        XmlElement asked = iq.firstElement();
        if (!sender.domain().equals(domain)) {
            refuse(iq, StanzaError.STAR);
        } else if (!isRequest
                || asked == null
                || iq.attribute("id") == null
                || iq.elements().size() != 1) {
            refuse(iq, StanzaError.NO_REQUEST);
        } else {
            String key = asked.attribute("key");
            String line = sender.resource() + "\n" + (key == null ? "" : key);
            String app = AccountKind.of(sender.localpart())
                    .filter(AccountKind.APP::equals)
                    .map(kind -> kind.name(sender.localpart()))
                    .orElse(null);
            if (!requests.run(
                    sender.localpart(), line, bytes(iq), () -> reply(iq, service.answer(app, asClients(iq))))) {
                refuse(iq, BUSY);
            }
        }
    }

    /** About what it takes in memory. */
    private static long bytes(XmlElement element) {
        long bytes = TASK_BYTES;
        for (XmlAttribute attribute : element.attributes()) {
            bytes += NODE_BYTES + attribute.value().length();
        }
        for (XmlNode child : element.children()) {
            if (child instanceof XmlElement inner) {
                bytes += bytes(inner);
            } else if (child instanceof XmlText text) {
                bytes += NODE_BYTES + 2L * text.text().length();
            }
        }
        return bytes;
    }

    private void refuse(XmlElement stanza, StanzaError error) {
        refusals.add(DOOR, error.condition());
        reply(stanza, error.answering(stanza));
    }

    /** In the namespace that the doors know. */
    private static XmlElement asClients(XmlElement iq) {
        return new XmlElement(CLIENT, iq.name(), iq.attributes(), iq.children());
    }

    /** Stamps the answer with the addresses and sends it, in the namespace of the stream. */
    private void reply(XmlElement request, XmlElement answer) {
        List<XmlAttribute> attributes = new ArrayList<>(answer.attributes());
        attributes.removeIf(one -> one.name().equals("from") || one.name().equals("to"));
        attributes.add(new XmlAttribute("", "from", String.valueOf(request.attribute("to"))));
        attributes.add(new XmlAttribute("", "to", String.valueOf(request.attribute("from"))));
        XmlElement stamped = new XmlElement("", answer.name(), attributes, answer.children());
        String xml = new XmlWriter(256).element(ofStream(stamped)).toString();
        if (!outbox.answer(xml.getBytes(StandardCharsets.UTF_8))) {
            LOG.warn("an answer could not be sent: there is no stream, or too much waits for it");
            refusals.add(DOOR, "answer-not-sent");
        }
    }

    /** The error element of a stanza has its namespace (RFC 6120 §8.3.1). */
    private static XmlElement ofStream(XmlElement stanza) {
        List<XmlNode> children = new ArrayList<>(stanza.children().size());
        for (XmlNode child : stanza.children()) {
            children.add(
                    child instanceof XmlElement error && error.is(CLIENT, "error")
                            ? new XmlElement("", "error", error.attributes(), error.children())
                            : child);
        }
        return new XmlElement("", stanza.name(), stanza.attributes(), children);
    }

    private void presence(@Nullable String type, Address sender) {
        if (type == null) {
            if (!sender.resource()
                    .startsWith(BoshLogin.RESOURCE)) { // noted before it came; who says so late may be gone
                tell(sender, presence::came);
            }
        } else if (type.equals("unavailable")) {
            tell(sender, presence::went);
        }
    }

    /** An error that comes back may say that the session is not there any more (RFC 6121 §8.5.3.2.3). */
    private void message(XmlElement message, @Nullable String type, Address sender) {
        if ("error".equals(type)) {
            if (saysGone(message)) {
                tell(sender, presence::went);
            }
        } else {
            refuse(message, StanzaError.STAR);
        }
    }

    private static boolean saysGone(XmlElement message) {
        return message.elements().stream()
                .filter(child -> child.name().equals("error"))
                .flatMap(error -> error.elements().stream())
                .anyMatch(condition -> GONE.contains(condition.name()));
    }

    private void tell(Address sender, Consumer<SessionName> whom) {
        if (!sender.domain().equals(domain)
                || sender.resource().isEmpty()
                || AccountKind.of(sender.localpart())
                        .filter(AccountKind.CHANNEL::equals)
                        .isEmpty()) {
            return;
        }
        SessionName name = new SessionName(sender.localpart(), sender.resource());
        if (!comings.run(name.account(), name.resource(), TASK_BYTES, () -> whom.accept(name))) {
            LOG.warn("who comes and goes could not be noted: too much is being done; the next comparison does it");
        }
    }
}
