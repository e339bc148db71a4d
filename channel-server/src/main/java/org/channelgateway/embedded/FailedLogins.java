package org.channelgateway.embedded;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Slows who guesses secrets: the more logins from an address have failed, the longer the next failure waits for its answer, and
 * only so many may wait at once. Who knows the secret does not wait. Bounded; thread-safe.
 */
final class FailedLogins {
    static final Duration LONGEST = Duration.ofSeconds(5);
    /** Most failures of one address that wait for their answer at once. */
    static final int MAX_WAITING = 8;

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration HALVED = Duration.ofSeconds(30);
    private static final int MAX_FAILURES = 1000;
    private static final int MAX_ADDRESSES = 10_000;
    /** All addresses beyond those that are known share this entry. */
    private static final String OTHERS = "";

    private static final int IPV6_BYTES = 16;
    private static final int IPV6_PREFIX_BYTES = 8;

    /** What one failure costs. */
    static final class Penalty {
        private final Failures failures;
        private final Duration delay;

        private Penalty(Failures failures, Duration delay) {
            this.failures = failures;
            this.delay = delay;
        }

        /** How long the answer has to wait. */
        Duration delay() {
            return delay;
        }
    }

    private static final class Failures {
        int count;
        int waiting;
        /** Nano time at which the count is halved. */
        long halving;
    }

    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Failures> byAddress = new HashMap<>();

    /** @param ticker nano time */
    FailedLogins(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** False while too many failures of {@code address} wait: what it sends now is not even looked at. */
    boolean mayTry(String address) {
        lock.lock();
        try {
            Failures known = byAddress.get(entry(address));
            return known == null || known.waiting < MAX_WAITING;
        } finally {
            lock.unlock();
        }
    }

    /** Notes a failure; {@link #answered} is due when its penalty is over. */
    Penalty failed(String address) {
        lock.lock();
        try {
            Failures failures = byAddress.computeIfAbsent(entry(address), name -> new Failures());
            failures.halving = ticker.getAsLong() + HALVED.toNanos();
            failures.count = Math.min(failures.count + 1, MAX_FAILURES);
            failures.waiting++;
            return new Penalty(failures, delay(failures.count));
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private String entry(String address) {
        String network = network(address);
        return byAddress.size() < MAX_ADDRESSES || byAddress.containsKey(network) ? network : OTHERS;
    }

    private static Duration delay(int count) {
        Duration delay = STEP.multipliedBy(count);
        return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    }

    void answered(Penalty penalty) {
        lock.lock();
        try {
            penalty.failures.waiting--;
        } finally {
            lock.unlock();
        }
    }

    /** Forgives with time. To be called now and then. */
    void tick() {
        long now = ticker.getAsLong();
        lock.lock();
        try {
            byAddress.values().removeIf(failures -> forgiven(failures, now));
        } finally {
            lock.unlock();
        }
    }

    private static boolean forgiven(Failures failures, long now) {
        if (now - failures.halving >= 0) {
            failures.count /= 2;
            failures.halving = now + HALVED.toNanos();
        }
        return failures.count == 0 && failures.waiting == 0;
    }

    /** Who has one IPv6 address has 2^64 of them: their network is what counts. */
    private static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            byte[] bytes = InetAddress.getByName(address.replaceAll("[\\[\\]]|%.*", ""))
                    .getAddress();
            return bytes.length < IPV6_BYTES
                    ? address
                    : HexFormat.of().formatHex(Arrays.copyOf(bytes, IPV6_PREFIX_BYTES));
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
