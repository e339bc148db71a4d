package org.channelgateway.stats;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How often which door of the gateway refused something, and why. Thread-safe. */
public final class RefusalCounts {
    /**
     * What is counted together.
     *
     * @param door where it was refused: {@code bosh}, {@code connect}, {@code api}, {@code dev}, {@code xmpp}, {@code http}
     * @param reason one of a few fixed words, never anything that came from a network
     */
    public record Refusal(String door, String reason) implements Comparable<Refusal> {
        @Override
        public int compareTo(Refusal other) {
            int byDoor = door.compareTo(other.door);
            return byDoor == 0 ? reason.compareTo(other.reason) : byDoor;
        }
    }

    private final Map<Refusal, LongAdder> counts = new ConcurrentHashMap<>();

    /** Counts one. */
    public void add(String door, String reason) {
        counts.computeIfAbsent(new Refusal(door, reason), refusal -> new LongAdder())
                .increment();
    }

    /** How often that was refused since the start. */
    public long count(Refusal refusal) {
        LongAdder count = counts.get(refusal);
        return count == null ? 0 : count.sum();
    }

    /** The counts since the start, sorted. */
    public Map<Refusal, Long> all() {
        Map<Refusal, Long> all = new TreeMap<>();
        counts.forEach((refusal, count) -> all.put(refusal, count.sum()));
        return all;
    }
}
