package org.channelgateway.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.channelgateway.registry.ChannelKey;
import org.junit.jupiter.api.Test;

final class RecentPublishesTest {
    private static final Publication HELLO = new Publication(ChannelKey.of("user-42"), "hello");

    private final AtomicLong time = new AtomicLong();
    private final RecentPublishes recent = new RecentPublishes(time::get);
    private final AtomicInteger sent = new AtomicInteger();

    private Published send() {
        return new Published("m" + sent.incrementAndGet(), 3);
    }

    @Test
    void answersARepeatAsTheFirstTimeAndSendsOnce() {
        Published first = recent.once("app", "id", HELLO, this::send);
        time.addAndGet(RecentPublishes.KEPT.toNanos());
        assertThat(recent.once("app", "id", HELLO, this::send)).isEqualTo(first);
        assertThat(sent).hasValue(1);
    }

    @Test
    void forgetsAfterTwoMinutes() {
        recent.once("app", "id", HELLO, this::send);
        time.addAndGet(RecentPublishes.KEPT.toNanos() + 1);
        recent.once("app", "id", HELLO, this::send);
        assertThat(sent).hasValue(2);
    }

    @Test
    void keepsTheIdsOfAppsApart() {
        recent.once("app", "id", HELLO, this::send);
        recent.once("other", "id", HELLO, this::send);
        assertThat(sent).hasValue(2);
    }

    @Test
    void refusesAnIdThatWasUsedForAnotherMessage() {
        recent.once("app", "id", HELLO, this::send);
        Publication other = new Publication(HELLO.key(), "bye");
        assertThatThrownBy(() -> recent.once("app", "id", other, this::send))
                .isInstanceOf(RefusedException.class)
                .hasMessage("id: id (expected: not used before for another key or message)");
        assertThat(sent).hasValue(1);
    }

    @Test
    void refusesAnIdThatIsEmptyOrTooLong() {
        for (String id : new String[] {"", "x".repeat(129)}) {
            assertThatThrownBy(() -> recent.once("app", id, HELLO, this::send))
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("id: " + id.length() + " characters (expected: 1..128)");
        }
        assertThat(recent.once("app", "x".repeat(128), HELLO, this::send).receivers())
                .isEqualTo(3);
    }

    @Test
    void sendsAgainWhenTheFirstTimeFailed() {
        assertThatThrownBy(() -> recent.once("app", "id", HELLO, () -> {
                    throw new IllegalStateException("lost");
                }))
                .hasMessage("lost");
        assertThat(recent.once("app", "id", HELLO, this::send).id()).isEqualTo("m1");
    }
}
