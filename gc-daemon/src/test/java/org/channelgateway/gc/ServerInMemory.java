package org.channelgateway.gc;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.channelgateway.registry.SessionName;

/** The sessions of a server that are in memory; fails while it is told to. */
final class ServerInMemory implements ServerSessions {
    final Set<SessionName> online = ConcurrentHashMap.newKeySet();
    volatile boolean away;

    @Override
    public void end(Collection<SessionName> sessions) {
        check();
        online.removeAll(sessions);
    }

    @Override
    public Collection<SessionName> online() {
        check();
        return List.copyOf(online);
    }

    private void check() {
        if (away) {
            throw new IllegalStateException("the server is away");
        }
    }
}
