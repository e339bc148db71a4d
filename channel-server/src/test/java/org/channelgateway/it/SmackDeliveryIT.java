package org.channelgateway.it;

/** {@link DeliveryContract} by raw IQs over Smack. */
final class SmackDeliveryIT extends DeliveryContract {
    @Override
    Sender sender(GatewayFixture of) {
        return Way.IQ.open(of);
    }
}
