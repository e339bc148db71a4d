package org.channelgateway.it;

/** {@link DeliveryContract} over the HTTP API. */
final class HttpDeliveryIT extends DeliveryContract {
    @Override
    Sender sender(GatewayFixture of) {
        return Way.HTTP.open(of);
    }
}
