package org.channelgateway.it;

/** {@link SmackSubscriberContract} over TCP. */
final class TcpSmackSubscriberIT extends SmackSubscriberContract {
    TcpSmackSubscriberIT() {
        super(SmackSubscriber.Transport.TCP);
    }
}
