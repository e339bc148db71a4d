package org.channelgateway.ejabberd;

import java.util.Optional;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.PresenceId;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.registry.SessionName;
import org.channelgateway.registry.Sessions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes in the registry which sessions the XMPP server has, whichever gateway hears of it. Thread-safe. */
public final class RemotePresence {
    private static final Logger LOG = LoggerFactory.getLogger(RemotePresence.class);

    /** Hears of sessions as one of the gateways notes them: each beginning and each end once, by one of them. */
    public interface Listener {
        void came(PresenceId id, Lease lease);

        void went(PresenceId id, Lease lease);
    }

    private final Sessions sessions;
    private final Listener listener;

    RemotePresence(Sessions sessions, Listener listener) {
        this.sessions = sessions;
        this.listener = listener;
    }

    /**
     * A session can receive.
     *
     * @return the lease of its account; empty when that is over
     * @throws RegistryException when it cannot be noted
     */
    Optional<Lease> open(SessionName name) {
        Optional<Sessions.Opened> opened = sessions.open(name);
        if (opened.isPresent() && opened.get().isNew()) {
            listener.came(name.presence(), opened.get().lease());
        }
        return opened.map(Sessions.Opened::lease);
    }

    /** The same, said by the session itself. */
    void came(SessionName name) {
        try {
            if (open(name).isEmpty()) {
                LOG.debug("a session came whose lease is over");
            }
        } catch (RegistryException e) {
            LOG.warn("a session that came is not noted: {}; the next sweep does it", e.getMessage());
        }
    }

    /** A session is over. */
    void went(SessionName name) {
        try {
            sessions.close(name).ifPresent(lease -> listener.went(name.presence(), lease));
        } catch (RegistryException e) {
            LOG.warn("a session that went is not noted: {}; the next sweep does it", e.getMessage());
        }
    }
}
