package org.channelgateway.registry.xmpp;

import org.jspecify.annotations.Nullable;

/** The server was not reached, or did not do what it was asked. What was asked may be done in part, and may be asked again. */
public final class AdministrationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AdministrationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
