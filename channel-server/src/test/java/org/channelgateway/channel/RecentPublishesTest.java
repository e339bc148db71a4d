package org.channelgateway.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RecentPublishesTest {
    private static final long HELLO = 42;

    private final AtomicLong time = new AtomicLong();
    private final RecentPublishes recent = new RecentPublishes(time::get);
    private final AtomicInteger sent = new AtomicInteger();

    private List<Published> send() {
        return List.of(new Published("m" + sent.incrementAndGet(), 3));
    }

    @Test
    void answersARepeatAsTheFirstTimeAndSendsOnce() {
        List<Published> first = recent.once("app", "id", HELLO, 1, this::send);
        time.addAndGet(RecentPublishes.KEPT.toNanos());
        assertThat(recent.once("app", "id", HELLO, 1, this::send)).isEqualTo(first);
        assertThat(sent).hasValue(1);
    }

    @Test
    void forgetsAfterTwoMinutes() {
        recent.once("app", "id", HELLO, 1, this::send);
        time.addAndGet(RecentPublishes.KEPT.toNanos() + 1);
        recent.once("app", "id", HELLO, 1, this::send);
        assertThat(sent).hasValue(2);
    }

    @Test
    void keepsTheIdsOfAppsApart() {
        recent.once("app", "id", HELLO, 1, this::send);
        recent.once("other", "id", HELLO, 1, this::send);
        assertThat(sent).hasValue(2);
    }

    @Test
    void refusesAnIdThatWasUsedForAnotherMessage() {
        recent.once("app", "id", HELLO, 1, this::send);
        long other = HELLO + 1;
        assertThatThrownBy(() -> recent.once("app", "id", other, 1, this::send))
                .isInstanceOf(RefusedException.class)
                .hasMessage("id: id (expected: not used before for another key or message)");
        assertThat(sent).hasValue(1);
    }

    @Test
    void refusesAnIdThatIsEmptyOrTooLong() {
        for (String id : new String[] {"", "x".repeat(129)}) {
            assertThatThrownBy(() -> recent.once("app", id, HELLO, 1, this::send))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("id: " + id.length() + " characters (expected: 1..128)");
        }
        assertThat(recent.once("app", "x".repeat(128), HELLO, 1, this::send)).hasSize(1);
    }

    @Test
    void refusesMoreIdsThanItKeepsUntilTheOldestIsForgotten() {
        int batch = RecentPublishes.MAX_RECEIPTS / 1000;
        for (int i = 0; i < 1000; i++) {
            recent.once("app", "id" + i, HELLO, batch, this::send);
        }
        assertThatThrownBy(() -> recent.once("app", "more", HELLO, 1, this::send))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.retryAfter()).isEqualTo(RecentPublishes.KEPT.plusSeconds(1)));
        assertThat(recent.once("other", "more", HELLO, RecentPublishes.MAX_RECEIPTS, this::send))
                .as("an app beside it")
                .hasSize(1);
        time.addAndGet(RecentPublishes.KEPT.plusSeconds(1).toNanos());
        recent.tick();
        assertThat(recent.once("app", "more", HELLO, 1, this::send)).hasSize(1);
    }

    @Test
    void givesRoomBackWhenAPublishFailed() {
        RecentPublishes small = new RecentPublishes(time::get, 10);
        assertThatThrownBy(() -> small.once("app", "id", HELLO, 10, () -> {
                    throw new IllegalStateException("lost");
                }))
                .hasMessage("lost");
        assertThat(small.once("app", "id", HELLO, 10, this::send)).hasSize(1);
        assertThatThrownBy(() -> small.once("app", "more", HELLO, 1, this::send))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("more than 10 messages");
    }

    /** All that is made for one is counted, whether it is kept or not. */
    @Test
    void keepsInAReceiptNoMoreThanIsReckonedWhateverTheId() {
        int many = 20_000;
        int idBytes = 24 + 16 + 2 * PublishIds.MAX_ID_LENGTH;
        List<String> ids = IntStream.range(0, many)
                .mapToObj(i -> "\u0416".repeat(PublishIds.MAX_ID_LENGTH - 5) + (10_000 + i))
                .toList();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < many; i++) {
            int number = 1_000_000 + i;
            recent.once("app", ids.get(i), HELLO, 1, () -> {
                List<Published> receipts = new ArrayList<>(1);
                receipts.add(new Published("3w5e11264sgsf-" + number, 1));
                return receipts;
            });
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(bytes / many + idBytes).isBetween(400L, (long) RecentPublishes.RECEIPT_BYTES);
    }

    @Test
    void dividesWhatAllMayTakeAmongTheApps() {
        assertThat(RecentPublishes.defaultReceipts(4)).isEqualTo(RecentPublishes.defaultReceipts(1) / 4);
        assertThat(RecentPublishes.defaultReceipts(0)).isEqualTo(RecentPublishes.defaultReceipts(1));
    }

    @Test
    void sendsAgainWhenTheFirstTimeFailed() {
        assertThatThrownBy(() -> recent.once("app", "id", HELLO, 1, () -> {
                    throw new IllegalStateException("lost");
                }))
                .hasMessage("lost");
        assertThat(recent.once("app", "id", HELLO, 1, this::send)).containsExactly(new Published("m1", 3));
    }
}
