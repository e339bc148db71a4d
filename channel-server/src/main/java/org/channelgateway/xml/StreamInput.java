package org.channelgateway.xml;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes of a stream that were fed and are not taken yet. Hands them out in whole characters, since Aalto loses some
 * that are cut, and up to the end of each tag, so that what was taken never reaches beyond the end of a stanza. Confined
 * to one thread.
 */
final class StreamInput {
    private static final byte[] NONE = {};
    private static final int LONGEST_CHARACTER = 4;

    private final Utf8 utf8 = new Utf8();
    private final Markup markup;
    private byte[] bytes = NONE;
    private int at;
    private int end;
    private boolean broken;
    /** The begin of a character whose rest has not been fed. */
    private byte[] begun = NONE;

    private byte[] taken = NONE;
    private int offset;
    private boolean tagEnds;

    StreamInput(XmlLimits limits) {
        markup = new Markup(limits);
    }

    void limits(XmlLimits limits) {
        markup.limits(limits);
    }

    /** Takes all bytes of a buffer with an array, which nobody may change until they are taken. */
    void feed(ByteBuffer buffer) {
        if (!isEmpty()) {
            throw new IllegalStateException("input: " + (end - at) + " bytes not read yet (expected: 0)");
        }
        bytes = buffer.array();
        at = buffer.arrayOffset() + buffer.position();
        end = at + buffer.remaining();
        buffer.position(buffer.limit());
    }

    boolean isEmpty() {
        return at == end;
    }

    /** Forgets what is not taken yet, and lets go of the array. */
    void clear() {
        bytes = NONE;
        taken = NONE;
        at = 0;
        end = 0;
    }

    /** Passes over white space; returns how much of it there was. There is none within a character that was cut. */
    int skipSpace() {
        int from = at;
        while (begun.length == 0 && at < end && isSpace(bytes[at])) {
            at++;
        }
        return at - from;
    }

    private static boolean isSpace(byte octet) {
        return octet == ' ' || octet == '\n' || octet == '\r' || octet == '\t';
    }

    /**
     * Takes whole characters up to the end of the next tag or to what is not UTF-8; returns how many bytes.
     *
     * @param max how many at most, but for the rest of the last character
     */
    int take(int max) throws XmlException {
        if (begun.length > 0) {
            return takeBegun();
        }
        int from = at;
        int stop = end - at > max ? at + max : end;
        int whole = at;
        boolean ends = false;
        for (int i = at; i < end && (i < stop || whole < i) && !ends && !broken; i++) {
            broken = !utf8.accepts(bytes[i]);
            ends = !broken && markup.accept(bytes[i]);
            whole = !broken && utf8.isWhole() ? i + 1 : whole;
            at = i + 1;
        }
        tagEnds = ends && markup.isAfterTag();
        if (broken) {
            at = whole;
            checkNotBroken(whole - from);
        } else if (whole < at) {
            begun = Arrays.copyOfRange(bytes, whole, at);
        }
        taken = bytes;
        offset = from;
        return whole - from;
    }

    private int takeBegun() throws XmlException {
        byte[] character = Arrays.copyOf(begun, LONGEST_CHARACTER);
        int length = begun.length;
        while (!isEmpty() && !utf8.isWhole()) {
            broken = broken || !utf8.accepts(bytes[at]);
            checkNotBroken(0);
            markup.accept(bytes[at]);
            character[length] = bytes[at];
            length++;
            at++;
        }
        if (!utf8.isWhole()) {
            begun = Arrays.copyOf(character, length);
            return 0;
        }
        begun = NONE;
        tagEnds = false;
        taken = character;
        offset = 0;
        return length;
    }

    private void checkNotBroken(int before) throws XmlException {
        if (broken && before == 0) {
            throw Utf8.malformed();
        }
    }

    /** True when what was taken last ends with a tag. */
    boolean endsTag() {
        return tagEnds;
    }

    /** Where the bytes taken last are. */
    byte[] array() {
        return taken;
    }

    /** Index in the array of the first one. */
    int offset() {
        return offset;
    }
}
