package org.channelgateway.xml;

import org.channelgateway.xml.XmlException.Reason;

/**
 * Tells whether bytes that come one after another are UTF-8 (RFC 3629 §4); Aalto takes some overlong sequences for the
 * characters that they hide. Confined to one thread.
 */
final class Utf8 {
    /** How many continuation bytes are still to come. */
    private int missing;
    /** Between which values the next of them has to be. */
    private int least;

    private int most;

    /** False when {@code octet} cannot come next. */
    boolean accepts(byte octet) {
        if (missing == 0) {
            return octet >= 0 || starts(octet & 0xFF);
        }
        int value = octet & 0xFF;
        if (value < least || value > most) {
            return false;
        }
        missing--;
        least = 0x80;
        most = 0xBF;
        return true;
    }

    /** True after a whole character. */
    boolean isWhole() {
        return missing == 0;
    }

    private boolean starts(int octet) {
        if (octet < 0xC2 || octet > 0xF4) {
            return false;
        }
        missing = octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3;
        least = octet == 0xE0 ? 0xA0 : octet == 0xF0 ? 0x90 : 0x80;
        most = octet == 0xED ? 0x9F : octet == 0xF4 ? 0x8F : 0xBF;
        return true;
    }

    static XmlException malformed() {
        return new XmlException(Reason.MALFORMED, "not valid UTF-8");
    }
}
