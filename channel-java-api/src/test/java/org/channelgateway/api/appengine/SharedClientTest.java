package org.channelgateway.api.appengine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.channelgateway.api.ChannelConfig;
import org.junit.jupiter.api.Test;

final class SharedClientTest {
    private static final String REASON = "CHANNEL_URL: missing";

    private static String failure(SharedClient shared) {
        try {
            return shared.call(client -> "no client was expected");
        } catch (NoClientException e) {
            return String.valueOf(e.getCause().getMessage());
        }
    }

    @Test
    void asksForTheSettingsAtEachAttemptAndNotBefore() {
        AtomicInteger asked = new AtomicInteger();
        try (SharedClient shared = new SharedClient(() -> {
            throw new IllegalArgumentException(REASON + asked.incrementAndGet());
        })) {
            assertThat(asked).hasValue(0);
            assertThat(failure(shared)).isEqualTo(REASON + 1);
            assertThat(failure(shared)).isEqualTo(REASON + 2);
        }
    }

    @Test
    void threadsThatComeWhileOneConnectsShareItsAttempt() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        try (SharedClient shared = new SharedClient(() -> {
            int attempt = asked.incrementAndGet();
            awaitUninterrupted(go);
            throw new IllegalArgumentException(REASON + attempt);
        })) {
            List<Caller> callers =
                    IntStream.range(0, 8).mapToObj(i -> new Caller(shared)).toList();
            callers.forEach(Caller::start);
            await().until(() -> callers.stream().allMatch(caller -> caller.getState() == Thread.State.WAITING));
            go.countDown();

            for (Caller caller : callers) {
                assertThat(caller.failure.join()).isEqualTo(REASON + 1);
            }
        }
    }

    @Test
    void anInterruptOfTheThreadThatConnectsIsNoFailureOfThoseThatWait() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                SharedClient shared = new SharedClient(
                        () -> ChannelConfig.builder("xmpp://demo@127.0.0.1:" + silent.getLocalPort(), "secret")
                                .connectTimeout(Duration.ofMinutes(5))
                                .build())) {
            Caller first = new Caller(shared);
            Caller second = new Caller(shared);
            first.start();
            try (Socket ofFirst = silent.accept()) {
                second.start();
                await().until(() -> second.getState() == Thread.State.WAITING);
                first.interrupt();
                assertThat(first.failure.join()).isEqualTo("interrupted while connecting");
                try (Socket ofSecond = silent.accept()) {
                    assertThat(ofSecond).isNotEqualTo(ofFirst);
                    assertThat(second.failure).isNotDone();
                    second.interrupt();
                    assertThat(second.failure.join()).isEqualTo("interrupted while connecting");
                }
            }
        }
    }

    /** A thread of an application, and what its call fails with. */
    private static final class Caller extends Thread {
        private final SharedClient shared;
        private final CompletableFuture<String> failure = new CompletableFuture<>();

        Caller(SharedClient shared) {
            this.shared = shared;
        }

        @Override
        public void run() {
            failure.complete(SharedClientTest.failure(shared));
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noCallConnectsAfterTheLastApplicationHasStopped() {
        AtomicInteger asked = new AtomicInteger();
        try (SharedClient shared = new SharedClient(() -> {
            throw new IllegalArgumentException(REASON + asked.incrementAndGet());
        })) {
            shared.applicationStarted();
            shared.applicationStarted();
            shared.applicationStopped();
            assertThat(failure(shared)).isEqualTo(REASON + 1);

            shared.applicationStopped();

            assertThat(failure(shared)).isEqualTo("application: stopped by its container (expected: running)");
            assertThat(asked).hasValue(1);
            shared.applicationStarted();
            assertThat(failure(shared)).isEqualTo(REASON + 2);
        }
    }

    @Test
    void aDefectIsHandedOnAsTheCause() {
        try (SharedClient shared = new SharedClient(() -> {
            throw new IllegalStateException("broken");
        })) {
            assertThatExceptionOfType(NoClientException.class)
                    .isThrownBy(() -> shared.call(client -> client))
                    .havingRootCause()
                    .withMessage("broken");
        }
    }
}
