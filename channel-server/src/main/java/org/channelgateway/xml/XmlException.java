package org.channelgateway.xml;

/** Bytes that are not XML, not allowed on an XMPP stream, or beyond a limit. */
public final class XmlException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why the bytes were refused. */
    public enum Reason {
        /** Not well-formed, or characters that XML 1.0 does not allow. */
        MALFORMED,
        /** DTD, comment, processing instruction or entity reference (RFC 6120 §11.1). */
        RESTRICTED,
        /** Beyond one of {@link XmlLimits}. */
        LIMIT
    }

    private final Reason reason;

    XmlException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    static XmlException limit(String what, int value, int limit) {
        return new XmlException(Reason.LIMIT, what + ": " + value + " (expected: <= " + limit + ")");
    }

    public Reason reason() {
        return reason;
    }
}
