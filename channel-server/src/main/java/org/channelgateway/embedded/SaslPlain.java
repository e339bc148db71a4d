package org.channelgateway.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.channelgateway.stream.AsciiCase;

/**
 * What a client says of itself with SASL PLAIN (RFC 4616): the localpart of its account and a secret.
 *
 * @param secret never logged
 */
record SaslPlain(String localpart, String secret) {
    /** An attempt that cannot succeed, with the SASL error of RFC 6120 §6.5. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        Failure(String condition) {
            super(condition);
        }
    }

    static SaslPlain read(String base64, String domain) throws Failure {
        String[] parts = decode(base64).split("\0", -1);
        if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
            throw new Failure("malformed-request");
        }
        String localpart = AsciiCase.lower(parts[1]);
        String authzid = parts[0];
        if (!authzid.isEmpty() && !AsciiCase.areSame(authzid, localpart + "@" + domain)) {
            throw new Failure("invalid-authzid");
        }
        return new SaslPlain(localpart, parts[2]);
    }

    private static String decode(String base64) throws Failure {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64.strip()));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw new Failure("incorrect-encoding");
        }
    }

    @Override
    public String toString() {
        return "SaslPlain[" + localpart + "]";
    }
}
