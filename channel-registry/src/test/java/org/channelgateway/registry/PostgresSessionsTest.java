package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

        assertThat(sessions().open(name)).contains(new Sessions.Opened(issued.lease(), true, false));
        assertThat(sessions().open(name)).contains(new Sessions.Opened(issued.lease(), false, false));
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
    void keepsForATokenWhatItsPasswordWouldBeComputedTo() throws Exception {
        IssuedLease issued = create("room");
        IssuedLease other = create("room");

        LoginKeys keys = sessions().loginKeys(issued.token()).orElseThrow();

        assertThat(keys.toString()).isEqualTo("LoginKeys[…]");
        assertThat(MessageDigest.getInstance("SHA-1").digest(keys.clientKey()))
                .isEqualTo(database.bytes("SELECT stored_key FROM leases WHERE account = '"
                        + issued.lease().account() + "'"))
                .isNotEqualTo(MessageDigest.getInstance("SHA-1")
                        .digest(sessions()
                                .loginKeys(other.token())
                                .orElseThrow()
                                .clientKey()));
        leases.revoke(APP, issued.token());
        assertThat(sessions().loginKeys(issued.token())).isEmpty();
    }

    @Test
    void knowsTheSessionsOfManyKeysAtOnce() {
        List<IssuedLease> issued = List.of(create("room"), create("room"), create("room2"), create("room3"));
        issued.forEach(lease -> sessions().open(session(lease, "a")));
        sessions().open(session(registry.leases().create("another", KEY, TWO_HOURS), "a"));
        leases.revoke(APP, ChannelKey.of("room3"));
        List<ChannelKey> keys = Stream.of("room", "none", "room2", "room3", "room")
                .map(ChannelKey::of)
                .toList();

        Map<ChannelKey, List<SessionName>> found = sessions().of(APP, keys);

        assertThat(found).containsOnlyKeys(KEY, ChannelKey.of("room2"));
        assertThat(found.get(KEY)).containsExactlyInAnyOrder(session(issued.get(0), "a"), session(issued.get(1), "a"));
        assertThat(found.get(ChannelKey.of("room2"))).containsExactly(session(issued.get(2), "a"));
        assertThat(sessions().of(APP, List.of())).isEmpty();
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

    private List<CallbackKind> queued() {
        return registry.callbacks().list(APP, null, 0, 10).stream()
                .map(Callback::kind)
                .toList();
    }

    @Test
    void queuesWhatIsToBeToldWithTheNote() {
        SessionName heard = session(create("room"), "tab");
        SessionName unheard = session(create("another"), "tab");
        assertThat(sessions().open(heard, APP::equals)).isPresent();
        assertThat(sessions().open(heard, APP::equals)).isPresent();
        assertThat(sessions().open(unheard)).isPresent();
        assertThat(queued()).containsExactly(CallbackKind.CONNECTED);
        for (int i = 0; i < 2; i++) {
            Optional<Lease> unused = sessions().close(heard, Duration.ofSeconds(1));
            unused = sessions().close(unheard, Duration.ofSeconds(1));
        }
        assertThat(queued()).containsExactly(CallbackKind.CONNECTED, CallbackKind.DISCONNECTED);
        assertThat(sessions().open(heard, APP::equals)).isPresent(); // within the grace
        assertThat(queued()).containsExactly(CallbackKind.CONNECTED);
    }

    /** Whatever fails: a gateway that is killed between the two leaves as little. */
    @Test
    void notesAndTellsOrDoesNeither() {
        SessionName name = session(create("room"), "tab");
        rename("callbacks", "out_of_reach");
        assertThatThrownBy(() -> sessions().open(name, APP::equals)).isInstanceOf(RegistryException.class);
        rename("out_of_reach", "callbacks");
        assertThat(sessions().count()).isZero();
        assertThat(sessions().open(name, APP::equals).orElseThrow().isNew()).isTrue();

        rename("callbacks", "out_of_reach");
        assertThatThrownBy(() -> sessions().close(name, Duration.ofSeconds(1))).isInstanceOf(RegistryException.class);
        rename("out_of_reach", "callbacks");
        assertThat(sessions().count()).isEqualTo(1);
        assertThat(registry.presences().count()).isEqualTo(1);
        assertThat(sessions().close(name, Duration.ofSeconds(1))).isPresent();
        assertThat(queued()).containsExactly(CallbackKind.CONNECTED, CallbackKind.DISCONNECTED);
    }

    private void rename(String table, String to) {
        int unused = registry.database().with(session -> session.update("ALTER TABLE " + table + " RENAME TO " + to));
    }

    @Test
    void oneOfThoseWhoWantToCompareDoes() throws Exception {
        Instant asked = clock.instant();
        clock.advance(Duration.ofSeconds(1));
        assertThat(Together.run(4, () -> sessions().claimComparison(asked)))
                .containsExactlyInAnyOrder(true, false, false, false);
        assertThat(sessions().claimComparison(clock.instant())).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(sessions().claimComparison(clock.instant())).isTrue();
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
