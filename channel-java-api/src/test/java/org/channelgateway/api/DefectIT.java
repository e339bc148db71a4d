package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.channelgateway.api.FakeGateway.Asked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An error in a thread of the client, such as one too few bytes of memory, costs no more than what it was about. */
final class DefectIT {
    private static final int PATIENCE_SECONDS = 30;

    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    private final FakeGateway gateway = new FakeGateway(asked::add);
    private final ChannelConfig config = gateway.config().build();
    private final Addresses addresses = new Addresses(config.url().host(), InetAddress::getAllByName);

    /** A part of the name of the threads that fail when they ask for the time. */
    private volatile String failing = "";

    private final AtomicInteger failures = new AtomicInteger();

    private static final class Defect extends VirtualMachineError {
        private static final long serialVersionUID = 1L;
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void fail(String threads, int times) {
        failing = threads;
        failures.set(times);
    }

    private boolean hasFailed() {
        return failures.get() == 0;
    }

    private long time() {
        if (Thread.currentThread().getName().contains(failing)
                && failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new Defect();
        }
        return System.nanoTime();
    }

    private static Request<Receipt> publish() {
        return Request.publish("k", "id", "m");
    }

    private static boolean isAnyThreadOfSmackLeft() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .anyMatch(name -> name.startsWith("Smack Reader") || name.startsWith("Smack Writer"));
    }

    private Line line(LongSupplier ticker, CompletableFuture<Throwable> lost) {
        return new Line(config, addresses, ticker, new Line.Listener() {
            @Override
            public void answered(String iqId, Answer answer) {
                throw new Defect();
            }

            @Override
            public void lost(Line line, Throwable why) {
                lost.complete(why);
            }
        });
    }

    @Test
    void doesNotEndTheTimer() throws Exception {
        ChannelConfig hasty = gateway.config().timeout(Duration.ofMillis(300)).build();
        try (Dispatcher dispatcher = Dispatcher.connect(hasty, this::time)) {
            fail("timer", 3);
            await().until(this::hasFailed);

            Call<Receipt> call = dispatcher.submit(publish());

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> call.result().get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .withCauseInstanceOf(TimedOutException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"callConnectionClosedOnErrorListener", "reconnect", "timer"})
    void doesNotEndConnectingAgain(String threads) throws Exception {
        try (Dispatcher dispatcher = Dispatcher.connect(config, this::time)) {
            fail(threads, 1);
            gateway.resetAll();
            await().until(this::hasFailed);

            Call<Receipt> call = dispatcher.submit(publish());
            await().until(() -> !asked.isEmpty());
            asked.remove().publish();

            assertThat(call.result().get(PATIENCE_SECONDS, TimeUnit.SECONDS).receivers())
                    .isEqualTo(1);
        }
    }

    @Test
    void losesTheLineThatNobodyReadsAnyMore() throws Exception {
        CompletableFuture<Throwable> lost = new CompletableFuture<>();
        Line line = line(System::nanoTime, lost);
        line.open();
        line.send(Pending.ID_PREFIX + 1, publish());
        await().dontCatchUncaughtExceptions().until(() -> !asked.isEmpty());
        asked.remove().publish();

        await().dontCatchUncaughtExceptions().until(() -> {
            line.beat();
            return lost.isDone();
        });

        assertThat(lost.join()).hasMessage("the thread that reads is dead");
        await().dontCatchUncaughtExceptions().until(() -> !isAnyThreadOfSmackLeft());
    }

    @Test
    void leavesNothingOfALoginThatItEnds() {
        fail(Thread.currentThread().getName(), 1);
        Line line = line(this::time, new CompletableFuture<>());

        assertThatExceptionOfType(Defect.class).isThrownBy(line::open);

        await().until(() -> !isAnyThreadOfSmackLeft());
    }
}
