package org.channelgateway.ejabberd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.channelgateway.limit.FullException;
import org.channelgateway.limit.Networks;
import org.channelgateway.limit.PlaceLimits;
import org.junit.jupiter.api.Test;

final class PollPlacesTest {
    private static final String HOME = "203.0.113.5";
    private static final String OTHER = "203.0.113.6";

    private final PollPlaces places = new PollPlaces(new PlaceLimits(3, 2, 1, 1, Networks.WITHOUT_LOOPBACK));

    private FullException full(String sid, String address) {
        return catchThrowableOfType(FullException.class, () -> places.enter(sid, address));
    }

    @Test
    void areThoseOfSessionsHoweverManyRequestsTheyHave() {
        places.enter("one", HOME);
        places.enter("one", HOME);
        places.enter("two", HOME);
        assertThat(places.count()).isEqualTo(2);

        assertThat(full("three", HOME).ofAddress()).isTrue();
        assertThat(full("three", HOME).reason()).isEqualTo("too-many-of-address");
        places.leave("one");
        assertThat(full("three", HOME)).isNotNull();
        places.leave("one");
        assertThat(full("three", HOME)).isNull();
    }

    @Test
    void boundTheRequestsOfOneSession() {
        for (int i = 0; i < 4; i++) {
            places.enter("one", HOME);
        }

        assertThat(full("one", HOME).reason()).isEqualTo("too-many-requests");
        places.enter("two", HOME);
        places.leave("one");
        assertThat(full("one", HOME)).isNull();
    }

    @Test
    void areBoundInAllAsWell() {
        places.enter("one", HOME);
        places.enter("two", HOME);
        places.enter("three", OTHER);

        assertThat(full("four", OTHER).ofAddress()).isFalse();
        assertThat(full("four", OTHER).reason()).isEqualTo("too-many");
        assertThat(full("four", "127.0.0.1").reason()).isEqualTo("too-many");
    }

    @Test
    void doNotCountTheAddressThatBringsManyClients() {
        for (String sid : new String[] {"one", "two", "three"}) {
            places.enter(sid, "127.0.0.1");
        }
        assertThat(places.count()).isEqualTo(3);
    }

    @Test
    void areLookedAtWithoutTakingOne() {
        places.enter("one", HOME);
        places.checkRoom(HOME);
        places.checkRoom(HOME);
        places.enter("two", HOME);
        assertThat(catchThrowableOfType(FullException.class, () -> places.checkRoom(HOME)))
                .isNotNull();
        assertThat(places.count()).isEqualTo(2);
    }

    @Test
    void areLeftOnce() {
        places.enter("one", HOME);
        places.leave("one");
        places.leave("one");
        assertThat(places.count()).isZero();
    }
}
