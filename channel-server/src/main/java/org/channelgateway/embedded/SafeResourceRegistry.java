package org.channelgateway.embedded;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.vysper.xmpp.addressing.Entity;
import org.apache.vysper.xmpp.server.SessionContext;
import org.apache.vysper.xmpp.state.resourcebinding.ResourceRegistry;
import org.apache.vysper.xmpp.state.resourcebinding.ResourceState;

/**
 * Vysper's registry reads its maps without the locks under which it writes them, and keeps an empty entry of every
 * account that left. Here all goes through one lock, readers get copies, and the entry goes. Thread-safe.
 */
final class SafeResourceRegistry extends ResourceRegistry {
    private final ReentrantLock lock = new ReentrantLock();

    private <T> T locked(Supplier<T> read) {
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }

    /** How many entries its maps have in all. */
    int size() {
        return locked(() -> boundResources.size() + entityResources.size() + sessionResources.size());
    }

    @Override
    public String bindSession(SessionContext session) {
        return locked(() -> super.bindSession(session));
    }

    @Override
    public boolean unbindResource(String resource) {
        return locked(() -> super.unbindResource(resource));
    }

    @Override
    public void unbindSession(SessionContext session) {
        lock.lock();
        try {
            super.unbindSession(session);
            Entity account = session.getInitiatingEntity();
            if (account != null) {
                entityResources.computeIfPresent(
                        account.getBareJID(), (jid, resources) -> resources.isEmpty() ? null : resources);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String getUniqueResourceForSession(SessionContext session) {
        return locked(() -> super.getUniqueResourceForSession(session));
    }

    @Override
    public List<String> getResourcesForSession(SessionContext session) {
        return locked(() -> List.copyOf(super.getResourcesForSession(session)));
    }

    @Override
    public SessionContext getSessionContext(String resource) {
        return locked(() -> super.getSessionContext(resource));
    }

    @Override
    public List<String> getBoundResources(Entity entity, boolean considerBareId) {
        return locked(() -> List.copyOf(super.getBoundResources(entity, considerBareId)));
    }

    @Override
    public List<SessionContext> getSessions(Entity entity) {
        return locked(() -> super.getSessions(entity));
    }

    @Override
    public List<SessionContext> getSessions(Entity entity, Integer priorityThreshold) {
        return locked(() -> super.getSessions(entity, priorityThreshold));
    }

    @Override
    public long getSessionCount() {
        return locked(super::getSessionCount);
    }

    @Override
    public List<SessionContext> getHighestPrioSessions(Entity entity, Integer priorityThreshold) {
        return locked(() -> super.getHighestPrioSessions(entity, priorityThreshold));
    }

    @Override
    public boolean setResourceState(String resource, ResourceState state) {
        return locked(() -> super.setResourceState(resource, state));
    }

    @Override
    public ResourceState getResourceState(String resource) {
        return locked(() -> super.getResourceState(resource));
    }

    @Override
    public List<String> getInterestedResources(Entity entity) {
        return locked(() -> List.copyOf(super.getInterestedResources(entity)));
    }

    @Override
    public List<String> getAvailableResources(Entity entity) {
        return locked(() -> List.copyOf(super.getAvailableResources(entity)));
    }
}
