package org.channelgateway.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.igniterealtime.smack.inttest.AbstractSmackIntegrationTest;
import org.igniterealtime.smack.inttest.SmackIntegrationTestEnvironment;
import org.igniterealtime.smack.inttest.annotations.SmackIntegrationTest;
import org.igniterealtime.smack.inttest.annotations.SpecificationReference;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smackx.disco.ServiceDiscoveryManager;
import org.jivesoftware.smackx.disco.packet.DiscoverInfo;
import org.jivesoftware.smackx.disco.packet.DiscoverItems;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.stringprep.XmppStringprepException;

/** What the server and the service say of themselves, and what they do not say of accounts. */
@SpecificationReference(document = "XEP-0030", version = "2.5")
public final class DiscoveryChecks extends AbstractSmackIntegrationTest {
    private final ServiceDiscoveryManager disco = ServiceDiscoveryManager.getInstanceFor(conOne);

    public DiscoveryChecks(SmackIntegrationTestEnvironment environment) {
        super(environment);
    }

    private static Jid service() throws XmppStringprepException {
        return JidCreate.domainBareFrom(GatewayProcess.SERVICE);
    }

    @SmackIntegrationTest(section = "3.1")
    public void serverHasAnIdentityAndNamesItsFeatures() throws Exception {
        DiscoverInfo info = disco.discoverInfo(conOne.getXMPPServiceDomain());

        assertTrue(info.hasIdentity("server", "im"));
        assertTrue(info.containsFeature(DiscoverInfo.NAMESPACE));
        assertTrue(info.containsFeature("urn:xmpp:ping"));
    }

    @SmackIntegrationTest(section = "4.1")
    public void serverNamesTheService() throws Exception {
        List<DiscoverItems.Item> items =
                disco.discoverItems(conOne.getXMPPServiceDomain()).getItems();

        assertEquals(
                List.of(service()),
                items.stream().map(DiscoverItems.Item::getEntityID).toList());
    }

    @SmackIntegrationTest(section = "3.1")
    public void serviceHasAnIdentityAndNamesItsFeatures() throws Exception {
        DiscoverInfo info = disco.discoverInfo(service());

        assertTrue(info.hasIdentity("component", "generic"));
        assertTrue(info.containsFeature(DiscoverInfo.NAMESPACE));
        assertTrue(info.containsFeature("urn:channelgateway:1"));
        assertTrue(disco.discoverItems(service()).getItems().isEmpty());
    }

    @SmackIntegrationTest(section = "3.2")
    public void nodesAreNotFound() throws Exception {
        for (Jid entity : List.of(conOne.getXMPPServiceDomain(), service())) {
            XMPPErrorException answer = assertThrows(
                    XMPPErrorException.class, () -> disco.discoverInfo(entity, "urn:example:node"), entity.toString());

            assertEquals(
                    StanzaError.Condition.item_not_found,
                    answer.getStanzaError().getCondition());
        }
    }

    @SmackIntegrationTest(section = "8")
    public void accountsAreNotDisclosed() {
        for (Jid account : List.of(conTwo.getUser(), conTwo.getUser().asBareJid())) {
            DiscoverInfo request =
                    DiscoverInfo.builder(conOne).to(account).build(); // disco.discoverInfo() asks a cache first
            XMPPErrorException answer =
                    assertThrows(XMPPErrorException.class, () -> conOne.sendIqRequestAndWaitForResponse(request));

            assertEquals(
                    StanzaError.Condition.service_unavailable,
                    answer.getStanzaError().getCondition());
        }
    }
}
