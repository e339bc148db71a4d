package org.channelgateway.embedded;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.channelgateway.limit.Networks;

/**
 * Slows who guesses the secret of an account: the more logins have failed, the longer the next failure waits for its answer, and
 * while many wait the account takes no other login by the same way: counted by transport, address and account, so that who
 * guesses shuts out nobody who comes another way. Who knows the secret does not wait. Bounded; thread-safe.
 */
final class FailedLogins {
    static final Duration LONGEST = Duration.ofSeconds(5);
    /** Most failures of one kind that wait for their answer at once. */
    static final int MAX_WAITING = 8;

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration HALVED = Duration.ofSeconds(30);
    private static final int MAX_FAILURES = 1000;
    private static final int MAX_KINDS = 10_000;

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

    /** What failures have in common to be counted together. */
    record Kind(String transport, String network, String account) {
        static Kind of(String transport, String address, String account) {
            return new Kind(transport, Networks.of(address), account);
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
    private final Map<Kind, Failures> byKind = new HashMap<>();

    /** @param ticker nano time */
    FailedLogins(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** False while too many failures of this kind wait: what comes now is not even looked at. */
    boolean mayTry(Kind kind) {
        lock.lock();
        try {
            Failures known = byKind.get(kind);
            return known == null || known.waiting < MAX_WAITING;
        } finally {
            lock.unlock();
        }
    }

    /** Notes a failure; {@link #answered} is due when its penalty is over. */
    Penalty failed(Kind kind) {
        lock.lock();
        try {
            Failures failures = byKind.get(kind);
            if (failures == null) {
                failures = new Failures();
                if (byKind.size() == MAX_KINDS) {
                    return notTried(); // nobody is shut out for want of room
                }
                byKind.put(kind, failures);
            }
            failures.halving = ticker.getAsLong() + HALVED.toNanos();
            failures.count = Math.min(failures.count + 1, MAX_FAILURES);
            failures.waiting++;
            return new Penalty(failures, delay(failures.count));
        } finally {
            lock.unlock();
        }
    }

    /** What a login costs that was not looked at. */
    Penalty notTried() {
        return new Penalty(new Failures(), LONGEST);
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
            byKind.values().removeIf(failures -> forgiven(failures, now));
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
}
