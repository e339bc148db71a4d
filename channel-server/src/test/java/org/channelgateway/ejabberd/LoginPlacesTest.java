package org.channelgateway.ejabberd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.channelgateway.limit.FullException;
import org.channelgateway.limit.Networks;
import org.channelgateway.limit.PlaceLimits;
import org.junit.jupiter.api.Test;

final class LoginPlacesTest {
    private static final String HOME = "203.0.113.5";

    private final AtomicLong nanos = new AtomicLong();
    private final LoginPlaces places =
            new LoginPlaces(new PlaceLimits(9, 9, 3, 2, Networks.WITHOUT_LOOPBACK), Duration.ofSeconds(60), nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        places.tick();
    }

    @Test
    void areBoundForAnAddressAndInAll() {
        places.enter(HOME);
        places.enter(HOME);
        FullException full = catchThrowableOfType(FullException.class, () -> places.enter(HOME));
        assertThat(full.ofAddress()).isTrue();
        assertThat(full.reason()).isEqualTo("too-many-of-address-without-login");

        places.enter("203.0.113.6");
        full = catchThrowableOfType(FullException.class, () -> places.enter("203.0.113.7"));
        assertThat(full.ofAddress()).isFalse();
        assertThat(full.reason()).isEqualTo("too-many-without-login");
    }

    @Test
    void areFreeOnceTheSessionHasLoggedIn() {
        LoginPlaces.Place place = places.enter(HOME);
        place.of("sid");
        places.loggedIn("another");
        assertThat(places.count()).isEqualTo(1);

        places.loggedIn("sid");
        places.loggedIn("sid");
        place.free();
        assertThat(places.count()).isZero();
    }

    @Test
    void areFreeOnceTheTimeForALoginIsOver() {
        places.enter(HOME).of("first");
        pass(Duration.ofSeconds(30));
        places.enter(HOME).of("second");
        pass(Duration.ofSeconds(30));
        assertThat(places.count()).isEqualTo(1);
        places.loggedIn("first");
        assertThat(places.count()).isEqualTo(1);
        pass(Duration.ofSeconds(30));
        assertThat(places.count()).isZero();
    }

    @Test
    void areFreeOnceNoSessionIsMade() {
        places.enter(HOME).free();
        assertThat(places.count()).isZero();
        pass(Duration.ofSeconds(90));
        assertThat(places.count()).isZero();
    }
}
