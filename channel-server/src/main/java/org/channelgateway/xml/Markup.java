package org.channelgateway.xml;

/**
 * Follows markup, byte by byte, as far as to tell where tags end and that none has so many attributes that Aalto takes
 * very long for it. Whether it is well-formed is not told: on what is not, this may be wrong. Confined to one thread.
 */
final class Markup {
    /** A tag may have so many times the attributes that an element may: namespaces are declared like attributes. */
    private static final int DECLARATIONS = 2;

    private enum State {
        TEXT,
        /** After {@code <}. */
        BEGUN,
        TAG,
        QUOTED,
        /** After {@code <!}. */
        DECLARATION,
        CDATA,
        /** In a comment or DTD, which are refused: any {@code >} may end it. */
        OTHER
    }

    private State state = State.TEXT;
    private int maxEquals;
    private int equals;
    private byte quote;
    private byte last;
    private byte lastButOne;

    Markup(XmlLimits limits) {
        limits(limits);
    }

    void limits(XmlLimits limits) {
        maxEquals = limits.maxAttributes() * DECLARATIONS;
    }

    /** Takes a byte; true when it ends a tag, or what is refused. */
    boolean accept(byte octet) throws XmlException {
        switch (state) {
            case TEXT -> state = octet == '<' ? State.BEGUN : State.TEXT;
            case BEGUN -> {
                equals = 0;
                state = octet == '!' ? State.DECLARATION : State.TAG;
            }
            case TAG -> {
                return inTag(octet);
            }
            case QUOTED -> state = octet == quote ? State.TAG : State.QUOTED;
            case DECLARATION -> state = octet == '[' ? State.CDATA : State.OTHER;
            case CDATA -> {
                if (octet == '>' && last == ']' && lastButOne == ']') {
                    state = State.TEXT;
                }
                lastButOne = last;
                last = octet;
            }
            case OTHER -> {
                return octet == '>';
            }
        }
        return false;
    }

    private boolean inTag(byte octet) throws XmlException {
        if (octet == '\'' || octet == '"') {
            quote = octet;
            state = State.QUOTED;
        } else if (octet == '=') {
            equals++;
            if (equals > maxEquals) {
                throw XmlException.limit("attributes", equals, maxEquals);
            }
        } else if (octet == '>') {
            state = State.TEXT;
            return true;
        }
        return false;
    }

    /** True when a tag, and nothing else, has just ended. */
    boolean isAfterTag() {
        return state == State.TEXT;
    }
}
