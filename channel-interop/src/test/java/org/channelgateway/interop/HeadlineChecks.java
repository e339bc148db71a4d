package org.channelgateway.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.igniterealtime.smack.inttest.AbstractSmackLowLevelIntegrationTest;
import org.igniterealtime.smack.inttest.SmackIntegrationTestEnvironment;
import org.igniterealtime.smack.inttest.annotations.SmackIntegrationTest;
import org.igniterealtime.smack.inttest.annotations.SpecificationReference;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.StanzaCollector;
import org.jivesoftware.smack.filter.MessageTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jxmpp.jid.impl.JidCreate;

/** Messages of type headline: what is published to a key reaches every session of its accounts. */
@SpecificationReference(document = "RFC6121")
public final class HeadlineChecks extends AbstractSmackLowLevelIntegrationTest {
    private static final int MESSAGES = 100;
    private static final int PATIENCE_MILLIS = 30_000;

    private final GatewayProcess gateway = Objects.requireNonNull(Sinttest.gateway());

    public HeadlineChecks(SmackIntegrationTestEnvironment environment) {
        super(environment);
    }

    private static String key(AbstractXMPPConnection connection) {
        return Accounts.key(connection.getUser().getLocalpart().toString());
    }

    private Message next(StanzaCollector headlines) throws InterruptedException {
        Message message = headlines.nextResult(PATIENCE_MILLIS);
        assertNotNull(message, "a headline");
        return message;
    }

    @SmackIntegrationTest(section = "8.5.2.1.1")
    public void reachEverySessionOfTheAccountInOrder(UnconnectedConnectionSource source) throws Exception {
        try (Sessions sessions = Sessions.ofOneAccount(source, 3)) {
            List<StanzaCollector> collectors = new ArrayList<>();
            for (AbstractXMPPConnection session : sessions.all()) {
                collectors.add(session.createStanzaCollector(MessageTypeFilter.HEADLINE));
            }

            for (int i = 0; i < MESSAGES; i++) {
                assertEquals(3, gateway.send(key(sessions.get(0)), "message " + i));
            }

            for (StanzaCollector headlines : collectors) {
                for (int i = 0; i < MESSAGES; i++) {
                    assertEquals("message " + i, next(headlines).getBody());
                }
            }
        }
    }

    @SmackIntegrationTest(section = "5.2.2")
    public void comeFromTheServiceAndReachNobodyElse(AbstractXMPPConnection one, AbstractXMPPConnection two)
            throws Exception {
        try (StanzaCollector ofOne = one.createStanzaCollector(MessageTypeFilter.HEADLINE);
                StanzaCollector ofTwo = two.createStanzaCollector(MessageTypeFilter.HEADLINE)) {
            assertEquals(1, gateway.send(key(one), "for one"));
            assertEquals(1, gateway.send(key(two), "for two"));

            Message message = next(ofOne);
            assertEquals("for one", message.getBody());
            assertEquals(JidCreate.domainBareFrom(GatewayProcess.SERVICE), message.getFrom());
            assertEquals("for two", next(ofTwo).getBody());
        }
    }

    /** A channel is no contact: whoever holds its token hears it. */
    @SmackIntegrationTest
    public void reachASessionWhateverItsPresence(AbstractXMPPConnection connection) throws Exception {
        try (StanzaCollector headlines = connection.createStanzaCollector(MessageTypeFilter.HEADLINE)) {
            connection.sendStanza(connection
                    .getStanzaFactory()
                    .buildPresenceStanza()
                    .setMode(Presence.Mode.dnd)
                    .setPriority(-1)
                    .build());

            assertEquals(1, gateway.send(key(connection), "all the same"));

            assertEquals("all the same", next(headlines).getBody());
        }
    }
}
