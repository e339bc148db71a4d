package org.channelgateway.it;

import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.ChannelConfig;

/** Clients of the gateways under test. */
final class ClientFixture {
    private ClientFixture() {}

    static ChannelConfig.Builder guestbook(GatewayFixture gateway) {
        return guestbook(gateway, gateway.xmpp().getPort());
    }

    /** @param port of the gateway, or of a network before it */
    static ChannelConfig.Builder guestbook(GatewayFixture gateway, int port) {
        return app(gateway, "guestbook", port);
    }

    /** @param app the name of the tests' app at this gateway */
    static ChannelConfig.Builder app(GatewayFixture gateway, String app, int port) {
        return ChannelConfig.builder(
                "xmpp://" + app + "@127.0.0.1:" + port, gateway.api().secret());
    }

    static ChannelConfig.Builder neighbour(GatewayFixture gateway) {
        return ChannelConfig.builder(
                "xmpp://neighbour@127.0.0.1:" + gateway.xmpp().getPort(),
                gateway.neighbour().secret());
    }

    static ChannelClient connect(GatewayFixture gateway) {
        return ChannelClient.connect(guestbook(gateway).build());
    }
}
