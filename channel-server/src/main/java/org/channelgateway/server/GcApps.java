package org.channelgateway.server;

import java.util.List;
import java.util.Set;
import org.channelgateway.config.ConfigException;
import org.channelgateway.config.Settings;
import org.channelgateway.registry.Registry;

/**
 * Removes what applications leave in a database that gateways share. By a command only: of two gateways none can know whose settings
 * are the newer ones.
 */
final class GcApps {
    private GcApps() {}

    /** Removes the accounts of applications that the settings do not name, and what waits for them; returns what to say of it. */
    static String forgetOthers(Settings settings, Registry registry) throws ConfigException {
        if (settings.apps().isEmpty()) {
            throw new ConfigException("--forget-apps: the settings name no apps (expected: those that stay)");
        }
        List<String> forgotten = Apps.of(settings).removeOthers(registry.accounts());
        Set<String> staying = settings.apps().keySet();
        int waiting = registry.presences().forgetOthers(staying)
                + registry.callbacks().forgetOthers(staying);
        return "forgot %d applications %s; %d sessions and callbacks of such"
                .formatted(forgotten.size(), forgotten, waiting);
    }
}
