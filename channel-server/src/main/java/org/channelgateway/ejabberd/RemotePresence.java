package org.channelgateway.ejabberd;

import java.time.Duration;
import java.util.Optional;
import org.channelgateway.registry.Lease;
import org.channelgateway.registry.RegistryException;
import org.channelgateway.registry.SessionName;
import org.channelgateway.registry.Sessions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notes in the registry which sessions the XMPP server has, whichever gateway hears of it. Thread-safe. */
public final class RemotePresence {
    private static final Logger LOG = LoggerFactory.getLogger(RemotePresence.class);

    /** Who is to be told of sessions; each beginning and each end is queued once, by one of the gateways, with the note itself. */
    public interface Listener {
        /** Whether an application wants to hear of its sessions. */
        boolean hears(String app);

        /** A session is noted that was not before. */
        void came(Sessions.Opened opened);

        /** A session is noted no more. */
        void went(Lease lease);

        /** How long another session may take the place of one that is over before that is told. */
        Duration grace();
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
        Optional<Sessions.Opened> opened = sessions.open(name, listener::hears);
        opened.filter(Sessions.Opened::isNew).ifPresent(listener::came);
        return opened.map(Sessions.Opened::lease);
    }

    /** The same, said by the session itself. */
    void came(SessionName name) {
        try {
            if (open(name).isEmpty()) {
                LOG.debug("a session came whose lease is over");
            }
        } catch (RegistryException e) {
            LOG.warn(
                    "a session that came is not noted: {}; the next comparison with the server does it",
                    e.getMessage());
        }
    }

    /** A session is over. */
    void went(SessionName name) {
        try {
            sessions.close(name, listener.grace()).ifPresent(listener::went);
        } catch (RegistryException e) {
            LOG.warn(
                    "a session that went is not noted: {}; the next comparison with the server does it",
                    e.getMessage());
        }
    }
}
