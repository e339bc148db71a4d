package org.channelgateway.gc;

import java.util.Collection;
import java.util.List;
import org.channelgateway.registry.Registry;
import org.channelgateway.registry.SessionName;

/**
 * Ends the sessions whose lease is over, at the server first and then in the registry. A batch is claimed for a minute: what a process
 * that died has claimed is another's after it, and any number may sweep at once. Thread-safe.
 */
public final class SessionSweeper {
    private static final int BATCH = 200;
    private static final int MOST_BATCHES = 100;

    private final Registry registry;
    private final ServerSessions server;

    public SessionSweeper(Registry registry, ServerSessions server) {
        this.registry = registry;
        this.server = server;
    }

    /** One run; returns how many it ended. A failure ends it, and what was claimed is tried again in a minute. */
    public int sweep() {
        int ended = 0;
        List<SessionName> over;
        int batches = 0;
        do {
            over = registry.sessions().claimOver(BATCH);
            if (!over.isEmpty()) {
                server.end(over);
                forget(over);
            }
            ended += over.size();
            batches++;
        } while (over.size() == BATCH && batches < MOST_BATCHES);
        return ended;
    }

    void forget(Collection<SessionName> gone) {
        gone.forEach(name -> registry.sessions().close(name));
    }
}
