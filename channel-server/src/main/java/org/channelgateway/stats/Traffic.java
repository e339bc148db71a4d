package org.channelgateway.stats;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** How much went through the gateway since its start. Thread-safe. */
public final class Traffic {
    /** The doors that a client may come in by. */
    public static final List<String> DOORS = List.of("bosh", "connect", "dev", "xmpp");

    private final Map<String, LongAdder> connects = new TreeMap<>();
    private final LongAdder publishes = new LongAdder();
    private final LongAdder handed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final DeliveryTimes deliveryTimes;

    /** @param ticker nano time */
    public Traffic(LongSupplier ticker) {
        deliveryTimes = new DeliveryTimes(ticker);
        DOORS.forEach(door -> connects.put(door, new LongAdder()));
    }

    /** A client is logged in and bound. */
    public void connected(String door) {
        LongAdder count = connects.get(door);
        if (count == null) {
            throw new IllegalArgumentException("door: " + door + " (expected: one of " + DOORS + ")");
        }
        count.increment();
    }

    /** How many clients came in by {@code door}. */
    public long connects(String door) {
        LongAdder count = connects.get(door);
        return count == null ? 0 : count.sum();
    }

    /**
     * A message was published.
     *
     * @param took how many sessions took it
     * @param refusals how many did not, being over or full
     */
    public void published(int took, int refusals) {
        publishes.increment();
        handed.add(took);
        refused.add(refusals);
    }

    public long publishes() {
        return publishes.sum();
    }

    /** How often a message was handed to a session. */
    public long handed() {
        return handed.sum();
    }

    /** How often a session did not take a message. */
    public long refused() {
        return refused.sum();
    }

    public DeliveryTimes deliveryTimes() {
        return deliveryTimes;
    }
}
