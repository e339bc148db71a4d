package org.channelgateway.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Writes what many threads bring at once in one transaction. It has no thread of its own: the first to come leads and writes for
 * all that wait; when it is done, the first of those that came meanwhile leads. A transaction that hangs keeps one thread, the
 * others give up. Thread-safe.
 */
final class GroupCommit<T> {
    private static final long LINGER_NANOS = 250_000;

    private final Consumer<List<T>> transaction;
    private final int maxGroup;
    private final long patienceNanos;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Queue<Waiting<T>> queue = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean led;

    @GuardedBy("lock")
    private int lastGroup;

    /** When the leader of now began, in nano time. */
    @GuardedBy("lock")
    private long ledSince;

    /**
     * @param maxGroup items in a transaction, but for the rest of what one thread brings
     * @param patience how long a thread waits for the transactions of others
     */
    GroupCommit(int maxGroup, Duration patience, Consumer<List<T>> transaction) {
        this.maxGroup = maxGroup;
        this.patienceNanos = patience.toNanos();
        this.transaction = transaction;
    }

    /** {@link #writeAll} of one item. */
    void write(T item) {
        writeAll(List.of(item));
    }

    /**
     * Returns when the items are committed, all in one transaction.
     *
     * @throws RegistryException also when the transaction of another takes too long; then these are written with it or not at all
     */
    void writeAll(List<T> items) {
        Waiting<T> mine = new Waiting<>(items, new CompletableFuture<>());
        Turn turn = enqueue(mine) ? Turn.LEAD : await(mine);
        if (turn instanceof Turn.Lead) {
            lead();
        } else if (turn instanceof Turn.Failed failed) {
            throw RegistryException.brief(
                    "a group of writes failed: " + failed.cause().getMessage());
        }
    }

    /** True for the one that has to lead. */
    private boolean enqueue(Waiting<T> mine) {
        lock.lock();
        try {
            boolean first = !led;
            if (first) {
                led = true;
                ledSince = System.nanoTime();
            } else if (System.nanoTime() - ledSince > patienceNanos) {
                throw tooLong();
            }
            queue.add(mine);
            return first;
        } finally {
            lock.unlock();
        }
    }

    private Turn await(Waiting<T> mine) {
        try {
            return mine.turn.get(patienceNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return withdraw(mine);
        } catch (InterruptedException | ExecutionException e) {
            throw new RegistryException("a write was not waited for", e);
        }
    }

    /** Takes back what nobody writes; its turn may have come meanwhile. */
    private Turn withdraw(Waiting<T> mine) {
        lock.lock();
        try {
            Turn turn = mine.turn.getNow(null);
            if (turn != null) {
                return turn;
            }
            queue.remove(mine);
        } finally {
            lock.unlock();
        }
        throw tooLong();
    }

    private static RegistryException tooLong() {
        return RegistryException.brief("the write before this one takes too long (expected: a disk that answers)");
    }

    /** The leader is the head of the queue, so its own item is in the group; what fails is thrown to it, in brief to the rest. */
    private void lead() {
        if (isBusy()) {
            LockSupport.parkNanos(LINGER_NANOS); // the writers of the last group are about to come again
        }
        List<Waiting<T>> group = takeGroup();
        Turn result = Turn.WRITTEN;
        try {
            transaction.accept(
                    group.stream().flatMap(waiting -> waiting.items.stream()).toList());
        } catch (RuntimeException | Error e) {
            result = new Turn.Failed(e);
            throw e;
        } finally {
            for (Waiting<T> waiting : group) {
                waiting.turn.complete(result);
            }
            handOver();
        }
    }

    /** How many have come and belong to no group yet. */
    int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean isBusy() {
        lock.lock();
        try {
            return lastGroup > 1;
        } finally {
            lock.unlock();
        }
    }

    private List<Waiting<T>> takeGroup() {
        List<Waiting<T>> group = new ArrayList<>();
        int items = 0;
        lock.lock();
        try {
            while (!queue.isEmpty() && items < maxGroup) {
                Waiting<T> next = queue.remove();
                group.add(next);
                items += next.items.size();
            }
            lastGroup = group.size();
        } finally {
            lock.unlock();
        }
        return group;
    }

    /** Under the lock, so that whoever is to lead cannot have gone. */
    private void handOver() {
        lock.lock();
        try {
            Waiting<T> next = queue.peek();
            led = next != null;
            if (next != null) {
                ledSince = System.nanoTime();
                next.turn.complete(Turn.LEAD);
            }
        } finally {
            lock.unlock();
        }
    }

    private record Waiting<T>(List<T> items, CompletableFuture<Turn> turn) {}

    /** What a waiting thread is told. */
    private sealed interface Turn {
        Turn LEAD = new Lead();
        Turn WRITTEN = new Written();

        record Lead() implements Turn {}

        record Written() implements Turn {}

        record Failed(Throwable cause) implements Turn {}
    }
}
