package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The sessions at an outside server, as all gateways know them. */
final class PostgresSessionsTest extends RegistryContract {
    private static final ChannelKey KEY = ChannelKey.of("room");

    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Registry open(InstantSource time) {
        return database.open(time);
    }

    private Sessions sessions() {
        return registry.sessions();
    }

    private static SessionName session(IssuedLease issued, String resource) {
        return new SessionName(issued.lease().account(), resource);
    }

    @Test
    void notesASessionOnceWithTheLeaseOfItsAccount() {
        IssuedLease issued = create("room");
        SessionName name = session(issued, "tab");

        assertThat(sessions().open(name)).contains(new Sessions.Opened(issued.lease(), true));
        assertThat(sessions().open(name)).contains(new Sessions.Opened(issued.lease(), false));
        assertThat(sessions().of(APP, KEY)).containsExactly(name);
        assertThat(sessions().count(APP, KEY)).isEqualTo(1);
        assertThat(sessions().ofAccount(name.account())).isEqualTo(1);
        assertThat(sessions().count()).isEqualTo(1);
    }

    @Test
    void knowsTheSessionsOfAllLeasesOfAKeyAndOfNoOther() {
        IssuedLease one = create("room");
        IssuedLease two = create("room");
        IssuedLease elsewhere = create("room2");
        IssuedLease ofAnother = registry.leases().create("another", KEY, TWO_HOURS);
        List<SessionName> here = List.of(session(one, "a"), session(one, "b"), session(two, "a"));
        here.forEach(name -> sessions().open(name));
        sessions().open(session(elsewhere, "a"));
        sessions().open(session(ofAnother, "a"));

        assertThat(sessions().of(APP, KEY)).containsExactlyInAnyOrderElementsOf(here);
    }

    @Test
    void forgetsASessionOnceAndSaysWhoseItWas() {
        IssuedLease issued = create("room");
        SessionName name = session(issued, "tab");
        sessions().open(name);

        assertThat(sessions().close(name)).contains(issued.lease());
        assertThat(sessions().close(name)).isEmpty();
        assertThat(sessions().of(APP, KEY)).isEmpty();
    }

    @Test
    void forgetsASessionOfARevokedLeaseAndSaysWhoseItWas() {
        IssuedLease issued = create("room");
        SessionName name = session(issued, "tab");
        sessions().open(name);
        leases.revoke(APP, issued.token());
        clock.advance(Duration.ofSeconds(1));

        Lease closed = sessions().close(name).orElseThrow();

        assertThat(closed.key()).isEqualTo(KEY);
        assertThat(closed.app()).isEqualTo(APP);
        assertThat(closed.isLive(clock.instant())).isFalse();
        assertThat(sessions().count()).isZero();
    }

    @Test
    void saysTheLiveLeaseOfAnAccountAndNotesNothing() {
        IssuedLease issued = create("room");
        String account = issued.lease().account();
        assertThat(sessions().lease(account)).contains(issued.lease());
        leases.revoke(APP, issued.token());

        assertThat(sessions().lease(account)).isEmpty();
        assertThat(sessions().count()).isZero();
    }

    @Test
    void notesNoSessionOfALeaseThatIsOverRevokedOrNeverWas() {
        IssuedLease revoked = create("room");
        leases.revoke(APP, revoked.token());
        IssuedLease over = leases.create(APP, KEY, Duration.ofMinutes(1));
        clock.advance(Duration.ofMinutes(1));

        assertThat(sessions().open(session(revoked, "tab"))).isEmpty();
        assertThat(sessions().open(session(over, "tab"))).isEmpty();
        assertThat(sessions().open(new SessionName("ch-nobody", "tab"))).isEmpty();
        assertThat(sessions().count()).isZero();
    }

    @Test
    void aRevokedOrExpiredLeaseReceivesNothingAndItsSessionsHaveToEnd() {
        IssuedLease revoked = create("room");
        IssuedLease expired = leases.create(APP, KEY, Duration.ofMinutes(1));
        IssuedLease live = create("room");
        for (IssuedLease issued : List.of(revoked, expired, live)) {
            sessions().open(session(issued, "tab"));
        }
        leases.revoke(APP, revoked.token());
        clock.advance(Duration.ofMinutes(1));

        assertThat(sessions().of(APP, KEY)).containsExactly(session(live, "tab"));
        assertThat(sessions().claimOver(10)).containsExactly(session(revoked, "tab"));
        assertThat(sessions().claimOver(10)).isEmpty();

        clock.advance(Duration.ofMinutes(1));
        assertThat(leases.sweep(10)).containsExactly(expired.lease());
        assertThat(sessions().claimOver(1)).hasSize(1);
        assertThat(sessions().claimOver(10)).hasSize(1);
    }

    /** A page whose poll is held is told by its gateway that its time is up; the administrator of the server would only throw it out. */
    @Test
    void leavesASessionWhoseLeaseHasJustExpiredToTheGatewayThatHoldsItsPoll() {
        IssuedLease expired = leases.create(APP, KEY, Duration.ofMinutes(1));
        sessions().open(session(expired, "tab"));
        clock.advance(Duration.ofMinutes(1));
        assertThat(sessions().of(APP, KEY)).isEmpty();
        assertThat(leases.sweep(10)).hasSize(1);

        assertThat(sessions().claimOver(10)).isEmpty();
        clock.advance(Duration.ofSeconds(10));
        assertThat(sessions().claimOver(10)).containsExactly(session(expired, "tab"));
    }

    @Test
    void givesEachSessionThatIsOverToOneOfManyWhoClaim() throws Exception {
        IssuedLease issued = create("room");
        IntStream.range(0, 200).forEach(i -> sessions().open(session(issued, "tab" + i)));
        leases.revoke(APP, KEY);

        List<SessionName> claimed = Together.run(4, () -> sessions().claimOver(200)).stream()
                .flatMap(List::stream)
                .toList();
        assertThat(claimed).doesNotHaveDuplicates().hasSizeBetween(1, 200);
        assertThat(claimed.size() + sessions().claimOver(200).size()).isEqualTo(200);
    }

    @Test
    void neverLeavesASessionToARevokedLeaseThatRacesWithIt() throws Exception {
        for (int round = 0; round < 50; round++) {
            IssuedLease issued = create("room");
            SessionName name = session(issued, "tab");
            List<Boolean> unused = Together.run(2, new RevokeAndOpen(issued, name)::call);
            assertThat(sessions().of(APP, KEY)).isEmpty();
        }
    }

    private final class RevokeAndOpen {
        private final IssuedLease issued;
        private final SessionName name;
        private final AtomicBoolean first = new AtomicBoolean();

        RevokeAndOpen(IssuedLease issued, SessionName name) {
            this.issued = issued;
            this.name = name;
        }

        Boolean call() {
            return first.compareAndSet(false, true)
                    ? leases.revoke(APP, issued.token()).isPresent()
                    : sessions().open(name).isPresent();
        }
    }

    @Test
    void showsAllSessionsInPages() {
        IssuedLease issued = create("room");
        List<SessionName> all =
                IntStream.range(0, 5).mapToObj(i -> session(issued, "tab" + i)).toList();
        all.forEach(name -> sessions().open(name));

        List<Sessions.Noted> first = sessions().page(null, 3);
        assertThat(first).extracting(Sessions.Noted::name).containsExactlyElementsOf(all.subList(0, 3));
        assertThat(first).extracting(Sessions.Noted::since).containsOnly(clock.instant());
        assertThat(sessions().page(all.get(2), 3))
                .extracting(Sessions.Noted::name)
                .containsExactlyElementsOf(all.subList(3, 5));
    }
}
