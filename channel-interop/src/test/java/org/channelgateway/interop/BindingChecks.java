package org.channelgateway.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.igniterealtime.smack.inttest.AbstractSmackLowLevelIntegrationTest;
import org.igniterealtime.smack.inttest.SmackIntegrationTestEnvironment;
import org.igniterealtime.smack.inttest.annotations.SmackIntegrationTest;
import org.igniterealtime.smack.inttest.annotations.SpecificationReference;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.StanzaCollector;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.filter.StanzaIdFilter;
import org.jivesoftware.smack.packet.Bind;
import org.jivesoftware.smack.packet.SimpleIQ;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smackx.ping.PingManager;
import org.jxmpp.jid.parts.Resourcepart;

/** Resources, and requests that nobody knows. */
@SpecificationReference(document = "RFC6120")
public final class BindingChecks extends AbstractSmackLowLevelIntegrationTest {
    public BindingChecks(SmackIntegrationTestEnvironment environment) {
        super(environment);
    }

    @SmackIntegrationTest(section = "7.6")
    public void givesEachSessionOfAnAccountAResourceOfItsOwn(UnconnectedConnectionSource source) throws Exception {
        try (Sessions sessions = Sessions.ofOneAccount(source, 2)) {
            assertEquals(
                    sessions.get(0).getUser().asBareJid(),
                    sessions.get(1).getUser().asBareJid());
            assertNotEquals(sessions.get(0).getUser(), sessions.get(1).getUser());
        }
    }

    @SmackIntegrationTest(section = "7.7")
    public void bindsWhateverResourceIsAskedFor(UnconnectedConnectionSource source) throws Exception {
        AbstractXMPPConnection connection = source.getUnconnectedConnection();
        connection.connect();
        connection.login(
                connection.getConfiguration().getUsername(),
                connection.getConfiguration().getPassword(),
                Resourcepart.from("tab"));

        assertTrue(PingManager.getInstanceFor(connection).pingMyServer());
        connection.disconnect();
    }

    @SmackIntegrationTest(section = "7")
    public void bindsOneResourceToAStream(AbstractXMPPConnection connection) throws Exception {
        Bind second = Bind.newSet(null);

        try (StanzaCollector answer = connection.createStanzaCollectorAndSend(new StanzaIdFilter(second), second)) {
            assertThrows(XMPPErrorException.class, answer::nextResultOrThrow);
        }

        assertTrue(PingManager.getInstanceFor(connection).pingMyServer());
    }

    @SmackIntegrationTest(section = "8.4")
    public void answersARequestThatItDoesNotKnow(AbstractXMPPConnection connection) throws Exception {
        XMPPErrorException answer = assertThrows(
                XMPPErrorException.class,
                () -> connection.sendIqRequestAndWaitForResponse(new SimpleIQ("query", "urn:example:unknown") {}));

        assertEquals(
                StanzaError.Condition.service_unavailable,
                answer.getStanzaError().getCondition());
        assertTrue(PingManager.getInstanceFor(connection).pingMyServer());
    }
}
