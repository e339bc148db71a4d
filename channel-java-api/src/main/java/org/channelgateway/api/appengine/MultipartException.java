package org.channelgateway.api.appengine;

/** A body is not what RFC 2046 §5.1 and RFC 7578 describe. */
final class MultipartException extends Exception {
    private static final long serialVersionUID = 1L;

    MultipartException(String message) {
        super(message);
    }
}
