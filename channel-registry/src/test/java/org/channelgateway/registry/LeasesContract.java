package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a lease is, whatever database keeps it. */
abstract class LeasesContract extends RegistryContract {
    @Test
    void findsALeaseByItsToken() {
        IssuedLease issued = create("user-42");

        assertThat(leases.find(issued.token())).contains(issued.lease());
        assertThat(issued.lease().account()).matches("ch-[a-z2-7]{26}");
        assertThat(issued.lease().expires()).isEqualTo(clock.instant().plus(TWO_HOURS));
        assertThat(issued.token().expiry()).isEqualTo(issued.lease().expires());
    }

    @Test
    void keepsTokensOverACloseAndReopen() {
        IssuedLease issued = create("user-42");

        reopen();

        assertThat(leases.find(issued.token())).contains(issued.lease());
        assertThat(leases.authenticate(issued.lease().account(), issued.token()))
                .contains(issued.lease());
    }

    @Test
    void givesEachLeaseAnAccountOfItsOwn() {
        Lease first = create("same").lease();
        Lease second = create("same").lease();
        leases.revoke(APP, ChannelKey.of("same"));
        Lease third = create("same").lease();

        assertThat(first.account()).isNotEqualTo(second.account());
        assertThat(third.account()).isNotIn(first.account(), second.account());
    }

    @Test
    void authenticatesAnAccountByItsOwnTokenOnly() {
        IssuedLease mine = create("k");
        IssuedLease other = create("k");

        assertThat(leases.authenticate(mine.lease().account(), mine.token())).contains(mine.lease());
        assertThat(leases.authenticate(mine.lease().account(), other.token())).isEmpty();
        assertThat(leases.authenticate("ch-nobody", mine.token())).isEmpty();
    }

    @Test
    void stillFindsAnExpiredLeaseThatWasNotSwept() {
        IssuedLease issued = create("k");
        clock.advance(TWO_HOURS);

        Lease found = leases.find(issued.token()).orElseThrow();

        assertThat(found.isLive(leases.now())).isFalse();
        assertThat(leases.look(APP, ChannelKey.of("k"))).isEmpty();
        assertThat(list("", "", 10)).isEmpty();
    }

    @Test
    void findsNothingForATokenThatWasNeverIssued() {
        Token garbled = create("k").token();
        char last = garbled.value().charAt(20) == 'A' ? 'B' : 'A';
        String text = garbled.value().substring(0, 20) + last + garbled.value().substring(21);

        assertThat(leases.find(new Token(text))).isEmpty();
        assertThat(leases.revoke(APP, new Token(text))).isEmpty();
    }

    @Test
    void findsNothingForATokenWhoseExpiryWasForged() {
        String issued = create("k").token().value();
        Token forged = new Token(issued.substring(0, issued.length() - 1) + (issued.endsWith("A") ? 'B' : 'A'));

        assertThat(leases.find(forged)).isEmpty();
    }

    @Test
    void endsALeaseAtAWholeSecondNotBeforeItsLifetimeIsOver() {
        clock.advance(Duration.ofMillis(1));

        Lease lease =
                leases.create(APP, ChannelKey.of("k"), Duration.ofMinutes(1)).lease();

        assertThat(lease.created()).isEqualTo(Instant.parse("2026-11-22T10:00:00.001Z"));
        assertThat(lease.expires()).isEqualTo(Instant.parse("2026-11-22T10:01:01Z"));
    }

    @Test
    void refusesALifetimeThatIsNotPositive() {
        assertThatThrownBy(() -> leases.create(APP, ChannelKey.of("k"), Duration.ZERO))
                .hasMessage("lifetime: PT0S (expected: > PT0S)");
    }

    @Test
    void looksAtTheLiveLeasesOfAKey() {
        leases.create(APP, ChannelKey.of("k"), Duration.ofMinutes(1));
        leases.create(APP, ChannelKey.of("k"), Duration.ofMinutes(5));
        leases.create(APP, ChannelKey.of("k"), Duration.ofMinutes(3));
        Instant latest = clock.instant().plus(Duration.ofMinutes(5));
        clock.advance(Duration.ofMinutes(2));

        assertThat(leases.look(APP, ChannelKey.of("k"))).contains(new KeySummary(ChannelKey.of("k"), 2, latest));
        assertThat(leases.look(APP, ChannelKey.of("other"))).isEmpty();
    }

    @Test
    void countsTheLiveLeasesOfAllAppsSweptOrNot() {
        leases.create(APP, ChannelKey.of("short"), Duration.ofMinutes(1));
        create("a");
        leases.create("another", ChannelKey.of("a"), Duration.ofMinutes(10));
        assertThat(leases.live()).isEqualTo(3);

        clock.advance(Duration.ofMinutes(1));
        assertThat(leases.live()).isEqualTo(2);

        leases.sweep(10);
        leases.revoke(APP, ChannelKey.of("a"));
        assertThat(leases.live()).isEqualTo(1);
    }

    @Test
    void neverLetsTwoAppsMeetAtTheSameKey() {
        ChannelKey key = ChannelKey.of("lobby");
        IssuedLease mine = leases.create("chess", key, TWO_HOURS);
        IssuedLease other = leases.create("go", key, TWO_HOURS);

        assertThat(leases.revoke("go", mine.token())).isEmpty();
        assertThat(leases.revoke("chess", key)).containsExactly(mine.lease());
        assertThat(leases.look("chess", key)).isEmpty();
        assertThat(leases.look("go", key).orElseThrow().leases()).isEqualTo(1);
        assertThat(leases.list("chess", "", null, 10)).isEmpty();
        assertThat(leases.list("go", "", null, 10)).containsExactly(key);
        assertThat(leases.find(other.token())).contains(other.lease());
    }

    @Test
    void revokesAllLeasesOfAKeyAndReturnsTheLiveOnes() {
        IssuedLease expired = leases.create(APP, ChannelKey.of("k"), Duration.ofMinutes(1));
        IssuedLease live = create("k");
        IssuedLease elsewhere = create("k2");
        clock.advance(Duration.ofMinutes(2));

        assertThat(leases.revoke(APP, ChannelKey.of("k"))).containsExactly(live.lease());
        assertThat(leases.find(expired.token())).isEmpty();
        assertThat(leases.find(live.token())).isEmpty();
        assertThat(leases.authenticate(live.lease().account(), live.token())).isEmpty();
        assertThat(leases.find(elsewhere.token())).isPresent();
        assertThat(leases.revoke(APP, ChannelKey.of("k"))).isEmpty();
    }

    @Test
    void revokesOneLeaseByItsToken() {
        IssuedLease one = create("k");
        IssuedLease two = create("k");

        assertThat(leases.revoke(APP, one.token())).contains(one.lease());
        assertThat(leases.revoke(APP, one.token())).isEmpty();
        assertThat(leases.find(one.token())).isEmpty();
        assertThat(leases.find(two.token())).isPresent();
    }

    @Test
    void keepsARevocationOverACloseAndReopen() {
        IssuedLease issued = create("k");
        leases.revoke(APP, issued.token());

        reopen();

        assertThat(leases.find(issued.token())).isEmpty();
    }
}
