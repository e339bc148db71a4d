package org.channelgateway.it;

/** {@link SubscriberContract} over BOSH. */
final class BoshSubscriberIT extends SubscriberContract {
    BoshSubscriberIT() {
        super(WireClient.Transport.BOSH);
    }
}
