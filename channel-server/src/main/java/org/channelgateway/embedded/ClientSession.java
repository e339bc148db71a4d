package org.channelgateway.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.vysper.xmpp.state.resourcebinding.BindException;
import org.channelgateway.api.xmpp.Disco;
import org.channelgateway.channel.Credential;
import org.channelgateway.channel.RefusedException;
import org.channelgateway.channel.SessionEnd;
import org.channelgateway.channel.Subscription;
import org.channelgateway.channel.XmppSession;
import org.channelgateway.registry.AccountKind;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.stream.AsciiCase;
import org.channelgateway.stream.ClientFilter;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StanzaError;
import org.channelgateway.stream.StreamApplication;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlAttribute;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's XMPP stream: features, SASL, bind (RFC 6120 §4 to §7), then the stanzas that {@link ClientFilter} lets
 * through. What comes from the client is handled by one thread at a time; deliveries and the end come from any.
 */
final class ClientSession implements StreamApplication.Stream, XmppSession {
    private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);
    private static final Set<String> STANZAS = Set.of("iq", "message", "presence");

    /** RFC 6120 §7.6.2.1. */
    private static final StanzaError NO_ROOM = new StanzaError(
            "wait", "resource-constraint", "sessions: as many of this token as it may have (expected: fewer)");

    private static final StreamError UNREACHABLE =
            new StreamError("internal-server-error", "the registry cannot be reached now");

    private final EmbeddedBackend backend;
    private final ClientTransport transport;
    private final Login login;
    /** Null until authenticated. */
    private @Nullable Member member;
    /** Null until a subscriber has bound. */
    private @Nullable Subscription subscription;

    private volatile boolean isBound;
    /** Held while a bind is answered. */
    private final ReentrantLock binding = new ReentrantLock();
    /** The answers to a bind that is being done; null otherwise. */
    private @Nullable List<XmlElement> bindAnswers;

    /**
     * An authenticated client.
     *
     * @param requests what it asks the channel service
     */
    private record Member(Credential credential, String bareJid, ServiceRequests requests, VysperSession vysper) {}

    ClientSession(EmbeddedBackend backend, ClientTransport transport) {
        this.backend = backend;
        this.transport = transport;
        this.login = new Login(backend, transport);
    }

    /** Starts with the features that an unauthenticated client may use. */
    ClientSession start() {
        backend.await(this);
        sendFeatures();
        return this;
    }

    /** Starts as a subscriber's session that is authenticated and bound already. */
    ClientSession startBound(Lease admitted) {
        Member subscriber = authenticated(new Credential.Subscriber(admitted));
        try {
            subscriber.vysper.bindResource();
        } catch (BindException e) {
            throw new IllegalStateException("a new session has a resource already", e);
        }
        try {
            bound(subscriber, "connect");
            announce();
        } catch (RefusedException
                | RegistryException e) { // its lease has as many as it may have, or nobody can be told
            closed();
            throw e;
        }
        return this;
    }

    ClientTransport transport() {
        return transport;
    }

    /** The full JID; null until bound. */
    @Nullable
    String jid() {
        return member == null || member.vysper.resource() == null
                ? null
                : member.bareJid + "/" + member.vysper.resource();
    }

    @Override
    public void restarted() {
        sendFeatures();
    }

    @Override
    public void ending() {
        if (member != null) {
            member.requests.end();
        }
    }

    @Override
    public void batchEnded() {
        if (member != null) {
            member.requests.finish();
        }
    }

    @Override
    public void received(XmlElement stanza) {
        if (member == null) {
            Credential credential = login.take(stanza);
            if (credential != null) {
                authenticated(credential);
            }
        } else if (!stanza.namespace().equals(Namespaces.CLIENT) || !STANZAS.contains(stanza.name())) {
            member.requests.finish();
            end(new StreamError("unsupported-stanza-type", stanza.name() + " (expected: iq, message or presence)"));
        } else if (!isBound) {
            beforeBinding(stanza, member);
        } else {
            handle(stanza, member);
        }
    }

    private Member authenticated(Credential credential) {
        String app = null;
        String localpart;
        if (credential instanceof Credential.Subscriber subscriber) {
            localpart = subscriber.lease().account();
        } else if (credential instanceof Credential.Application application) {
            app = application.app();
            localpart = AccountKind.APP.localpart(app);
        } else {
            throw new AssertionError(credential);
        }
        VysperSession vysper = new VysperSession(backend.vysper(), localpart, this::reply);
        ServiceRequests requests = new ServiceRequests(backend.service(), transport, app, this::reply);
        Member authenticated = new Member(credential, localpart + "@" + backend.domain(), requests, vysper);
        member = authenticated;
        return authenticated;
    }

    /** @param door that it came in by */
    private void bound(Member by, String door) {
        login.forget();
        if (by.credential instanceof Credential.Subscriber subscriber) {
            Subscription added = new Subscription(subscriber.lease(), this);
            backend.subscribers().add(added);
            subscription = added;
        }
        isBound = true;
        backend.entered(this);
        backend.traffic().connected(door);
    }

    private void beforeBinding(XmlElement stanza, Member by) {
        XmlElement request = stanza.firstElement();
        if (request == null || !request.is(Namespaces.BIND, "bind")) {
            end(new StreamError("not-authorized", "bind a resource first"));
            return;
        }
        Credential now;
        try {
            now = login.again();
        } catch (RegistryException e) {
            LOG.error("the registry failed at a bind: {}", e.getMessage());
            end(UNREACHABLE);
            return;
        }
        if (now instanceof Credential.Refused refused) {
            end(refused.why());
            return;
        }
        if (by.credential instanceof Credential.Subscriber subscriber
                && !backend.subscribers().hasRoom(subscriber.lease())) {
            backend.refusals().add(login.door(), "sessions-of-token");
            reply(NO_ROOM.answering(stanza), null);
            return;
        }
        List<XmlElement> held = new ArrayList<>(1);
        bindAnswers = held;
        handle(stanza, by);
        bindAnswers = null;
        answerBind(by, held);
        try {
            announce();
        } catch (RegistryException e) {
            LOG.error("a session that logged in could not be told to its application", e);
            end(UNREACHABLE);
        }
    }

    /** Not under the lock: it may write to the registry. */
    private void announce() {
        Subscription added = subscription;
        if (added != null) {
            backend.subscribers().announce(added);
        }
    }

    /** T1 answers the bind, T2 delivers to the session as soon as it is subscribed: its stanza comes after the answer. */
    private void answerBind(Member by, List<XmlElement> answers) {
        binding.lock();
        try {
            if (by.vysper.resource() != null) {
                bound(by, login.door());
            }
            answers.forEach(this::send);
        } catch (RefusedException e) { // another took the last place meanwhile
            backend.refusals().add(login.door(), e.reason());
            end(new StreamError("resource-constraint", String.valueOf(e.getMessage())));
        } finally {
            binding.unlock();
        }
    }

    private void handle(XmlElement stanza, Member by) {
        String to = stanza.attribute("to");
        ClientFilter.Verdict verdict = backend.filter().judge(stanza, by.bareJid);
        if (verdict instanceof ClientFilter.Verdict.Ask) {
            by.requests.ask(stanza);
            return;
        }
        by.requests.finish(); // what is put off comes first
        if (verdict instanceof ClientFilter.Verdict.Pass) {
            pass(stanza, to, by);
        } else if (verdict instanceof ClientFilter.Verdict.Refuse refuse) {
            backend.refusals().add(login.door(), refuse.error().condition());
            reply(refuse.error().answering(stanza), to);
        } else if (!(verdict instanceof ClientFilter.Verdict.Swallow)) {
            throw new AssertionError(verdict);
        }
    }

    /** Vysper takes the own account for the server. */
    private void pass(XmlElement stanza, @Nullable String to, Member by) {
        if (to != null
                && AsciiCase.lower(to).equals(by.bareJid)
                && stanza.name().equals("iq")
                && Disco.isQuery(stanza.elements().get(0))) {
            reply(Disco.ofAccount(stanza), to);
        } else {
            by.vysper.process(withoutAddresses(stanza), to);
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
    private void reply(XmlElement answer, @Nullable String from) {
        List<XmlAttribute> attributes = new ArrayList<>(withoutAddresses(answer).attributes());
        if (from != null) {
            attributes.add(new XmlAttribute("", "from", from));
        }
        String jid = jid();
        if (isBound && jid != null) {
            attributes.add(new XmlAttribute("", "to", jid));
        }
        send(new XmlElement(answer.namespace(), answer.name(), attributes, answer.children()));
    }

    private void sendFeatures() {
        transport.send(member == null ? EmbeddedBackend.FEATURES_BEFORE : EmbeddedBackend.FEATURES_AFTER);
    }

    private void send(XmlElement element) {
        if (bindAnswers != null) {
            bindAnswers.add(element);
            return;
        }
        transport.send(new EncodedStanza(new XmlWriter(256).element(element).toString()));
    }

    @Override
    public boolean deliver(EncodedStanza stanza) {
        if (!binding.isLocked()) {
            return transport.send(stanza);
        }
        binding.lock();
        try {
            return transport.send(stanza);
        } finally {
            binding.unlock();
        }
    }

    @Override
    public boolean isBehind() {
        return transport.isBehind();
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
        if (isBound) {
            isBound = false;
            backend.left(this);
        }
        if (subscription != null) {
            backend.subscribers().remove(subscription, transport.hasLapsed());
        }
        if (member != null) {
            member.vysper.unbind();
        }
    }
}
