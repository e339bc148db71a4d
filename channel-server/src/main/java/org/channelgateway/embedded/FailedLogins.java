package org.channelgateway.embedded;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.channelgateway.limit.Networks;
import org.jspecify.annotations.Nullable;

/**
 * Slows who guesses the secret of an account: the more logins have failed, the longer the next failure waits for its answer, and
 * while many wait the account takes no other login by the same way: counted by transport, address and account, so that who
 * guesses shuts out nobody who comes another way. Who knows the secret does not wait.
 *
 * <p>Who tries many accounts waits longer, too: the failures of a transport and address are counted together, and weigh less,
 * since many people may share an address. That only slows: no account takes fewer logins for it.
 *
 * <p>Bounded: when there are too many of those, what is not among them is counted by transport and address, and when there are
 * too many of these, too, all that is left together. More may wait there, each the longest time: so a guess is slow wherever it is
 * counted, and others have room beside it. Thread-safe.
 */
final class FailedLogins {
    static final Duration LONGEST = Duration.ofSeconds(5);
    /** Most failures of one kind that wait for their answer at once. */
    static final int MAX_WAITING = 8;
    /** The same for the accounts of one address that are not counted each. */
    static final int MAX_WAITING_OF_NETWORK = 64;
    /** The same for the addresses that are not counted each. */
    static final int MAX_WAITING_OF_OTHERS = 512;

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration HALVED = Duration.ofSeconds(30);
    private static final int MAX_FAILURES = 1000;
    /** How many failures of an address weigh as much as one of an account. */
    static final int FAILURES_OF_ADDRESS = 10;

    static final int MAX_KINDS = 10_000;
    static final int MAX_NETWORKS = 10_000;

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

        private Kind anyAccount() {
            return new Kind(transport, network, "");
        }
    }

    private static final class Failures {
        final int mostWaiting;
        int count;
        int waiting;
        /** Nano time at which the count is halved. */
        long halving;

        Failures(int mostWaiting) {
            this.mostWaiting = mostWaiting;
        }
    }

    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Kind, Failures> byKind = new HashMap<>();

    /** Those that found {@code byKind} full; of each the account is empty. */
    @GuardedBy("lock")
    private final Map<Kind, Failures> byNetwork = new HashMap<>();

    /** All failures of an address, whatever the account; of each the account is empty. */
    @GuardedBy("lock")
    private final Map<Kind, Failures> byAddress = new HashMap<>();

    /** Those that found both full. */
    @GuardedBy("lock")
    private final Failures others = new Failures(MAX_WAITING_OF_OTHERS);

    /** @param ticker nano time */
    FailedLogins(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** False while too many failures of this kind wait: what comes now is not even looked at. */
    boolean mayTry(Kind kind) {
        lock.lock();
        try {
            Failures known = known(kind);
            return known == null || known.waiting < known.mostWaiting;
        } finally {
            lock.unlock();
        }
    }

    /** Notes a failure; {@link #answered} is due when its penalty is over. */
    Penalty failed(Kind kind) {
        lock.lock();
        try {
            Failures known = known(kind);
            Failures failures = known == null ? counted(kind) : known;
            count(failures);
            failures.waiting++;
            boolean isOfOne = failures.mostWaiting == MAX_WAITING;
            int weight = Math.max(failures.count, countOfAddress(kind) / FAILURES_OF_ADDRESS);
            return new Penalty(failures, isOfOne ? delay(weight) : LONGEST);
        } finally {
            lock.unlock();
        }
    }

    private void count(Failures failures) {
        failures.halving = ticker.getAsLong() + HALVED.toNanos();
        failures.count = Math.min(failures.count + 1, MAX_FAILURES);
    }

    /** Counts one more of an address; 0 while there are too many to count them. */
    @GuardedBy("lock")
    private int countOfAddress(Kind kind) {
        Kind address = kind.anyAccount();
        Failures known = byAddress.get(address);
        if (known == null) {
            if (byAddress.size() >= MAX_NETWORKS) {
                return 0;
            }
            known = new Failures(0);
            byAddress.put(address, known);
        }
        count(known);
        return known.count;
    }

    /** What {@code kind} is counted with; null when that has not failed yet. */
    @GuardedBy("lock")
    private @Nullable Failures known(Kind kind) {
        Failures known = byKind.get(kind);
        if (known != null || byKind.size() < MAX_KINDS) {
            return known;
        }
        known = byNetwork.get(kind.anyAccount());
        return known != null || byNetwork.size() < MAX_NETWORKS ? known : others;
    }

    @GuardedBy("lock")
    private Failures counted(Kind kind) {
        if (byKind.size() < MAX_KINDS) {
            return byKind.computeIfAbsent(kind, one -> new Failures(MAX_WAITING));
        }
        return byNetwork.computeIfAbsent(kind.anyAccount(), network -> new Failures(MAX_WAITING_OF_NETWORK));
    }

    /** What a login costs that was not looked at. */
    Penalty notTried() {
        return new Penalty(new Failures(0), LONGEST);
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
            byNetwork.values().removeIf(failures -> forgiven(failures, now));
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
}
