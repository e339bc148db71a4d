package org.channelgateway.it;

/** {@link StarContract} over BOSH. */
final class BoshStarIT extends StarContract {
    BoshStarIT() {
        super(WireClient.Transport.BOSH);
    }
}
