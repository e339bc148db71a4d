package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CallbacksTest {
    private static final Duration A_WHILE = Duration.ofMillis(300);
    private static final int MANY = 20 * Callbacks.MOST_THREADS;

    private final ClassLoader loader = new URLClassLoader(new URL[0]);
    private final Callbacks callbacks = new Callbacks(loader);

    @AfterEach
    void close() {
        callbacks.close();
    }

    @Test
    void makesUpForThreadsThatWaitButNotWithoutBound() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        AtomicInteger begun = new AtomicInteger();
        CompletableFuture<?>[] done = IntStream.range(0, MANY)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> {
                            begun.incrementAndGet();
                            gate.join();
                        },
                        callbacks))
                .toArray(CompletableFuture<?>[]::new);

        await().during(A_WHILE).until(() -> begun.get() == Callbacks.MOST_THREADS);
        gate.complete(null);

        CompletableFuture.allOf(done).join();
        assertThat(begun).hasValue(MANY);
    }

    @Test
    void hasTheClassLoaderThatItWasGiven() {
        assertThat(CompletableFuture.supplyAsync(() -> Thread.currentThread().getContextClassLoader(), callbacks)
                        .join())
                .isSameAs(loader);
    }
}
