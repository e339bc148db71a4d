package org.channelgateway.it;

import java.time.Duration;
import java.time.InstantSource;

/** The clock that tokens are judged by. */
interface MovableClock extends InstantSource {
    /** Moves it forward; returns when all that judge by it have noticed. */
    void advance(Duration duration);

    /** How far it may have gone on by itself between two lines of a test, on a slow machine: zero for one that stands still. */
    Duration error();
}
