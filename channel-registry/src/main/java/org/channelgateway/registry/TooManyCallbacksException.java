package org.channelgateway.registry;

/** An application has as many callbacks as it may have; nothing was changed. */
public final class TooManyCallbacksException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyCallbacksException(int limit) {
        super("callbacks: " + limit + " of this app wait (expected: fewer)", null, false, false);
    }
}
