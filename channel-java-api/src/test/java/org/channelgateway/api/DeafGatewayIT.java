package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.channelgateway.api.FakeGateway.Asked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway that takes a connection and then reads no more than the first request. */
final class DeafGatewayIT {
    private static final int PATIENCE_SECONDS = 60;
    private static final Request<Receipt> LONG = Request.publish("k", "id", "m".repeat(32_767));

    private final CountDownLatch end = new CountDownLatch(1);
    private final FakeGateway gateway = new FakeGateway(this::read);
    private final ChannelConfig config = gateway.config().build();
    private final CompletableFuture<Throwable> lost = new CompletableFuture<>();
    private final Line line = new Line(
            config,
            new Addresses(config.url().host(), InetAddress::getAllByName),
            System::nanoTime,
            new Line.Listener() {
                @Override
                public void answered(String iqId, Answer answer) {}

                @Override
                public void lost(Line of, Throwable why) {
                    lost.complete(why);
                }
            });

    private void read(Asked first) {
        first.publish();
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @BeforeEach
    void open() throws InterruptedException {
        line.open();
    }

    @AfterEach
    void stop() {
        line.giveUp();
        end.countDown();
        gateway.close();
    }

    @Test
    void losesItsLineAndBlocksNobodyWhoSends() throws Exception {
        CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
            for (int i = 0; !line.isLost(); i++) {
                line.send(Pending.ID_PREFIX + i, LONG);
            }
        });

        sender.get(PATIENCE_SECONDS, TimeUnit.SECONDS);

        assertThat(lost.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).hasMessage("what is sent is not taken");
    }
}
