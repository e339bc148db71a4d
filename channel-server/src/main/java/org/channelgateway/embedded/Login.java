package org.channelgateway.embedded;

import org.channelgateway.channel.Admission;
import org.channelgateway.channel.Admissions;
import org.channelgateway.channel.SessionEnd;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.xml.XmlElement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's way to its lease: SASL PLAIN (RFC 6120 §6). Confined to the thread that hands up what the client sends. */
final class Login {
    /** What one attempt came to. */
    sealed interface Outcome {
        record Success(Lease lease) implements Outcome {}

        /** Refused with the SASL condition of RFC 6120 §6.5; {@code isLast} when no other attempt is allowed. */
        record Failure(String condition, boolean isLast) implements Outcome {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);
    private static final int MAX_FAILURES = 3;

    private final String domain;
    private final Admissions admissions;
    private int failures;
    /** What the client said when it succeeded; null before. */
    private @Nullable SaslPlain proven;

    Login(String domain, Admissions admissions) {
        this.domain = domain;
        this.admissions = admissions;
    }

    Outcome attempt(XmlElement auth) {
        try {
            if (!"PLAIN".equals(auth.attribute("mechanism"))) {
                throw new SaslPlain.Failure("invalid-mechanism");
            }
            SaslPlain plain = SaslPlain.read(auth.text(), domain);
            Admission admission = admissions.byAccount(plain.localpart(), plain.secret());
            if (admission instanceof Admission.Admitted admitted) {
                proven = plain;
                return new Outcome.Success(admitted.lease());
            }
            throw new SaslPlain.Failure("not-authorized");
        } catch (SaslPlain.Failure e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (RegistryException e) {
            LOG.error("the registry failed at a login", e);
            return failed("temporary-auth-failure");
        }
    }

    private Outcome failed(String condition) {
        return new Outcome.Failure(condition, ++failures >= MAX_FAILURES);
    }

    /** Judges the lease again: between the login and the bind it may have been revoked, or be over. */
    Admission again() {
        return proven == null
                ? new Admission.Refused(SessionEnd.INVALID_TOKEN)
                : admissions.byAccount(proven.localpart(), proven.secret());
    }
}
