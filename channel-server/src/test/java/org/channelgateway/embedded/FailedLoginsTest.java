package org.channelgateway.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.channelgateway.embedded.FailedLogins.Kind;
import org.junit.jupiter.api.Test;

final class FailedLoginsTest {
    private static final Kind HERE = Kind.of("tcp", "192.0.2.1", "app-a");

    private final AtomicLong nanos = new AtomicLong();
    private final FailedLogins logins = new FailedLogins(nanos::get);

    private Duration failedAndAnswered(Kind kind) {
        FailedLogins.Penalty penalty = logins.failed(kind);
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
    void letsOnlySoManyFailuresWaitAndShutsNobodyElseOut() {
        FailedLogins.Penalty first = logins.failed(HERE);
        for (int i = 1; i < FailedLogins.MAX_WAITING; i++) {
            assertThat(logins.mayTry(HERE)).isTrue();
            logins.failed(HERE);
        }
        assertThat(logins.mayTry(HERE)).isFalse();
        assertThat(logins.mayTry(Kind.of("tcp", "192.0.2.2", "app-a"))).isTrue();
        assertThat(logins.mayTry(Kind.of("bosh", "192.0.2.1", "app-a"))).isTrue();
        assertThat(logins.mayTry(Kind.of("tcp", "192.0.2.1", "app-b"))).isTrue();

        logins.answered(first);
        assertThat(logins.mayTry(HERE)).isTrue();
    }

    @Test
    void holdsNothingAgainstOtherAddresses() {
        failedAndAnswered(HERE);

        assertThat(failedAndAnswered(Kind.of("tcp", "192.0.2.2", "app-a"))).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void countsTheAddressesOfAnIpv6NetworkAsOne() {
        failedAndAnswered(Kind.of("tcp", "[2001:db8:1:2::1]", "a"));

        assertThat(failedAndAnswered(Kind.of("tcp", "2001:db8:1:2:ffff::9%eth0", "a")))
                .isEqualTo(Duration.ofMillis(200));
        assertThat(failedAndAnswered(Kind.of("tcp", "2001:db8:1:3::1", "a"))).isEqualTo(Duration.ofMillis(100));
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
    void remembersABoundedNumberAndShutsNobodyOutForIt() {
        for (int i = 0; i < 20_000; i++) {
            failedAndAnswered(Kind.of("tcp", "192.0.2.1", "guess" + i));
        }
        Kind more = Kind.of("tcp", "192.0.2.1", "one more");
        for (int i = 0; i < 20; i++) {
            assertThat(logins.mayTry(more)).isTrue();
            assertThat(logins.failed(more).delay()).isEqualTo(FailedLogins.LONGEST);
        }
        assertThat(logins.mayTry(Kind.of("tcp", "192.0.2.1", "guess0"))).isTrue();
        assertThat(failedAndAnswered(Kind.of("tcp", "192.0.2.2", "one more"))).isEqualTo(FailedLogins.LONGEST);
    }

    @Test
    void letsWhoTriesManyAccountsWaitLongerAndShutsNobodyOut() {
        int failures = 20 * FailedLogins.FAILURES_OF_ADDRESS;
        for (int i = 1; i < failures; i++) {
            failedAndAnswered(Kind.of("tcp", "192.0.2.1", "guess" + i));
        }
        Kind never = Kind.of("tcp", "192.0.2.1", "never tried");

        assertThat(logins.mayTry(never)).isTrue();
        assertThat(failedAndAnswered(never)).isEqualTo(Duration.ofSeconds(2));
        assertThat(failedAndAnswered(Kind.of("tcp", "192.0.2.2", "never tried")))
                .isEqualTo(Duration.ofMillis(100));
        assertThat(failedAndAnswered(Kind.of("bosh", "192.0.2.1", "never tried")))
                .isEqualTo(Duration.ofMillis(100));
        for (int i = 0; i < 8; i++) {
            nanos.addAndGet(Duration.ofSeconds(30).toNanos());
            logins.tick();
        }
        assertThat(failedAndAnswered(never)).isEqualTo(Duration.ofMillis(100));
    }

    private void fill(int networks, int accounts) {
        for (int network = 0; network < networks; network++) {
            for (int account = 0; account < accounts; account++) {
                failedAndAnswered(Kind.of("tcp", address(network), "guess" + account));
            }
        }
    }

    private static String address(int network) {
        return "10." + (network >> 16) + "." + (network >> 8 & 255) + "." + (network & 255);
    }

    @Test
    void slowsAnAddressAsAWholeOnceItHasFilledTheTable() {
        fill(1, FailedLogins.MAX_KINDS);
        Kind guess = Kind.of("tcp", address(0), "one more");
        FailedLogins.Penalty first = logins.failed(guess);
        for (int i = 1; i < FailedLogins.MAX_WAITING_OF_NETWORK; i++) {
            Kind other = Kind.of("tcp", address(0), "more" + i);
            assertThat(logins.mayTry(other)).isTrue();
            assertThat(logins.failed(other).delay()).isEqualTo(FailedLogins.LONGEST);
        }
        assertThat(logins.mayTry(guess)).isFalse();
        assertThat(logins.mayTry(Kind.of("tcp", address(0), "never tried"))).isFalse();
        assertThat(logins.mayTry(Kind.of("tcp", address(1), "never tried"))).isTrue();
        assertThat(logins.mayTry(Kind.of("tcp", address(0), "guess0"))).isTrue();

        logins.answered(first);
        assertThat(logins.mayTry(guess)).isTrue();
    }

    @Test
    void slowsAllUnknownAddressesTogetherOnceTheyHaveFilledBothTables() {
        fill(FailedLogins.MAX_KINDS + FailedLogins.MAX_NETWORKS, 1);
        FailedLogins.Penalty first = logins.failed(Kind.of("tcp", address(1 << 20), "a"));
        assertThat(first.delay()).isEqualTo(FailedLogins.LONGEST);
        for (int i = 1; i < FailedLogins.MAX_WAITING_OF_OTHERS; i++) {
            Kind other = Kind.of("tcp", address((1 << 20) + i), "a");
            assertThat(logins.mayTry(other)).isTrue();
            logins.failed(other);
        }
        assertThat(logins.mayTry(Kind.of("tcp", address(1 << 21), "b"))).isFalse();
        assertThat(logins.mayTry(Kind.of("tcp", address(0), "guess0"))).isTrue();

        logins.answered(first);
        assertThat(logins.mayTry(Kind.of("tcp", address(1 << 21), "b"))).isTrue();
    }

    @Test
    void countsEachAgainWhenThereIsRoom() {
        fill(1, FailedLogins.MAX_KINDS);
        failedAndAnswered(Kind.of("tcp", address(1), "a"));
        for (int i = 0; i < 2; i++) {
            nanos.addAndGet(Duration.ofSeconds(30).toNanos());
            logins.tick();
        }
        assertThat(failedAndAnswered(Kind.of("tcp", address(1), "a"))).isEqualTo(Duration.ofMillis(100));
    }
}
