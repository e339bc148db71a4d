package org.channelgateway.embedded;

import java.util.List;
import org.channelgateway.channel.Credential;
import org.channelgateway.channel.SessionEnd;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.stream.ClientTransport;
import org.channelgateway.stream.StreamError;
import org.channelgateway.xml.EncodedStanza;
import org.channelgateway.xml.XmlElement;
import org.channelgateway.xml.XmlWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's way to its account: SASL PLAIN (RFC 6120 §6). Confined to the thread that hands up what the client sends. */
final class Login {
    private static final Logger LOG = LoggerFactory.getLogger(Login.class);
    private static final int MAX_FAILURES = 3;
    private static final int MAX_ACCOUNT = 128;

    private final EmbeddedBackend backend;
    private final ClientTransport transport;
    private int failures;
    /** The client was asked for what it did not send with its auth (RFC 6120 §6.4.3). */
    private boolean challenged;
    /** What the client said when it succeeded; null before. */
    private @Nullable SaslPlain proven;
    /** A failure waits for its answer. */
    private volatile boolean failureWaits;

    Login(EmbeddedBackend backend, ClientTransport transport) {
        this.backend = backend;
        this.transport = transport;
    }

    /** Takes what an unauthenticated client sends, and answers it; returns what the client is, null while it is nobody. */
    @Nullable
    Credential take(XmlElement element) {
        if (failureWaits) {
            transport.end(new StreamError("policy-violation", "one attempt to log in at a time"));
            return null;
        }
        boolean responds = challenged && element.is(Namespaces.SASL, "response");
        challenged = false;
        if (responds) {
            return attempt(element.text());
        } else if (element.is(Namespaces.SASL, "auth")) {
            return begin(element);
        } else if (element.is(Namespaces.SASL, "abort")) {
            refuse("aborted", penalty(""));
            return null;
        }
        transport.end(new StreamError("not-authorized", "authenticate first"));
        return null;
    }

    private @Nullable Credential begin(XmlElement auth) {
        if (!"PLAIN".equals(auth.attribute("mechanism"))) {
            refuse("invalid-mechanism", penalty(""));
            return null;
        }
        if (auth.text().isEmpty()) {
            challenged = true;
            send(sasl("challenge"));
            return null;
        }
        return attempt(auth.text());
    }

    private @Nullable Credential attempt(String response) {
        String account = "";
        try {
            SaslPlain plain = SaslPlain.read(response.equals("=") ? "" : response, backend.domain()); // §6.4.2
            account = plain.localpart();
            if (!backend.failedLogins().mayTry(kind(account))) {
                refuse("temporary-auth-failure", backend.failedLogins().notTried());
                return null;
            }
            Credential credential = backend.credentials().judge(account, plain.secret());
            if (credential instanceof Credential.Refused) {
                throw new SaslPlain.Failure("not-authorized");
            }
            proven = plain;
            transport.awaitRestart(credential instanceof Credential.Application);
            send(sasl("success"));
            return credential;
        } catch (SaslPlain.Failure e) {
            refuse(String.valueOf(e.getMessage()), penalty(account));
        } catch (RegistryException e) {
            LOG.error("the registry failed at a login", e);
            refuse("temporary-auth-failure", backend.failedLogins().notTried());
        }
        return null;
    }

    /** The door of who logs in here, as it is counted. */
    String door() {
        return transport.kind().equals("tcp") ? "xmpp" : transport.kind();
    }

    private FailedLogins.Kind kind(String account) {
        String counted = account.length() > MAX_ACCOUNT ? "" : account;
        return FailedLogins.Kind.of(transport.kind(), transport.address(), counted);
    }

    private FailedLogins.Penalty penalty(String account) {
        return backend.failedLogins().failed(kind(account));
    }

    /** Says so later: who guesses has to wait. */
    private void refuse(String condition, FailedLogins.Penalty penalty) {
        backend.refusals().add(door(), condition);
        failures++;
        boolean isLast = failures >= MAX_FAILURES;
        failureWaits = true;
        backend.later(penalty.delay(), () -> {
            backend.failedLogins().answered(penalty);
            failureWaits = false;
            send(sasl("failure", sasl(condition)));
            if (isLast) {
                transport.end(new StreamError("policy-violation", "too many failed attempts"));
            }
        });
    }

    private static XmlElement sasl(String name, XmlElement... content) {
        return new XmlElement(Namespaces.SASL, name, List.of(), List.of(content));
    }

    private void send(XmlElement element) {
        transport.send(new EncodedStanza(new XmlWriter(128).element(element).toString()));
    }

    /** Keeps the secret no longer: the session is bound. */
    void forget() {
        proven = null;
    }

    /** Judges again: between the login and the bind a lease may have been revoked, or be over. */
    Credential again() {
        return proven == null
                ? new Credential.Refused(SessionEnd.INVALID_TOKEN)
                : backend.credentials().judge(proven.localpart(), proven.secret());
    }
}
