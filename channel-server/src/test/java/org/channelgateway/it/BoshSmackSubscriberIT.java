package org.channelgateway.it;

/** {@link SmackSubscriberContract} over BOSH. */
final class BoshSmackSubscriberIT extends SmackSubscriberContract {
    BoshSmackSubscriberIT() {
        super(SmackSubscriber.Transport.BOSH);
    }
}
