package org.channelgateway.registry;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Writes what many threads bring at once in one transaction. It has no thread of its own: the first to come leads and writes for
 * all that wait; when it is done, the first of those that came meanwhile leads. Thread-safe.
 */
final class GroupCommit<T> {
    private static final long LINGER_NANOS = 250_000;

    private final Consumer<List<T>> transaction;
    private final int maxGroup;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Queue<Waiting<T>> queue = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean led;

    @GuardedBy("lock")
    private int lastGroup;

    GroupCommit(int maxGroup, Consumer<List<T>> transaction) {
        this.maxGroup = maxGroup;
        this.transaction = transaction;
    }

    /** Returns when the item is committed. */
    void write(T item) {
        Waiting<T> mine = new Waiting<>(item, new CompletableFuture<>());
        Turn turn = enqueue(mine) ? Turn.LEAD : mine.turn.join();
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
            queue.add(mine);
            boolean first = !led;
            led = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** The leader is the head of the queue, so its own item is in the group; what fails is thrown to it, in brief to the rest. */
    private void lead() {
        if (isBusy()) {
            LockSupport.parkNanos(LINGER_NANOS); // the writers of the last group are about to come again
        }
        List<Waiting<T>> group = takeGroup();
        Turn result = Turn.WRITTEN;
        try {
            transaction.accept(group.stream().map(Waiting::item).toList());
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
        lock.lock();
        try {
            while (!queue.isEmpty() && group.size() < maxGroup) {
                group.add(queue.remove());
            }
            lastGroup = group.size();
        } finally {
            lock.unlock();
        }
        return group;
    }

    private void handOver() {
        Waiting<T> next;
        lock.lock();
        try {
            next = queue.peek();
            led = next != null;
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.turn.complete(Turn.LEAD);
        }
    }

    private record Waiting<T>(T item, CompletableFuture<Turn> turn) {}

    /** What a waiting thread is told. */
    private sealed interface Turn {
        Turn LEAD = new Lead();
        Turn WRITTEN = new Written();

        record Lead() implements Turn {}

        record Written() implements Turn {}

        record Failed(Throwable cause) implements Turn {}
    }
}
