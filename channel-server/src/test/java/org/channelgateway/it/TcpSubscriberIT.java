package org.channelgateway.it;

/** {@link SubscriberContract} over TCP. */
final class TcpSubscriberIT extends SubscriberContract {
    TcpSubscriberIT() {
        super(WireClient.Transport.TCP);
    }
}
