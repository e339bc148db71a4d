package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.channelgateway.fixture.PostgresServer;
import org.channelgateway.it.ChannelApi.Created;
import org.channelgateway.registry.AccountKind;
import org.channelgateway.registry.Registry;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jxmpp.jid.impl.JidCreate;

/** Accounts at ejabberd and channels that have the same names take nothing from each other. */
final class NamingIT {
    private static final String USER_SECRET = "secret-of-the-user";
    private static ClusterServers servers;
    private static ClusterGateway gateway;

    private final String key = "naming/" + UUID.randomUUID();
    private final List<SmackSubscriber> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        servers = new ClusterServers(PostgresServer.shared());
        gateway = new ClusterGateway(FixtureSettings.withoutPages(), servers);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        servers.close();
    }

    @AfterEach
    void leave() {
        clients.forEach(SmackSubscriber::close);
    }

    private static final class Publish extends IQ {
        private final String key;

        Publish(String key) {
            super("publish", "urn:channelgateway:1");
            this.key = key;
            setType(Type.set);
            setTo(JidCreate.domainBareFromOrThrowUnchecked("channel." + WireClient.DOMAIN));
        }

        @Override
        protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
            xml.attribute("key", key).rightAngleBracket();
            xml.append("from a user");
            return xml;
        }
    }

    /** A user of this name, which has the prefix of users before it. */
    private static String user(String name) {
        String localpart = AccountKind.USER.localpart(name);
        try (Registry registry = servers.registry()) {
            registry.accounts()
                    .put(
                            localpart,
                            AccountKind.USER,
                            USER_SECRET,
                            registry.time().instant());
        }
        return localpart;
    }

    private SmackSubscriber client(String localpart, String secret) throws Exception {
        SmackSubscriber client = new SmackSubscriber(
                SmackSubscriber.Transport.TCP,
                URI.create("http://unused"),
                gateway.xmpp(),
                new Created(secret, localpart + "@" + WireClient.DOMAIN));
        clients.add(client);
        return client;
    }

    private void isRefused(String localpart, String secret) throws Exception {
        SmackSubscriber client = client(localpart, secret);
        assertThatExceptionOfType(SASLErrorException.class).isThrownBy(client::login);
    }

    /** A user is nobody's application. */
    private void mayNotPublish(SmackSubscriber user) {
        assertThatExceptionOfType(XMPPErrorException.class)
                .isThrownBy(() -> user.connection().sendIqRequestAndWaitForResponse(new Publish(key)))
                .satisfies(e ->
                        assertThat(e.getStanzaError().getCondition()).isEqualTo(StanzaError.Condition.not_allowed));
    }

    @Test
    void aUserCalledLikeAnApplicationIsAnother() throws Exception {
        String user = user("guestbook");
        isRefused("app-guestbook", USER_SECRET);
        isRefused(user, gateway.api().secret());

        mayNotPublish(client(user, USER_SECRET).login());
        client("app-guestbook", gateway.api().secret()).login();
    }

    @Test
    void aUserCalledLikeAChannelIsAnotherAndTakesNoneOfItsMessages() throws Exception {
        Created channel = gateway.api().create(key);
        String account = WireClient.localpart(channel.jid());
        String name = user(account);
        isRefused(account, USER_SECRET);
        isRefused(name, channel.token());
        SmackSubscriber user = client(name, USER_SECRET).login();
        try (HeldPoll page = new HeldPoll(gateway.uri(), channel.token())) {
            mayNotPublish(user);
            user.close();
            SmackSubscriber again = client(name, USER_SECRET).login();

            assertThat(gateway.api().subscribers(key)).hasValue(1);
            assertThat(gateway.api().send(key, "to the page")).isEqualTo(1);
            assertThat(page.answer()).contains("to the page");
            gateway.api().revoke(key);
            mayNotPublish(again);
            assertThat(again.messages()).isEmpty();
        }
        client(name, USER_SECRET).login();
    }

    @Test
    void twoApplicationsWithTheSameKeyHaveAChannelEach() throws Exception {
        String mine = gateway.api().token(key);
        String others = gateway.neighbour().token(key);
        try (HeldPoll page = new HeldPoll(gateway.uri(), mine);
                HeldPoll another = new HeldPoll(gateway.other(), others);
                HeldPoll second = new HeldPoll(gateway.uri(), others)) {
            assertThat(gateway.api().subscribers(key)).hasValue(1);
            assertThat(gateway.neighbour().subscribers(key)).hasValue(2);
            gateway.neighbour().revokeToken(mine);
            assertThat(gateway.api().send(key, "mine")).isEqualTo(1);
            assertThat(page.answer()).contains("mine");

            gateway.api().revoke(key);

            assertThat(gateway.api().send(key, "to nobody")).isZero();
            assertThat(gateway.neighbour().send(key, "others")).isEqualTo(2);
            assertThat(another.answer()).contains("others").doesNotContain("mine");
            assertThat(second.answer()).contains("others").doesNotContain("mine");
        }
    }
}
