package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatObject;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.channelgateway.it.ChannelApi.Created;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.SimpleIQ;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.packet.StanzaError.Condition;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.jivesoftware.smackx.blocking.BlockingCommandManager;
import org.jivesoftware.smackx.bookmarks.BookmarkManager;
import org.jivesoftware.smackx.disco.ServiceDiscoveryManager;
import org.jivesoftware.smackx.disco.packet.DiscoverInfo;
import org.jivesoftware.smackx.disco.packet.DiscoverItems;
import org.jivesoftware.smackx.iqlast.LastActivityManager;
import org.jivesoftware.smackx.ping.PingManager;
import org.jivesoftware.smackx.vcardtemp.VCardManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jxmpp.jid.DomainBareJid;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;

/** A subscriber with Smack and its ordinary settings. */
abstract class SmackSubscriberContract {
    private static final String SERVICE = "channel." + WireClient.DOMAIN;

    /** XEP-0280 §4. */
    private static final class EnableCarbons extends SimpleIQ {
        EnableCarbons() {
            super("enable", "urn:xmpp:carbons:2");
            setType(IQ.Type.set);
        }
    }

    private static GatewayFixture gateway;

    private final SmackSubscriber.Transport transport;
    private final String key = "smack/" + UUID.randomUUID();

    SmackSubscriberContract(SmackSubscriber.Transport transport) {
        this.transport = transport;
    }

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private SmackSubscriber subscriber(Created channel) throws Exception {
        return new SmackSubscriber(transport, gateway, channel);
    }

    @Test
    void logsInAndReceivesTheHeadlinesOfItsKey() throws Exception {
        Created channel = gateway.api().create(key);
        try (SmackSubscriber subscriber = subscriber(channel).login()) {
            assertThatObject(subscriber.connection().getUser().asBareJid()).hasToString(channel.jid());

            assertThat(gateway.api().send(key, "a <headline>")).isEqualTo(1);

            await().until(() -> subscriber.messages().size() == 1);
            Message message = subscriber.messages().get(0);
            assertThat(message.getBody()).isEqualTo("a <headline>");
            assertThatObject(message.getFrom()).hasToString(SERVICE);
            assertThat(message.getStanzaId()).isNotEmpty();
            StandardExtensionElement extension =
                    (StandardExtensionElement) message.getExtensionElement("channel", "urn:channelgateway:1");
            assertThat(extension.getAttributeValue("id"))
                    .as(String.valueOf(message.toXML()))
                    .isNotEmpty();
        }
    }

    @Test
    void hasAnEmptyRosterThatCannotBeChanged() throws Exception {
        try (SmackSubscriber subscriber = subscriber(gateway.api().create(key)).login()) {
            Roster roster = Roster.getInstanceFor(subscriber.connection());

            await().until(roster::isLoaded);
            assertThat(roster.getEntries()).isEmpty();
            isNotThere(() -> roster.createItem(JidCreate.bareFrom("friend@localhost"), "Friend", new String[0]));
            staysConnected(subscriber);
        }
    }

    @Test
    void findsTheServerAndTheServiceAndPingsThem() throws Exception {
        try (SmackSubscriber subscriber = subscriber(gateway.api().create(key)).login()) {
            AbstractXMPPConnection connection = subscriber.connection();
            DomainBareJid domain = connection.getXMPPServiceDomain();
            ServiceDiscoveryManager disco = ServiceDiscoveryManager.getInstanceFor(connection);

            DiscoverInfo server = disco.discoverInfo(domain);
            assertThat(server.hasIdentity("server", "im")).isTrue();
            assertThat(server.containsFeature("urn:xmpp:ping")).isTrue();
            assertThat(disco.discoverItems(domain).getItems())
                    .extracting(DiscoverItems.Item::getEntityID)
                    .extracting(Jid::toString)
                    .containsExactly(SERVICE);
            DiscoverInfo service = disco.discoverInfo(JidCreate.domainBareFrom(SERVICE));
            assertThat(service.hasIdentity("component", "generic")).isTrue();
            assertThat(service.containsFeature("urn:channelgateway:1")).isTrue();
            PingManager ping = PingManager.getInstanceFor(connection);
            assertThat(ping.pingMyServer()).isTrue();
            assertThat(ping.ping(JidCreate.domainBareFrom(SERVICE))).isTrue();
            staysConnected(subscriber);
        }
    }

    @Test
    void isToldThatTheRestIsNotThereAndStaysConnected() throws Exception {
        try (SmackSubscriber subscriber = subscriber(gateway.api().create(key)).login()) {
            AbstractXMPPConnection connection = subscriber.connection();
            DomainBareJid domain = connection.getXMPPServiceDomain();

            List<ThrowingCallable> asked = List.of(
                    () -> connection.sendIqRequestAndWaitForResponse(new EnableCarbons()),
                    () -> VCardManager.getInstanceFor(connection).loadVCard(),
                    () -> BookmarkManager.getBookmarkManager(connection).getBookmarkedConferences(),
                    () -> BlockingCommandManager.getInstanceFor(connection).getBlockList(),
                    () -> LastActivityManager.getInstanceFor(connection).getLastActivity(domain));

            assertThat(asked).allSatisfy(SmackSubscriberContract::isNotThere);
            staysConnected(subscriber);
        }
    }

    @Test
    void receivesWhateverPresenceItShows() throws Exception {
        try (SmackSubscriber subscriber = subscriber(gateway.api().create(key)).login()) {
            AbstractXMPPConnection connection = subscriber.connection();
            for (Presence.Type type : List.of(Presence.Type.available, Presence.Type.unavailable)) {
                connection.sendStanza(connection
                        .getStanzaFactory()
                        .buildPresenceStanza()
                        .ofType(type)
                        .setMode(Presence.Mode.dnd)
                        .setPriority(-1)
                        .build());
            }

            staysConnected(subscriber);
        }
    }

    @Test
    void leavesAtOnceAndComesBackWithTheSameToken() throws Exception {
        Created channel = gateway.api().create(key);
        SmackSubscriber first = subscriber(channel).login();

        assertTimeoutPreemptively(Duration.ofSeconds(10), first::close); // it would wait 30 for the answer

        await().untilAsserted(() -> assertThat(gateway.api().subscribers(key)).hasValue(0));
        try (SmackSubscriber second = subscriber(channel).login()) {
            staysConnected(second);
        }
        assertThat(first.messages()).isEmpty();
    }

    @Test
    void isRefusedWithAWrongToken() throws Exception {
        Created channel = gateway.api().create(key);
        SmackSubscriber stranger = subscriber(new Created("ct_wrong", channel.jid()));

        assertThatExceptionOfType(SASLErrorException.class)
                .isThrownBy(stranger::login)
                .satisfies(
                        e -> assertThat(e.getSASLFailure().getSASLErrorString()).isEqualTo("not-authorized"));
        stranger.close();
    }

    @Test
    void isEndedWhenItsTokenIsRevoked() throws Exception {
        SmackSubscriber subscriber = subscriber(gateway.api().create(key)).login();

        gateway.api().revoke(key);

        await().until(subscriber.cut()::isDone);
        isTold(subscriber.cut().join(), "Invalid+token.");
    }

    /** Checks what the client made of the stream error with the text {@code why}. */
    abstract void isTold(Exception end, String why);

    /** smack-bosh throws in a thread of its own when it is closed, which is not what is waited for. */
    private static ConditionFactory await() {
        return Awaitility.await().dontCatchUncaughtExceptions();
    }

    private static void isNotThere(ThrowingCallable ask) {
        assertThatExceptionOfType(XMPPErrorException.class)
                .isThrownBy(ask)
                .satisfies(e -> assertThat(e.getStanzaError().getCondition()).isEqualTo(Condition.service_unavailable));
    }

    /** What is sent to it still arrives, on the connection that it had. */
    private void staysConnected(SmackSubscriber subscriber) {
        assertThat(gateway.api().send(key, "the next")).isEqualTo(1);
        await().untilAsserted(() -> assertThat(subscriber.texts()).containsExactly("the next"));
        assertThat(subscriber.cut()).isNotDone();
    }
}
