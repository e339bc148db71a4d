package org.channelgateway.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.channelgateway.channel.Admission;
import org.channelgateway.channel.SessionEnd;
import org.channelgateway.channel.Subscription;
import org.channelgateway.channel.XmppSession;
import org.channelgateway.registry.Lease;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlWriter;
import org.jspecify.annotations.Nullable;

/**
 * One client's XMPP stream: features, SASL, bind (RFC 6120 §4 to §7), then the stanzas that {@link ClientFilter} lets
 * through. What comes from the client is handled by one thread at a time; deliveries and the end come from any.
 */
final class ClientSession implements StreamApplication.Stream, XmppSession {
    private static final Set<String> STANZAS = Set.of("iq", "message", "presence");

    private final EmbeddedBackend backend;
    private final ClientTransport transport;
    private final Login login;
    /** Null until authenticated. */
    private @Nullable Lease lease;
    /** Null until authenticated. */
    private @Nullable VysperSession vysper;
    /** Null until bound. */
    private @Nullable Subscription subscription;
    /** Who a reply comes from: the address that the stanza being handled was sent to. */
    private @Nullable String replyFrom;

    ClientSession(EmbeddedBackend backend, ClientTransport transport) {
        this.backend = backend;
        this.transport = transport;
        this.login = new Login(backend.domain(), backend.admissions());
    }

    /** Starts with the features that an unauthenticated client may use. */
    ClientSession start() {
        backend.await(this);
        sendFeatures();
        return this;
    }

    /** Starts as a session that is authenticated and bound already. */
    ClientSession startBound(Lease admitted) {
        authenticated(admitted);
        subscribe(admitted, bind());
        return this;
    }

    /** The full JID; null until bound. */
    @Nullable
    String jid() {
        String resource = vysper == null ? null : vysper.resource();
        return resource == null ? null : bareJid() + "/" + resource;
    }

    private String bareJid() {
        return (lease == null ? "" : lease.account()) + "@" + backend.domain();
    }

    @Override
    public void restarted() {
        sendFeatures();
    }

    @Override
    public void received(XmlElement stanza) {
        if (vysper == null || lease == null) {
            authenticate(stanza);
        } else if (!stanza.namespace().equals(Namespaces.CLIENT) || !STANZAS.contains(stanza.name())) {
            end(new StreamError("unsupported-stanza-type", stanza.name() + " (expected: iq, message or presence)"));
        } else if (subscription == null) {
            beforeBinding(stanza, vysper, lease);
        } else {
            handle(stanza, vysper);
        }
    }

    private void authenticate(XmlElement element) {
        if (!element.is(Namespaces.SASL, "auth")) {
            end(new StreamError("not-authorized", "authenticate first"));
            return;
        }
        Login.Outcome outcome = login.attempt(element);
        if (outcome instanceof Login.Outcome.Success success) {
            authenticated(success.lease());
            transport.awaitRestart();
            send(new XmlElement(Namespaces.SASL, "success", List.of(), List.of()));
        } else if (outcome instanceof Login.Outcome.Failure failure) {
            XmlElement why = new XmlElement(Namespaces.SASL, failure.condition(), List.of(), List.of());
            send(new XmlElement(Namespaces.SASL, "failure", List.of(), List.of(why)));
            if (failure.isLast()) {
                end(new StreamError("policy-violation", "too many failed attempts"));
            }
        } else {
            throw new AssertionError(outcome);
        }
    }

    private void authenticated(Lease admitted) {
        lease = admitted;
        vysper = new VysperSession(backend.vysper(), admitted.account(), this::reply);
    }

    private String bind() {
        try {
            return vysper == null ? "" : vysper.bindResource();
        } catch (org.apache.vysper.xmpp.state.resourcebinding.BindException e) {
            throw new IllegalStateException("a new session has a resource already", e);
        }
    }

    private void subscribe(Lease admitted, String resource) {
        assert !resource.isEmpty();
        subscription = new Subscription(admitted, this);
        backend.subscribers().add(subscription);
        backend.forget(this);
    }

    private void beforeBinding(XmlElement stanza, VysperSession bound, Lease admitted) {
        XmlElement request = stanza.firstElement();
        if (request == null || !request.is(Namespaces.BIND, "bind")) {
            end(new StreamError("not-authorized", "bind a resource first"));
            return;
        }
        if (login.again() instanceof Admission.Refused refused) {
            end(refused.why());
            return;
        }
        handle(stanza, bound);
        if (bound.resource() != null) {
            subscribe(admitted, bound.resource());
        }
    }

    private void handle(XmlElement stanza, VysperSession bound) {
        replyFrom = stanza.attribute("to");
        ClientFilter.Verdict verdict = backend.filter().judge(stanza, bareJid());
        if (verdict instanceof ClientFilter.Verdict.Pass) {
            bound.process(withoutAddresses(stanza));
        } else if (verdict instanceof ClientFilter.Verdict.Refuse refuse) {
            reply(StanzaErrors.refusal(stanza, refuse));
        } else if (!(verdict instanceof ClientFilter.Verdict.Swallow)) {
            throw new AssertionError(verdict);
        }
    }

    /** What a client says of itself is not believed; without a {@code to} the server is meant. */
    private static XmlElement withoutAddresses(XmlElement stanza) {
        List<XmlAttribute> kept = new ArrayList<>(stanza.attributes());
        kept.removeIf(
                attribute -> attribute.name().equals("from") || attribute.name().equals("to"));
        return new XmlElement(stanza.namespace(), stanza.name(), kept, stanza.children());
    }

    /** Sends an answer, stamped with the address that was asked and that of the client. */
    private void reply(XmlElement answer) {
        List<XmlAttribute> attributes = new ArrayList<>(withoutAddresses(answer).attributes());
        if (replyFrom != null) {
            attributes.add(new XmlAttribute("", "from", replyFrom));
        }
        String jid = jid();
        if (subscription != null && jid != null) {
            attributes.add(new XmlAttribute("", "to", jid));
        }
        send(new XmlElement(answer.namespace(), answer.name(), attributes, answer.children()));
    }

    private void sendFeatures() {
        transport.send(lease == null ? EmbeddedBackend.FEATURES_BEFORE : EmbeddedBackend.FEATURES_AFTER);
    }

    private void send(XmlElement element) {
        transport.send(new EncodedStanza(new XmlWriter(256).element(element).toString()));
    }

    @Override
    public boolean deliver(EncodedStanza stanza) {
        return transport.send(stanza);
    }

    @Override
    public void end(SessionEnd why) {
        end(new StreamError("not-authorized", why.description()));
    }

    /** Ends a session that did not log in and bind in time. */
    void endUnbound() {
        end(new StreamError("connection-timeout", "log in and bind faster"));
    }

    private void end(StreamError error) {
        transport.end(error);
    }

    @Override
    public void closed() {
        backend.forget(this);
        if (subscription != null) {
            backend.subscribers().remove(subscription);
        }
        if (vysper != null) {
            vysper.unbind();
        }
    }
}
