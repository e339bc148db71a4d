package org.channelgateway.callback;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.channelgateway.channel.Channel;
import org.channelgateway.registry.PresenceId;
import org.channelgateway.registry.Presences.Departure;

/**
 * Which presences are in use by a session, and the ends that are not noted in the registry yet. A session that comes in the meantime
 * takes over the presence of one that left. Thread-safe.
 */
final class Departures {
    /** While a disk hangs; those beyond are told at the next start, as after a crash. */
    private static final int MOST = 100_000;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Set<PresenceId> inUse = new HashSet<>();

    /** In the order in which they left. */
    @GuardedBy("lock")
    private final Map<PresenceId, Left> all = new LinkedHashMap<>();

    /** By channel, those of {@link #all}. */
    @GuardedBy("lock")
    private final Map<Channel, List<Left>> byChannel = new HashMap<>();

    /**
     * One that left.
     *
     * @param isFinal nobody can take it back any more
     * @param isAgain it may have been noted before, too early
     */
    record Left(Channel channel, Departure departure, boolean isFinal, boolean isAgain) {}

    /** A session begins to use a presence. */
    void use(PresenceId id) {
        lock.lock();
        try {
            inUse.add(id);
        } finally {
            lock.unlock();
        }
    }

    /** Nothing of a presence is to be noted any more. */
    void drop(PresenceId id) {
        lock.lock();
        try {
            inUse.remove(id);
        } finally {
            lock.unlock();
        }
    }

    /** The session that used a presence is over. */
    void leave(Channel channel, Departure departure) {
        lock.lock();
        try {
            inUse.remove(departure.id());
            put(new Left(channel, departure, false, false));
        } finally {
            lock.unlock();
        }
    }

    /** The beginning of a presence is noted only now: its end is noted again when that came before; false when it did not. */
    boolean leaveAgain(Channel channel, Departure departure) {
        lock.lock();
        try {
            Left known = all.get(departure.id());
            if (inUse.contains(departure.id()) || (known != null && !known.isFinal)) {
                return false;
            }
            put(new Left(channel, departure, true, true));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes over the presence of a session of the channel whose end is not to be told yet at {@code now}; empty when there is none. */
    Optional<PresenceId> takeBack(Channel channel, Instant now) {
        lock.lock();
        try {
            Optional<Left> found = byChannel.getOrDefault(channel, List.of()).stream()
                    .filter(left -> !left.isFinal && now.isBefore(left.departure.told()))
                    .findFirst();
            found.ifPresent(left -> {
                remove(left.departure.id());
                inUse.add(left.departure.id());
            });
            return found.map(left -> left.departure.id());
        } finally {
            lock.unlock();
        }
    }

    /** The ends of the channel that may not be noted yet. */
    List<Departure> of(Channel channel) {
        lock.lock();
        try {
            return byChannel.getOrDefault(channel, List.of()).stream()
                    .map(Left::departure)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** The first ones, at most so many, to be noted; {@link #noted} is due afterwards. */
    List<Left> take(int most) {
        lock.lock();
        try {
            List<Left> taken = all.values().stream()
                    .limit(most)
                    .map(left -> new Left(left.channel, left.departure, true, left.isAgain))
                    .toList();
            taken.forEach(this::put);
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets those; not what came again meanwhile. */
    void noted(List<Left> taken) {
        lock.lock();
        try {
            for (Left left : taken) {
                if (left.equals(all.get(left.departure.id()))) {
                    remove(left.departure.id());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void put(Left left) {
        remove(left.departure.id());
        if (all.size() < MOST) {
            all.put(left.departure.id(), left);
            byChannel
                    .computeIfAbsent(left.channel, unknown -> new ArrayList<>(1))
                    .add(left);
        }
    }

    @GuardedBy("lock")
    private void remove(PresenceId id) {
        Left left = all.remove(id);
        if (left != null) {
            byChannel.computeIfPresent(left.channel, (channel, lefts) -> {
                lefts.remove(left);
                return lefts.isEmpty() ? null : lefts;
            });
        }
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
