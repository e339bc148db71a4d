package org.channelgateway.callback;

import java.net.URI;
import org.channelgateway.registry.CallbackKind;

/**
 * Where an application is called back.
 *
 * @param base an http or https URL; the paths of callbacks go below it
 * @param secret signs what is sent; never logged
 * @param presence whether it is told who comes and goes
 */
public record CallbackTarget(URI base, String secret, boolean presence) {
    /** The address for callbacks of {@code kind}; connected and disconnected end with a slash, as applications expect. */
    URI uri(CallbackKind kind) {
        String root = base.toString().replaceFirst("/+$", "");
        return URI.create(root + "/_ah/channel/" + kind.word() + (kind == CallbackKind.RECEIVE ? "" : "/"));
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
