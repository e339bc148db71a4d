package org.channelgateway.interop;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.igniterealtime.smack.inttest.AbstractSmackIntegrationTest;
import org.igniterealtime.smack.inttest.SmackIntegrationTestEnvironment;
import org.igniterealtime.smack.inttest.annotations.SmackIntegrationTest;
import org.igniterealtime.smack.inttest.annotations.SpecificationReference;
import org.jivesoftware.smackx.ping.PingManager;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;

/** Who answers a ping. */
@SpecificationReference(document = "XEP-0199", version = "2.0.1")
public final class PingChecks extends AbstractSmackIntegrationTest {
    private final PingManager ping = PingManager.getInstanceFor(conOne);

    public PingChecks(SmackIntegrationTestEnvironment environment) {
        super(environment);
    }

    @SmackIntegrationTest(section = "4.2")
    public void serverServiceAndOwnAccountAnswer() throws Exception {
        for (Jid entity : List.of(
                conOne.getXMPPServiceDomain(),
                JidCreate.domainBareFrom(GatewayProcess.SERVICE),
                conOne.getUser().asBareJid())) {
            assertTrue(ping.ping(entity), entity.toString());
        }
    }

    @SmackIntegrationTest(section = "4.3")
    public void otherAccountsDoNot() throws Exception {
        assertFalse(ping.ping(conTwo.getUser()));
    }
}
