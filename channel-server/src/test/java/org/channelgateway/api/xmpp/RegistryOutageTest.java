package org.channelgateway.api.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RegistryOutageTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final RegistryOutage outage = new RegistryOutage(nanos::get);

    @Test
    void isOnForASecondAfterAFailure() {
        assertThat(outage.isOn()).isFalse();
        assertThat(outage.begins()).isTrue();
        assertThat(outage.isOn()).isTrue();
        nanos.addAndGet(Duration.ofMillis(999).toNanos());
        assertThat(outage.isOn()).isTrue();
        nanos.addAndGet(Duration.ofMillis(1).toNanos());
        assertThat(outage.isOn()).isFalse();
    }

    @Test
    void beginsOnceForThoseThatAskedAtOnce() {
        assertThat(outage.begins()).isTrue();
        assertThat(outage.begins()).isFalse();
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(outage.begins()).isTrue();
    }
}
