package org.channelgateway.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes lines: one at the start, and another whenever one was lost. Thread-safe. */
final class Connector {
    /** What has lasted for so long was worth a fresh start of the pauses. */
    private static final Duration LASTING = Duration.ofSeconds(1);

    /** Who needs the lines. */
    interface Owner {
        boolean needsALine();

        /** Here is one. */
        void up(Line line);

        /** There will be none any more. */
        void refused(RefusedException reason);
    }

    private static final System.Logger LOG = System.getLogger(Connector.class.getName());

    private final ChannelConfig config;
    private final LongSupplier ticker;
    private final Supplier<Line> lines;
    private final Backoff backoff =
            new Backoff(bound -> ThreadLocalRandom.current().nextLong(bound));
    private final Object lock = new Object();

    /** The thread that connects again; null when there is nothing to do for it. */
    @GuardedBy("lock")
    private @Nullable Thread connecting;

    @GuardedBy("lock")
    private boolean closed;

    private volatile long connected;

    /** Whether the line that was lost has lasted. */
    private volatile boolean afresh;

    private volatile @Nullable Throwable lastFailure;

    /** @param lines a new one, not yet open */
    Connector(ChannelConfig config, LongSupplier ticker, Supplier<Line> lines) {
        this.config = config;
        this.ticker = ticker;
        this.lines = lines;
    }

    /** One attempt, in the time that the configuration gives it. */
    Line connect() throws InterruptedException {
        Line line = lines.get();
        CompletableFuture<Line> opened = new CompletableFuture<>();
        Thread attempt = Threads.start("connect", () -> open(line, opened));
        try {
            Line open = opened.get(config.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
            hand(open, unused -> connected = ticker.getAsLong());
            return open;
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            abandon(line, attempt);
            throw failure(new UnreachableException(
                    Failures.where(config.url()) + ": no connection in " + config.connectTimeout(), false, null));
        } catch (InterruptedException e) {
            abandon(line, attempt);
            throw e;
        }
    }

    private static void open(Line line, CompletableFuture<Line> opened) {
        try {
            line.open();
            opened.complete(line);
        } catch (Throwable e) { // whoever waits must not wait in vain
            opened.completeExceptionally(e);
        }
    }

    /** It may have opened just now, or be where no interrupt reaches it: it finds its sockets closed. */
    private static void abandon(Line line, Thread attempt) {
        line.giveUp();
        attempt.interrupt();
    }

    private ChannelException failure(@Nullable Throwable cause) {
        lastFailure = cause;
        return cause instanceof ChannelException known
                ? known.rethrown()
                : new UnreachableException(Failures.where(config.url()) + ": " + cause, false, cause);
    }

    /** A line was lost; {@link #ensure} makes another. */
    void lost(Throwable why) {
        lastFailure = why;
        afresh = ticker.getAsLong() - connected > LASTING.toNanos();
    }

    /**
     * Connects in the background, until it succeeds or is refused for good; does nothing while that is under way. A name and
     * secret that were taken before are not refused for good: it goes on, with long pauses, as they may have been changed in
     * truth.
     */
    void ensure(Owner owner) {
        synchronized (lock) {
            if (!closed && connecting == null && owner.needsALine()) {
                Thread thread = Threads.daemon("reconnect", () -> repeat(owner));
                thread.start(); // may fail, and then nobody connects
                connecting = thread;
            }
        }
    }

    private void repeat(Owner owner) {
        boolean told = false;
        try {
            do {
                if (afresh) {
                    afresh = false;
                    backoff.reset();
                }
                Thread.sleep(backoff.next().toMillis());
                try {
                    hand(connect(), owner::up);
                } catch (RefusedException e) {
                    if (Failures.isOfCredentials(e)) {
                        backoff.longest();
                        told = told || tell(e);
                    } else if (e.temporary()) {
                        LOG.log(System.Logger.Level.DEBUG, "refused for now", e);
                    } else {
                        close();
                        owner.refused(e);
                    }
                } catch (UnreachableException e) {
                    LOG.log(System.Logger.Level.DEBUG, "unreachable", e);
                }
            } while (goesOn(owner));
        } catch (InterruptedException e) {
            // closed
        } catch (Throwable e) { // such as one too few bytes of memory
            Threads.report("connecting failed", e);
        } finally {
            end();
        }
    }

    /** Or ends the line, which nobody else would. */
    private static void hand(Line line, Consumer<Line> to) {
        try {
            to.accept(line);
        } catch (Throwable e) {
            line.giveUp();
            throw e;
        }
    }

    /**
     * Decided under the lock: T1 loses the line that T2 has just handed over. Either T2 sees that, or T1 sees that nobody connects
     * any more.
     */
    private boolean goesOn(Owner owner) {
        synchronized (lock) {
            if (!closed && owner.needsALine()) {
                return true;
            }
            end();
            return false;
        }
    }

    /** From now on the thread that calls this does not connect. */
    private void end() {
        synchronized (lock) {
            if (connecting == Thread.currentThread()) {
                connecting = null;
            }
        }
    }

    private boolean tell(RefusedException refused) {
        LOG.log(
                System.Logger.Level.WARNING,
                "refused by {0} with a secret that it took before, tried again: {1}",
                config.url(),
                refused.getMessage());
        return true;
    }

    /** Why there was no line at last; null when it never failed. */
    @Nullable
    Throwable lastFailure() {
        return lastFailure;
    }

    /** Makes no line any more. */
    void close() {
        Thread running;
        synchronized (lock) {
            closed = true;
            running = connecting;
        }
        if (running != null && running != Thread.currentThread()) {
            running.interrupt();
        }
    }
}
