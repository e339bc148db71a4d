package org.channelgateway.it;

/** {@link DeliveryContract} by all ways in turn. */
final class MixedDeliveryIT extends DeliveryContract {
    @Override
    Sender sender(GatewayFixture of) {
        return Way.mixed(of);
    }
}
