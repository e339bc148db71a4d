package org.channelgateway.callback;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.channelgateway.registry.Callback;
import org.channelgateway.registry.Callback.Attempt;
import org.channelgateway.registry.Callback.Outcome;
import org.channelgateway.registry.Callbacks;
import org.channelgateway.registry.Presences;
import org.channelgateway.registry.RegistryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes callbacks that are due from the registry, has them posted, and notes what became of them; notes sessions that are over,
 * too. One thread asks the registry for all; nobody waits for it. Thread-safe.
 */
final class CallbackDispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallbackDispatcher.class);

    /** How much longer than an attempt may take nobody else takes its callback. */
    private static final Duration SLACK = Duration.ofSeconds(15);
    /** What others have written, or left when they were lost, is found so soon. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final long PAUSE_MILLIS = 1000;
    private static final int BATCH = 256;
    private static final Duration LAST_ATTEMPTS = Duration.ofSeconds(2);
    private static final Duration LAST_ROUND = Duration.ofSeconds(10);

    private final Callbacks callbacks;
    private final Presences presences;
    private final Map<String, CallbackTarget> targets;
    private final CallbackConfig config;
    private final CallbackCounts counts;
    private final CallbackSweep sweep;
    private final CallbackPoster poster;
    private final RetryDelay delay =
            new RetryDelay(() -> ThreadLocalRandom.current().nextLong());

    private final Departures departures;
    private final Queue<Attempt> ended = new ConcurrentLinkedQueue<>();
    private final Set<String> woken = ConcurrentHashMap.newKeySet();
    private final Semaphore work = new Semaphore(0);
    private final Thread thread;
    private final GivenUp givenUp = new GivenUp();
    private volatile boolean closing;
    private volatile boolean aborting;
    /** Nano time until which attempts under way are waited for; set before {@link #closing}. */
    private volatile long patience;

    // Confined to the thread.
    private final List<Attempt> ending = new ArrayList<>();
    private final Map<String, Integer> running = new HashMap<>();
    private final Map<String, Instant> nextLook = new HashMap<>();
    private long nextCount = System.nanoTime();
    private boolean failing;

    CallbackDispatcher(
            Callbacks callbacks,
            Presences presences,
            Map<String, CallbackTarget> targets,
            CallbackConfig config,
            Departures departures,
            CallbackCounts counts) {
        this.callbacks = callbacks;
        this.presences = presences;
        this.targets = Map.copyOf(targets);
        this.config = config;
        this.departures = departures;
        this.counts = counts;
        this.sweep = new CallbackSweep(callbacks, config.kept());
        this.poster = new CallbackPoster(config.timeout(), config.atOnce() * Math.max(1, targets.size()));
        this.thread = new Thread(this::run, "callbacks");
        this.thread.setDaemon(true);
    }

    void start() {
        woken.addAll(targets.keySet());
        thread.start();
    }

    /** Something of {@code app} may be due. */
    void wake(String app) {
        woken.add(app);
        work.release();
    }

    private void run() {
        while (!closing || (!isIdle() && System.nanoTime() - patience < 0)) {
            long millis = PAUSE_MILLIS;
            try {
                millis = round();
                failing = false;
            } catch (RegistryException e) {
                if (!failing) {
                    LOG.error("callbacks wait for the registry", e);
                }
                failing = true;
            } catch (RuntimeException | Error e) { // the thread goes on: without it nothing is told any more
                LOG.error("a round of callbacks failed", e);
            }
            await(millis);
        }
    }

    private boolean isIdle() {
        return departures.isEmpty()
                && ended.isEmpty()
                && ending.isEmpty()
                && running.values().stream().allMatch(count -> count == 0);
    }

    private void await(long millis) {
        try {
            boolean unused = work.tryAcquire(millis, TimeUnit.MILLISECONDS);
            work.drainPermits();
        } catch (InterruptedException e) {
            LOG.warn("callbacks were interrupted and go on");
        }
    }

    /** Returns in how many milliseconds the next is due. */
    private long round() {
        noteDepartures();
        noteEnded();
        sweep.tick();
        count();
        Instant now = callbacks.now();
        Instant next = now.plusMillis(PAUSE_MILLIS);
        for (Map.Entry<String, CallbackTarget> target : targets.entrySet()) {
            Instant look = look(target.getKey(), target.getValue(), now);
            next = look.isBefore(next) ? look : next;
        }
        return Math.max(1, Duration.between(now, next).toMillis());
    }

    /** Begins what is due of an application when it is time to; returns when to look again. One that fails costs the others nothing. */
    private Instant look(String app, CallbackTarget target, Instant now) {
        Instant known = nextLook.getOrDefault(app, Instant.MIN);
        boolean setBack = known.isAfter(now.plus(LOOK));
        if (closing || (!woken.remove(app) && !setBack && now.isBefore(known))) {
            return closing ? now.plus(LOOK) : known;
        }
        Instant next = now.plusMillis(PAUSE_MILLIS);
        try {
            next = begin(app, target);
        } catch (RegistryException e) {
            woken.add(app);
            LOG.error("callbacks of {} wait for the registry", app, e);
        }
        nextLook.put(app, next);
        return next;
    }

    private void count() {
        long now = System.nanoTime();
        if (now - nextCount >= 0) {
            nextCount = now + LOOK.toNanos();
            counts.states(callbacks.counts());
        }
    }

    private void noteDepartures() {
        List<Departures.Left> taken;
        do {
            taken = departures.take(BATCH);
            if (!taken.isEmpty()) {
                presences.depart(taken.stream().map(Departures.Left::departure).toList());
                departures.noted(taken); // not when it failed: then it is tried again
                taken.forEach(left -> woken.add(left.channel().app()));
            }
        } while (taken.size() == BATCH);
    }

    private void noteEnded() {
        for (Attempt attempt = ended.poll(); attempt != null; attempt = ended.poll()) {
            ending.add(attempt);
            running.merge(attempt.callback().app(), -1, Integer::sum);
            woken.add(attempt.callback().app());
        }
        if (!ending.isEmpty()) {
            callbacks.finish(ending);
            ending.clear();
        }
    }

    /** Begins what is due as far as there is room; returns when to look again. */
    private Instant begin(String app, CallbackTarget target) {
        int room = config.atOnce() - running.getOrDefault(app, 0);
        Instant later = callbacks.now().plus(LOOK);
        if (room <= 0) {
            return later; // the end of an attempt wakes it
        }
        List<Callback> begun = callbacks.claim(app, room, config.timeout().plus(SLACK));
        running.merge(app, begun.size(), Integer::sum);
        begun.forEach(callback -> poster.post(callback, target, failure -> ended(callback, failure)));
        Optional<Instant> due = begun.size() == room ? Optional.empty() : callbacks.nextDue(app);
        return due.filter(at -> at.isBefore(later)).orElse(later);
    }

    private void ended(Callback callback, String failure) {
        if (aborting) {
            return; // it is posted again
        }
        Outcome outcome;
        if (failure.isEmpty()) {
            counts.countCompleted();
            outcome = new Outcome.Completed();
        } else if (callback.attempts() < config.attempts()) {
            counts.countRepeated();
            outcome = new Outcome.Repeat(callbacks.now().plus(delay.after(callback.attempts())), failure);
        } else {
            counts.countFailed();
            givenUp.log(callback, failure);
            outcome = new Outcome.Failed(failure);
        }
        ended.add(new Attempt(callback, outcome));
        work.release();
    }

    /** Begins nothing more. */
    void stop() {
        if (!closing) {
            patience = System.nanoTime() + LAST_ATTEMPTS.toNanos();
            closing = true;
            work.release();
        }
    }

    /** Waits a little for what was begun, and notes what became of it; the rest is begun again later. */
    @Override
    public void close() {
        stop();
        try {
            thread.join(LAST_ROUND.toMillis());
            if (thread.isAlive()) {
                LOG.warn("the registry did not take what became of the last callbacks: they are posted again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        aborting = true;
        poster.close();
    }
}
