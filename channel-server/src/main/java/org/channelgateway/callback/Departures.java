package org.channelgateway.callback;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.channel.Channel;
import org.channelgateway.registry.PresenceId;
import org.channelgateway.registry.Presences.Departure;

/** Sessions that are over and whose end is not noted yet. There are never more than there were sessions. Thread-safe. */
final class Departures {
    private final ReentrantLock lock = new ReentrantLock();

    /** In the order in which they left. */
    @GuardedBy("lock")
    private final Map<PresenceId, Left> all = new LinkedHashMap<>();

    /** By channel, those of {@link #all}. */
    @GuardedBy("lock")
    private final Map<Channel, List<Departure>> byChannel = new LinkedHashMap<>();

    private record Left(Channel channel, Departure departure) {}

    void add(Channel channel, Departure departure) {
        lock.lock();
        try {
            remove(departure.id());
            all.put(departure.id(), new Left(channel, departure));
            byChannel.computeIfAbsent(channel, unknown -> new ArrayList<>(1)).add(departure);
        } finally {
            lock.unlock();
        }
    }

    /** Takes back the end of a session of the channel that is not to be told yet at {@code now}; empty when there is none. */
    Optional<PresenceId> takeBack(Channel channel, Instant now) {
        lock.lock();
        try {
            Optional<PresenceId> found = byChannel.getOrDefault(channel, List.of()).stream()
                    .filter(departure -> now.isBefore(departure.told()))
                    .map(Departure::id)
                    .findFirst();
            found.ifPresent(this::remove);
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** Removes the first ones, at most so many, and returns them. */
    List<Departure> take(int most) {
        List<Departure> taken = new ArrayList<>();
        lock.lock();
        try {
            for (Iterator<Left> left = all.values().iterator(); left.hasNext() && taken.size() < most; ) {
                Left one = left.next();
                left.remove();
                forget(one);
                taken.add(one.departure);
            }
        } finally {
            lock.unlock();
        }
        return taken;
    }

    @GuardedBy("lock")
    private void remove(PresenceId id) {
        Left left = all.remove(id);
        if (left != null) {
            forget(left);
        }
    }

    @GuardedBy("lock")
    private void forget(Left left) {
        byChannel.computeIfPresent(left.channel, (channel, departures) -> {
            departures.remove(left.departure);
            return departures.isEmpty() ? null : departures;
        });
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return all.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
