package org.channelgateway.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.channelgateway.callback.Departures.Left;
import org.channelgateway.channel.Channel;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.PresenceId;
import org.channelgateway.registry.Presences.Departure;
import org.junit.jupiter.api.Test;

final class DeparturesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Channel CHANNEL = new Channel("guestbook", ChannelKey.of("user-42"));
    private static final Channel ANOTHER = new Channel("guestbook", ChannelKey.of("user-43"));

    private final SecureRandom random = new SecureRandom();
    private final Departures departures = new Departures();

    private PresenceId used() {
        PresenceId id = PresenceId.random(random);
        departures.use(id);
        return id;
    }

    private static Departure later(PresenceId id) {
        return new Departure(id, NOW.plusSeconds(1));
    }

    @Test
    void givesThePresenceOfOneThatLeftToTheNextOfItsChannel() {
        PresenceId id = used();
        departures.leave(CHANNEL, later(id));

        assertThat(departures.takeBack(ANOTHER, NOW)).isEmpty();
        assertThat(departures.takeBack(CHANNEL, NOW)).contains(id);
        assertThat(departures.takeBack(CHANNEL, NOW)).isEmpty();
        assertThat(departures.isEmpty()).isTrue();
    }

    @Test
    void givesNothingBackWhenTheTimeIsOver() {
        departures.leave(CHANNEL, later(used()));

        assertThat(departures.takeBack(CHANNEL, NOW.plusSeconds(1))).isEmpty();
    }

    @Test
    void givesNothingBackThatIsBeingNotedButSaysThatItMayNotBeYet() {
        Departure departure = later(used());
        departures.leave(CHANNEL, departure);
        List<Left> taken = departures.take(10);

        assertThat(taken).extracting(Left::departure).containsExactly(departure);
        assertThat(departures.takeBack(CHANNEL, NOW)).isEmpty();
        assertThat(departures.of(CHANNEL)).containsExactly(departure);
        assertThat(departures.take(10)).as("when noting failed").isEqualTo(taken);
        departures.noted(taken);
        assertThat(departures.of(CHANNEL)).isEmpty();
        assertThat(departures.isEmpty()).isTrue();
    }

    /** T1 notes that a session has come; T2 ends it meanwhile, and its end is noted first. */
    @Test
    void notesAnEndAgainThatWasNotedBeforeTheBeginning() {
        PresenceId id = used();
        departures.leave(CHANNEL, later(id));
        List<Left> early = departures.take(10);

        assertThat(departures.leaveAgain(CHANNEL, later(id))).isTrue();
        departures.noted(early);
        assertThat(departures.takeBack(CHANNEL, NOW)).as("its end is final").isEmpty();
        assertThat(departures.take(10))
                .extracting(left -> left.departure().id())
                .containsExactly(id);
    }

    @Test
    void notesNoEndAgainOfAPresenceThatIsInUseOrThatStillWaits() {
        PresenceId id = used();
        assertThat(departures.leaveAgain(CHANNEL, later(id))).isFalse();
        departures.leave(CHANNEL, later(id));
        assertThat(departures.leaveAgain(CHANNEL, later(id))).isFalse();
        departures.takeBack(CHANNEL, NOW);
        assertThat(departures.leaveAgain(CHANNEL, later(id))).isFalse();
    }

    @Test
    void takesTheFirstOnesFirstAndNoMoreThanAsked() {
        List<PresenceId> ids = List.of(used(), used(), used());
        ids.forEach(id -> departures.leave(CHANNEL, later(id)));

        List<Left> two = departures.take(2);
        assertThat(two).extracting(left -> left.departure().id()).isEqualTo(ids.subList(0, 2));
        departures.noted(two);
        assertThat(departures.take(2)).extracting(left -> left.departure().id()).isEqualTo(ids.subList(2, 3));
    }
}
