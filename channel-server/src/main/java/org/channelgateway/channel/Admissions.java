package org.channelgateway.channel;

import java.time.Instant;
import java.util.Optional;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.Leases;
import org.channelgateway.registry.Token;

/** Says who may subscribe. Thread-safe. */
public final class Admissions {
    private final Leases leases;

    public Admissions(Leases leases) {
        this.leases = leases;
    }

    /** Judges a token by itself. */
    public Admission byToken(String text) {
        return Token.parse(text)
                .map(token -> judge(token, leases.find(token)))
                .orElse(new Admission.Refused(SessionEnd.INVALID_TOKEN));
    }

    /** Judges a token given as the password of {@code account}. */
    public Admission byAccount(String account, String text) {
        return Token.parse(text)
                .map(token -> judge(token, leases.authenticate(account, token)))
                .orElse(new Admission.Refused(SessionEnd.INVALID_TOKEN));
    }

    private Admission judge(Token token, Optional<Lease> found) {
        Instant now = leases.now();
        if (found.isPresent() && found.get().isLive(now)) {
            return new Admission.Admitted(found.get());
        }
        boolean timedOut = found.isPresent() || !token.expiry().isAfter(now); // the row of the latter was swept
        return new Admission.Refused(timedOut ? SessionEnd.TIMED_OUT : SessionEnd.INVALID_TOKEN);
    }
}
