package org.channelgateway.it;

/** {@link DeliveryContract} by {@link org.channelgateway.api.ChannelClient}. */
final class ClientDeliveryIT extends DeliveryContract {
    @Override
    Sender sender(GatewayFixture of) {
        return Way.CLIENT.open(of);
    }
}
