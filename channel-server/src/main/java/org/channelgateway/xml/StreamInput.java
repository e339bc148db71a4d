package org.channelgateway.xml;

import java.nio.ByteBuffer;

/**
 * The bytes of a stream that were fed and are not read yet. Hands them out up to each {@code '>'}: no tag ends elsewhere,
 * so what was taken never reaches beyond the end of a stanza. Confined to one thread.
 */
final class StreamInput {
    private static final byte[] NONE = {};

    private final Utf8 utf8 = new Utf8();
    private byte[] bytes = NONE;
    private int at;
    private int end;
    private boolean broken;

    /** Takes all bytes of a buffer with an array, which nobody may change until they are read. */
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

    void clear() {
        bytes = NONE;
        at = 0;
        end = 0;
    }

    /** Passes over white space; returns how much of it there was. */
    int skipSpace() {
        int from = at;
        while (at < end && isSpace(bytes[at])) {
            at++;
        }
        return at - from;
    }

    private static boolean isSpace(byte octet) {
        return octet == ' ' || octet == '\n' || octet == '\r' || octet == '\t';
    }

    /** How many bytes can be taken at once, at most {@code max}: up to the next {@code '>'} or what is not UTF-8. */
    int available(int max) throws XmlException {
        int stop = end - at > max ? at + max : end;
        int i = at;
        while (i < stop && !broken) {
            byte octet = bytes[i];
            broken = !utf8.accepts(octet);
            if (!broken) {
                i++;
                if (octet == '>') {
                    break;
                }
            }
        }
        if (broken && i == at) {
            throw Utf8.malformed();
        }
        return i - at;
    }

    byte[] array() {
        return bytes;
    }

    /** Index in the array of the first byte. */
    int offset() {
        return at;
    }

    void advance(int length) {
        at += length;
    }
}
