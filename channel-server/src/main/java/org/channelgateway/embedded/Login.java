package org.channelgateway.embedded;

import org.channelgateway.channel.Credential;
import org.channelgateway.channel.Credentials;
import org.channelgateway.channel.SessionEnd;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's way to its account: SASL PLAIN (RFC 6120 §6). Confined to the thread that hands up what the client sends. */
final class Login {
    /** What one attempt came to. */
    sealed interface Outcome {
        record Success(Credential credential) implements Outcome {}

        /** Refused with the SASL condition of RFC 6120 §6.5; {@code isLast} when no other attempt is allowed. */
        record Failure(String condition, boolean isLast) implements Outcome {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);
    private static final int MAX_FAILURES = 3;

    private final String domain;
    private final Credentials credentials;
    private int failures;
    /** What the client said when it succeeded; null before. */
    private @Nullable SaslPlain proven;

    Login(String domain, Credentials credentials) {
        this.domain = domain;
        this.credentials = credentials;
    }

    Outcome attempt(XmlElement auth) {
        try {
            if (!"PLAIN".equals(auth.attribute("mechanism"))) {
                throw new SaslPlain.Failure("invalid-mechanism");
            }
            SaslPlain plain = SaslPlain.read(auth.text(), domain);
            Credential credential = credentials.judge(plain.localpart(), plain.secret());
            if (credential instanceof Credential.Refused) {
                throw new SaslPlain.Failure("not-authorized");
            }
            proven = plain;
            return new Outcome.Success(credential);
        } catch (SaslPlain.Failure e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (RegistryException e) {
            LOG.error("the registry failed at a login", e);
            return failed("temporary-auth-failure");
        }
    }

    /** The outcome of an attempt that was not looked at. */
    Outcome failed(String condition) {
        return new Outcome.Failure(condition, ++failures >= MAX_FAILURES);
    }

    /** Keeps the secret no longer: the session is bound. */
    void forget() {
        proven = null;
    }

    /** Judges again: between the login and the bind a lease may have been revoked, or be over. */
    Credential again() {
        return proven == null
                ? new Credential.Refused(SessionEnd.INVALID_TOKEN)
                : credentials.judge(proven.localpart(), proven.secret());
    }
}
