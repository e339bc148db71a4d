package org.channelgateway.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class FailedLoginsTest {
    private static final String HERE = "192.0.2.1";

    private final AtomicLong nanos = new AtomicLong();
    private final FailedLogins logins = new FailedLogins(nanos::get);

    private Duration failedAndAnswered(String address) {
        FailedLogins.Penalty penalty = logins.failed(address);
        logins.answered(penalty);
        return penalty.delay();
    }

    @Test
    void letsEachFailureWaitLongerUpToABound() {
        assertThat(failedAndAnswered(HERE)).isEqualTo(Duration.ofMillis(100));
        assertThat(failedAndAnswered(HERE)).isEqualTo(Duration.ofMillis(200));
        assertThat(failedAndAnswered(HERE)).isEqualTo(Duration.ofMillis(300));
        for (int i = 0; i < 2000; i++) {
            failedAndAnswered(HERE);
        }
        assertThat(failedAndAnswered(HERE)).isEqualTo(FailedLogins.LONGEST);
    }

    @Test
    void letsOnlySoManyFailuresOfAnAddressWait() {
        FailedLogins.Penalty first = logins.failed(HERE);
        for (int i = 1; i < FailedLogins.MAX_WAITING; i++) {
            assertThat(logins.mayTry(HERE)).isTrue();
            logins.failed(HERE);
        }
        assertThat(logins.mayTry(HERE)).isFalse();
        assertThat(logins.mayTry("192.0.2.2")).isTrue();

        logins.answered(first);
        assertThat(logins.mayTry(HERE)).isTrue();
    }

    @Test
    void holdsNothingAgainstOtherAddresses() {
        failedAndAnswered(HERE);

        assertThat(failedAndAnswered("192.0.2.2")).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void countsTheAddressesOfAnIpv6NetworkAsOne() {
        failedAndAnswered("[2001:db8:1:2::1]");

        assertThat(failedAndAnswered("2001:db8:1:2:ffff::9%eth0")).isEqualTo(Duration.ofMillis(200));
        assertThat(failedAndAnswered("2001:db8:1:3::1")).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void forgivesWithTime() {
        for (int i = 0; i < 4; i++) {
            failedAndAnswered(HERE);
        }
        nanos.addAndGet(Duration.ofSeconds(30).toNanos());
        logins.tick();
        assertThat(failedAndAnswered(HERE)).isEqualTo(Duration.ofMillis(300));

        for (int i = 0; i < 3; i++) {
            nanos.addAndGet(Duration.ofSeconds(30).toNanos());
            logins.tick();
        }
        assertThat(failedAndAnswered(HERE)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void takesAllAddressesBeyondABoundForOne() {
        for (int i = 0; i < 20_000; i++) {
            failedAndAnswered("10.0." + i / 256 + "." + i % 256);
        }
        assertThat(failedAndAnswered("198.51.100.1")).isEqualTo(FailedLogins.LONGEST);
        assertThat(failedAndAnswered("10.0.0.1")).isEqualTo(Duration.ofMillis(200));
    }
}
