package org.channelgateway.bosh;

import java.security.SecureRandom;
import java.util.Base64;

/** A BOSH session id: 160 random bits. Whoever has it and the rid has the session (XEP-0124 §19.3): never logged whole. */
public record Sid(String value) {
    private static final int BYTES = 20;

    static Sid random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new Sid(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Cut to what may stand in a log. */
    @Override
    public String toString() {
        return value.substring(0, Math.min(6, value.length())) + "…";
    }
}
