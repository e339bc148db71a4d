package org.channelgateway.channel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Slows who publishes to a channel whose subscribers do not keep up: the answer waits until they do, but no longer than {@link
 * #PATIENCE} after they fell behind. So a publisher that waits for its answers loses no subscriber by being too quick, and one
 * that does not read costs it little. The message itself never waits here. Thread-safe.
 */
final class SlowReaders {
    /** How long the answers of a channel wait in all, until nobody is behind any more. */
    static final Duration PATIENCE = Duration.ofMillis(500);

    private static final Duration LOOK = Duration.ofMillis(5);
    private static final int MOST_WAITING = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(SlowReaders.class);

    private record Waiting(List<Channel> channels, Runnable answer) {}

    private final Predicate<Channel> hasOneBehind;
    private final BiConsumer<Duration, Runnable> later;
    private final LongSupplier ticker;
    /** Nano time at which the first one fell behind. */
    private final Map<Channel, Long> since = new ConcurrentHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();

    /** Oldest first. */
    @GuardedBy("lock")
    private List<Waiting> waiting = new ArrayList<>();

    @GuardedBy("lock")
    private boolean isLooking;

    @GuardedBy("lock")
    private boolean stopped;

    /**
     * @param hasOneBehind whether a channel has a subscriber that is behind
     * @param later runs a short task after a while
     * @param ticker nano time
     */
    SlowReaders(Predicate<Channel> hasOneBehind, BiConsumer<Duration, Runnable> later, LongSupplier ticker) {
        this.hasOneBehind = hasOneBehind;
        this.later = later;
        this.ticker = ticker;
    }

    /** A message was handed to all of a channel, and then one of them was behind, or none. */
    void delivered(Channel channel, boolean isOneBehind) {
        if (isOneBehind) {
            since.putIfAbsent(channel, ticker.getAsLong());
        } else if (!since.isEmpty()) {
            since.remove(channel);
        }
    }

    /** True while nobody has to wait. */
    boolean isEmpty() {
        return since.isEmpty();
    }

    /** Runs {@code answer} when the subscribers of these channels keep up: mostly at once, otherwise on the thread of the timer. */
    void whenRead(List<Channel> channels, Runnable answer) {
        if (since.isEmpty() || !holdUp(channels, new HashMap<>()) || !add(new Waiting(channels, answer))) {
            answer.run();
        }
    }

    private boolean add(Waiting one) {
        boolean isFirst;
        lock.lock();
        try {
            if (stopped || waiting.size() >= MOST_WAITING) {
                return false;
            }
            waiting.add(one);
            isFirst = !isLooking;
            isLooking = true;
        } finally {
            lock.unlock();
        }
        if (isFirst) {
            later.accept(LOOK, this::look);
        }
        return true;
    }

    private boolean holdUp(List<Channel> channels, Map<Channel, Boolean> looked) {
        return channels.stream().anyMatch(channel -> looked.computeIfAbsent(channel, this::holdsUp));
    }

    /** One channel that fails keeps no answer from being given. */
    private boolean holdsUp(Channel channel) {
        try {
            return isHeldUp(channel);
        } catch (RuntimeException e) {
            LOG.error("who keeps up with a channel could not be told", e);
            return false;
        }
    }

    private boolean isHeldUp(Channel channel) {
        Long at = since.get(channel);
        if (at == null || ticker.getAsLong() - at >= PATIENCE.toNanos()) {
            return false;
        }
        if (hasOneBehind.test(channel)) {
            return true;
        }
        since.remove(channel, at);
        return false;
    }

    private void look() {
        List<Waiting> due = new ArrayList<>();
        List<Waiting> still = new ArrayList<>();
        Map<Channel, Boolean> looked = new HashMap<>();
        for (Waiting one : take()) {
            (holdUp(one.channels, looked) ? still : due).add(one);
        }
        due.addAll(putBack(still));
        due.forEach(SlowReaders::answer);
    }

    private List<Waiting> take() {
        lock.lock();
        try {
            List<Waiting> taken = waiting;
            waiting = new ArrayList<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Returns those that need not wait any more: all, when this has been stopped meanwhile. */
    private List<Waiting> putBack(List<Waiting> still) {
        lock.lock();
        try {
            if (stopped) {
                return still;
            }
            waiting.addAll(0, still);
            isLooking = !waiting.isEmpty();
            if (!isLooking) {
                return List.of();
            }
        } finally {
            lock.unlock();
        }
        later.accept(LOOK, this::look);
        return List.of();
    }

    /** One connection that fails keeps no other from its answer. */
    private static void answer(Waiting one) {
        try {
            one.answer.run();
        } catch (RuntimeException e) {
            LOG.error("a publish could not be answered", e);
        }
    }

    /** Nobody waits any more: the gateway stops. */
    void stop() {
        List<Waiting> all;
        lock.lock();
        try {
            stopped = true;
            all = waiting;
            waiting = new ArrayList<>();
        } finally {
            lock.unlock();
        }
        all.forEach(SlowReaders::answer);
    }

    /** Forgets channels of which nobody is behind any more. To be called now and then. */
    void tick() {
        since.keySet().removeIf(hasOneBehind.negate());
    }
}
