package org.channelgateway.bosh;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code <body/>} that asks for nothing but what waits, as nearly all are: with {@code xmlns}, {@code rid}, {@code sid} and
 * perhaps {@code ack}, and without content. It takes a fraction of what {@link BoshXml#read} takes, to which everything else is left:
 * whatever is in the least unusual. Confined to one thread.
 */
public final class BarePoll {
    private static final byte[] START = ascii("<body");
    private static final byte[] END = ascii("/>");
    private static final byte[] LONG_END = ascii("></body>");
    private static final byte[] XMLNS = ascii("xmlns");
    private static final byte[] RID = ascii("rid");
    private static final byte[] SID = ascii("sid");
    private static final byte[] ACK = ascii("ack");
    private static final byte[] NAMESPACE = ascii(BoshXml.NAMESPACE);
    private static final int MOST_BYTES = 512;
    private static final int MOST_SID_BYTES = 64;

    private final byte[] bytes;
    private int at = START.length;
    private boolean hasNamespace;
    private @Nullable Rid rid;
    private @Nullable Rid ack;
    private @Nullable String sid;

    private BarePoll(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The request, of which no fingerprint is made; null for what has to be read as any XML. */
    public static @Nullable BoshRequest read(byte[] bytes) {
        return bytes.length <= MOST_BYTES && hasAt(bytes, 0, START) ? new BarePoll(bytes).read() : null;
    }

    private @Nullable BoshRequest read() {
        while (bytes.length > at && bytes[at] == ' ') {
            at++;
            if (!attribute()) {
                return null;
            }
        }
        boolean isWhole = isRest(END) || isRest(LONG_END);
        return isWhole && hasNamespace && rid != null && sid != null
                ? new BoshRequest(rid, sid, false, false, 0, ack == null ? 0 : ack.value(), List.of(), null, 0)
                : null;
    }

    /** False for one that is not known, is there twice, or has another value than such a poll has. */
    private boolean attribute() {
        int name = at;
        while (at < bytes.length && bytes[at] != '=') {
            at++;
        }
        int nameEnd = at;
        int value = at + 2;
        if (value > bytes.length || (bytes[at + 1] != '\'' && bytes[at + 1] != '"')) {
            return false;
        }
        byte quote = bytes[at + 1];
        at = value;
        while (at < bytes.length && bytes[at] != quote) {
            at++;
        }
        int valueEnd = at;
        at++;
        return valueEnd < bytes.length && take(name, nameEnd, value, valueEnd);
    }

    private boolean take(int name, int nameEnd, int value, int valueEnd) {
        if (is(name, nameEnd, XMLNS)) {
            boolean isFirst = !hasNamespace;
            hasNamespace = true;
            return isFirst && is(value, valueEnd, NAMESPACE);
        }
        if (is(name, nameEnd, RID)) {
            boolean isFirst = rid == null;
            rid = Rid.parse(text(value, valueEnd));
            return isFirst && rid != null;
        }
        if (is(name, nameEnd, ACK)) {
            boolean isFirst = ack == null;
            ack = Rid.parse(text(value, valueEnd));
            return isFirst && ack != null;
        }
        boolean isFirst = sid == null;
        sid = text(value, valueEnd);
        return isFirst && is(name, nameEnd, SID) && isSid(value, valueEnd);
    }

    private boolean isSid(int from, int to) {
        if (from == to || to - from > MOST_SID_BYTES) {
            return false;
        }
        for (int i = from; i < to; i++) {
            byte c = bytes[i];
            boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!isLetter && !(c >= '0' && c <= '9') && c != '-' && c != '_') {
                return false;
            }
        }
        return true;
    }

    private boolean isRest(byte[] wanted) {
        return bytes.length - at == wanted.length && hasAt(bytes, at, wanted);
    }

    private boolean is(int from, int to, byte[] wanted) {
        return to - from == wanted.length && hasAt(bytes, from, wanted);
    }

    private static boolean hasAt(byte[] bytes, int from, byte[] wanted) {
        return bytes.length - from >= wanted.length
                && Arrays.equals(bytes, from, from + wanted.length, wanted, 0, wanted.length);
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
