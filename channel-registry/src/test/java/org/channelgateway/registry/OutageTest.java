package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class OutageTest {
    private static final String BROKEN = "08006";
    private static final String TOO_LONG_A_STATEMENT = "57014";

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final Outage outage = new Outage(nanos::get);

    private void fails(String state, Duration after) {
        long began = nanos.get();
        nanos.addAndGet(after.toNanos());
        outage.failed(new SQLException("failed", state), began);
    }

    @Test
    void isOnForASecondAfterAConnectionThatWasWaitedForInVain() {
        assertThat(outage.isOn()).isFalse();
        outage.check();

        fails(BROKEN, Duration.ofSeconds(2));

        assertThat(outage.isOn()).isTrue();
        nanos.addAndGet(Duration.ofMillis(999).toNanos());
        assertThat(outage.isOn()).isTrue();
        assertThatThrownBy(outage::check)
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.isNew()).isFalse());
        nanos.addAndGet(Duration.ofMillis(1).toNanos());
        assertThat(outage.isOn()).isFalse();
        outage.check();
    }

    @Test
    void isNotOnAfterWhatFailedAtOnce() {
        fails(BROKEN, Duration.ofMillis(1));

        assertThat(outage.isOn()).isFalse();
    }

    @Test
    void isNotOnAfterWhatTheDatabaseEnded() {
        fails(TOO_LONG_A_STATEMENT, Duration.ofSeconds(2));

        assertThat(outage.isOn()).isFalse();
    }

    @Test
    void isNotOnWhenAllConnectionsAreBusy() {
        outage.failed(
                new SQLException("no connection is free"),
                nanos.get() - Duration.ofSeconds(1).toNanos());

        assertThat(outage.isOn()).isFalse();
    }
}
