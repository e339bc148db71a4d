package org.channelgateway.it;

import java.util.List;

/** The ways there are for applications. */
enum Way {
    HTTP {
        @Override
        Sender open(GatewayFixture gateway, String app) {
            return new HttpSender(gateway.api());
        }
    },
    CLIENT {
        @Override
        Sender open(GatewayFixture gateway, String app) {
            return new ClientSender(gateway, app);
        }
    },
    IQ {
        @Override
        Sender open(GatewayFixture gateway, String app) {
            return new SmackSender(gateway, app);
        }
    };

    private static final String GUESTBOOK = "guestbook";

    /** @param app the name of the tests' app at this gateway */
    abstract Sender open(GatewayFixture gateway, String app);

    Sender open(GatewayFixture gateway) {
        return open(gateway, GUESTBOOK);
    }

    /**
     * Those that differ at the kind of gateway that the tests run against: XMPP over TCP does not go through nginx's HTTP, and to ejabberd
     * raw IQs are what the client sends.
     */
    static List<Way> toTest() {
        return switch (System.getProperty(GatewayFixture.KIND, "")) {
            case "nginx" -> List.of(HTTP);
            case "cluster" -> List.of(HTTP, CLIENT);
            default -> List.of(values());
        };
    }

    /** True when what one way sent may overtake what another one had sent: they go through different gateways. */
    static boolean mayOvertake() {
        return System.getProperty(GatewayFixture.KIND, "").equals("cluster");
    }

    /** All of them in turn. */
    static MixedSender mixed(GatewayFixture gateway) {
        return new MixedSender(HTTP.open(gateway), CLIENT.open(gateway), IQ.open(gateway));
    }
}
