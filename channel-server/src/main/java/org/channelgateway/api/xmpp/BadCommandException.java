package org.channelgateway.api.xmpp;

/** A request that is not one of the service's; the message names what is wrong in it. */
final class BadCommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadCommandException(String message) {
        super(message, null, false, false);
    }
}
