package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.channelgateway.registry.Callback.Attempt;
import org.channelgateway.registry.Callback.Outcome;
import org.channelgateway.registry.Presences.Departure;
import org.junit.jupiter.api.Test;

/** Who came and who left, on any database. */
abstract class PresencesContract extends RegistryContract {
    private static final ChannelKey KEY = ChannelKey.of("user-42");
    static final Duration GRACE = Duration.ofSeconds(1);

    private final SecureRandom random = new SecureRandom();

    PresenceId arrive(ChannelKey key) {
        PresenceId id = PresenceId.random(random);
        registry.presences().arrive(id, APP, key);
        return id;
    }

    void depart(PresenceId id) {
        registry.presences().depart(List.of(new Departure(id, clock.instant().plus(GRACE))));
    }

    /** Does all that is due; returns what it was. */
    List<String> told() {
        List<String> told = new ArrayList<>();
        List<Callback> claimed = registry.callbacks().claim(APP, 100, GRACE);
        while (!claimed.isEmpty()) {
            claimed.forEach(callback -> {
                told.add(callback.kind().word());
                registry.callbacks().finish(List.of(new Attempt(callback, new Outcome.Completed())));
            });
            claimed = registry.callbacks().claim(APP, 100, GRACE);
        }
        return told;
    }

    @Test
    void tellsThatASessionHasComeAndAfterTheGraceThatItIsOver() {
        PresenceId id = arrive(KEY);
        assertThat(told()).containsExactly("connected");
        depart(id);
        assertThat(told()).isEmpty();
        clock.advance(GRACE);
        assertThat(told()).containsExactly("disconnected");
        assertThat(rows("presences")).isZero();
    }

    @Test
    void tellsThatItCameBeforeItTellsThatItIsOverAlsoWhenItIsGoneAtOnce() {
        depart(arrive(KEY));
        clock.advance(GRACE);

        assertThat(told()).containsExactly("connected", "disconnected");
    }

    @Test
    void tellsNeitherWhenOneTakesThePlaceOfAnotherWithinTheGrace() {
        PresenceId session = arrive(KEY);
        for (int i = 0; i < 20; i++) {
            depart(session);
            clock.advance(GRACE.minusMillis(1));
            session = arrive(KEY);
        }
        assertThat(told()).containsExactly("connected");
        depart(session);
        clock.advance(GRACE);
        assertThat(told()).containsExactly("disconnected");
    }

    @Test
    void tellsNeitherAlsoWhenSomethingElseOfTheChannelWasToldMeanwhile() {
        PresenceId session = arrive(KEY);
        depart(session);
        assertThat(told()).containsExactly("connected");
        registry.callbacks().receive(APP, KEY, "hello");
        assertThat(told()).containsExactly("receive");
        arrive(KEY);
        clock.advance(GRACE);
        assertThat(told()).isEmpty();
    }

    @Test
    void tellsOfASessionThatComesBackByItsNameWhileWhatWasToldIsStillKept() {
        PresenceId id = arrive(KEY);
        depart(id);
        clock.advance(GRACE);
        assertThat(told()).containsExactly("connected", "disconnected");

        registry.presences().arrive(id, APP, KEY);
        assertThat(told()).containsExactly("connected");
        depart(id);
        clock.advance(GRACE);
        assertThat(told()).containsExactly("disconnected");
    }

    @Test
    void notesTheEndsThatItIsGivenBeforeASessionTakesTheirPlace() {
        PresenceId first = arrive(KEY);
        PresenceId second = PresenceId.random(random);
        Departure left = new Departure(first, clock.instant().plus(GRACE));
        registry.presences().arrive(second, APP, KEY, List.of(left));
        registry.presences().depart(List.of(left));
        clock.advance(GRACE);

        assertThat(told()).containsExactly("connected");
        assertThat(registry.presences().count()).isEqualTo(1);
    }

    @Test
    void forgetsSessionsOfApplicationsThatAreNoMore() {
        arrive(KEY);
        registry.presences().arrive(PresenceId.random(random), "another", KEY);

        assertThat(registry.presences().forgetOthers(Set.of(APP))).isEqualTo(1);
        assertThat(registry.presences().count()).isEqualTo(1);
    }

    @Test
    void tellsBothWhenTheGraceIsOver() {
        depart(arrive(KEY));
        clock.advance(GRACE);
        arrive(KEY);

        assertThat(told()).containsExactly("connected", "disconnected", "connected");
    }

    @Test
    void takesThePlaceOfOneOfTheSameChannelOnly() {
        depart(arrive(KEY));
        arrive(ChannelKey.of("another"));
        registry.presences().arrive(PresenceId.random(random), "another", KEY);
        clock.advance(GRACE);

        assertThat(told()).containsExactlyInAnyOrder("connected", "connected", "disconnected");
    }

    @Test
    void tellsOfEachOfSeveralSessionsOfAChannel() {
        List<PresenceId> sessions =
                IntStream.range(0, 3).mapToObj(i -> arrive(KEY)).toList();
        sessions.forEach(this::depart);
        arrive(KEY); // in the place of one of them
        clock.advance(GRACE);

        assertThat(told()).containsExactly("connected", "connected", "connected", "disconnected", "disconnected");
        assertThat(registry.presences().count()).isEqualTo(1);
    }

    @Test
    void letsOthersOfTheChannelBeToldWhileOneMayStillComeBack() {
        PresenceId lost = arrive(KEY);
        told();
        registry.presences().depart(List.of(new Departure(lost, clock.instant().plusSeconds(150))));
        registry.callbacks().receive(APP, KEY, "hello");

        assertThat(told()).containsExactly("receive");
    }

    @Test
    void tellsTheEndOfASessionOnceThoughItIsNotedTwice() {
        PresenceId id = arrive(KEY);
        depart(id);
        depart(id);
        depart(PresenceId.random(random));
        clock.advance(GRACE);

        assertThat(told()).containsExactly("connected", "disconnected");
    }

    @Test
    void keepsTheOrderWhenTheClockIsSetBack() {
        PresenceId id = arrive(KEY);
        clock.advance(Duration.ofMinutes(-10));
        depart(id);
        clock.advance(Duration.ofMinutes(20));

        assertThat(told()).containsExactly("connected", "disconnected");
    }

    @Test
    void tellsOfAllThatComeAndGoAtOnce() throws Exception {
        Together.run(8, () -> {
            for (int i = 0; i < 50; i++) {
                depart(arrive(ChannelKey.of("k" + random.nextInt(20))));
            }
            return 0;
        });
        clock.advance(GRACE);
        List<String> told = told();

        assertThat(told.stream().filter("connected"::equals).count())
                .isEqualTo(told.stream().filter("disconnected"::equals).count())
                .isPositive();
        assertThat(rows("presences")).isZero();
    }

    @Test
    void isNotNotedWhenTheApplicationHasTooManyCallbacks() {
        IntStream.range(0, CALLBACKS).forEach(i -> arrive(ChannelKey.of("k" + i)));

        assertThatThrownBy(() -> arrive(KEY)).isInstanceOf(TooManyCallbacksException.class);
        assertThat(registry.presences().count()).isEqualTo(CALLBACKS);
    }

    @Test
    void takesThePlaceOfOneThatLeftAlsoWhenTheApplicationHasTooManyCallbacks() {
        PresenceId leaving = arrive(KEY);
        IntStream.range(1, CALLBACKS).forEach(i -> arrive(ChannelKey.of("k" + i)));
        depart(leaving);
        arrive(KEY);

        assertThat(registry.presences().count()).isEqualTo(CALLBACKS);
    }
}
