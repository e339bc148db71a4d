package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** Vysper's tables of stringprep, 47 MB that nothing here needs. */
final class StringprepIT {
    @Test
    void isNotLoadedByLoginBindPingAndDisco() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.start(FixtureSettings.withoutPages())) {
            WireClient client =
                    WireClient.Transport.TCP.connected(gateway, gateway.api().create("key"));
            client.iq("get", "", "<ping xmlns='urn:xmpp:ping'/>");
            client.iq("get", WireClient.DOMAIN, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
            client.iq("get", WireClient.DOMAIN, "<query xmlns='http://jabber.org/protocol/disco#items'/>");
            client.iq("get", "", "<query xmlns='jabber:iq:roster'/>");
            client.iq("set", "", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>");
            client.terminate();
        }

        Object loaded = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "vmClassHierarchy",
                        new Object[] {new String[] {}},
                        new String[] {String[].class.getName()});
        assertThat(String.valueOf(loaded))
                .contains("org.channelgateway.embedded.LocalJid")
                .doesNotContain("StringPrepConstants");
    }
}
