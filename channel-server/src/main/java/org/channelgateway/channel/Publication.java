package org.channelgateway.channel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.channelgateway.channel.RefusedException.Kind;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.xml.XmlChars;

/** A message to the subscribers of one key, checked; nothing has been sent yet. */
public record Publication(ChannelKey key, String text) {
    /** Longest message, in bytes of UTF-8. */
    public static final int MAX_BYTES = 32_767;

    public Publication {
        int bytes = utf8Length(text);
        if (bytes > MAX_BYTES) {
            throw new RefusedException(Kind.TOO_LARGE, "message: " + bytes + " bytes (expected: 1.." + MAX_BYTES + ")");
        }
        if (bytes == 0) {
            throw new RefusedException(Kind.INVALID, "message: 0 bytes (expected: 1.." + MAX_BYTES + ")");
        }
        int illegal = XmlChars.firstIllegal(text);
        if (illegal >= 0) {
            throw new RefusedException(
                    Kind.INVALID,
                    "message: U+%04X at index %d (expected: characters that XML 1.0 allows)"
                            .formatted((int) text.charAt(illegal), illegal));
        }
    }

    /** Equal for equal publications, and short: what has to be remembered of them. */
    static long fingerprint(List<Publication> publications) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Publication one : publications) { // no key and no text holds a zero
                digest.update(one.key.bytes());
                digest.update((byte) 0);
                digest.update(one.text.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return ByteBuffer.wrap(digest.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static int utf8Length(String text) {
        return text.length() > MAX_BYTES ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
