package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.channelgateway.api.ChannelClient;
import org.channelgateway.api.ChannelConfig;
import org.channelgateway.api.ChannelLease;
import org.channelgateway.api.ChannelState;
import org.channelgateway.api.Receipt;
import org.channelgateway.api.RefusedException;
import org.channelgateway.it.ChannelApi.Created;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link ChannelClient} with a gateway, and subscribers behind it. */
final class ChannelClientIT {
    private static GatewayFixture gateway;

    private final String key = "client/" + UUID.randomUUID();
    private ChannelClient client;

    @BeforeAll
    static void start() {
        gateway = GatewayFixture.start(FixtureSettings.withoutPages());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void connect() {
        client = ClientFixture.connect(gateway);
    }

    @AfterEach
    void close() {
        client.close();
    }

    private static RefusedException refused(ChannelConfig.Builder config) {
        return assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> ChannelClient.connect(config.build()))
                .actual();
    }

    @Test
    void createsSendsLooksAndRevokes() {
        Instant before = gateway.now();
        ChannelLease lease = client.createLease(key, Duration.ofMinutes(5));
        assertThat(lease.expires())
                .isBetween(
                        before.plus(5, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.SECONDS),
                        gateway.now().plus(5, ChronoUnit.MINUTES).plusSeconds(1));
        try (Inbox inbox = new Inbox(gateway, new Created(lease.token(), lease.jid()))) {
            Receipt receipt = client.sendMessage(key, "Hello");
            assertThat(receipt.receivers()).isEqualTo(1);
            assertThat(receipt.id()).isNotEmpty();
            assertThat(client.sendMessage(lease.token(), "by token").receivers())
                    .isEqualTo(1);
            inbox.awaitCount(2);
            assertThat(inbox.messages()).containsExactly("Hello", "by token");

            assertThat(client.get(key)).contains(new ChannelState(key, 1, 1, lease.expires()));
            String second = client.createChannel(key);
            assertThat(client.get(key).map(ChannelState::leases)).contains(2);
            client.revokeToken(second);
            client.revokeToken(second);
            assertThat(client.get(key).map(ChannelState::leases)).contains(1);
            client.revoke(key);
        }
        assertThat(client.get(key)).isEmpty();
        assertThat(client.sendMessage(key, "to nobody").receivers()).isZero();
        client.revoke(key);
    }

    @Test
    void doesTheSameWithoutWaiting() {
        String token = client.createChannelAsync(key, Duration.ofMinutes(1)).join();
        client.createLeaseAsync(key, Duration.ofDays(1)).join();
        assertThat(client.getAsync(key).join().map(ChannelState::leases)).contains(2);
        client.revokeTokenAsync(token).join();
        assertThat(client.sendMessageAsync(key, "m").join().receivers()).isZero();
        client.revokeAsync(key).join();
        assertThat(client.getAsync(key).join()).isEmpty();
    }

    @Test
    void sendsOnceWhatIsRepeatedWithItsId() {
        try (Inbox inbox = Inbox.of(gateway, key);
                ChannelClient other = ClientFixture.connect(gateway)) {
            Receipt first = client.sendMessage(key, "once", "id " + key);

            assertThat(client.sendMessage(key, "once", "id " + key)).isEqualTo(first);
            assertThat(other.sendMessage(key, "once", "id " + key)).isEqualTo(first);
            client.sendMessage(key, "last");
            inbox.awaitCount(2);
            assertThat(inbox.messages()).containsExactly("once", "last");
        }
    }

    @Test
    void saysWhatTheGatewayRefuses() {
        client.sendMessage(key, "one", "id " + key);

        RefusedException id = assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> client.sendMessage(key, "another", "id " + key))
                .actual();
        assertThat(id.condition()).isEqualTo("bad-request");
        assertThat(id.text()).isEqualTo("id: id " + key + " (expected: not used before for another key or message)");
        assertThat(id.temporary()).isFalse();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> client.revokeToken("none"))
                .withMessage("bad-request: token: not one (expected: what create returned)");
    }

    @Test
    void isRefusedWithAWrongSecret() {
        RefusedException refused = refused(ChannelConfig.builder(
                "xmpp://guestbook@127.0.0.1:" + gateway.xmpp().getPort(), "not-the-secret"));

        assertThat(refused.condition()).isEqualTo("not-authorized");
        assertThat(refused.temporary()).isFalse();
    }

    @Test
    void isRefusedByADomainThatTheGatewayIsNot() {
        int port = gateway.xmpp().getPort();

        assertThat(refused(ChannelConfig.builder(
                                "xmpp://guestbook@127.0.0.1:" + port + "?domain=example.org",
                                gateway.api().secret()))
                        .condition())
                .isEqualTo("host-unknown");
    }

    @Test
    void bringsEveryTextAsItWasSent() {
        List<String> texts = List.of(
                "<&>\"'",
                "</body></message><message>",
                "]]>",
                "&amp;lt;&#13;",
                "àéîöñ ß Ω Ж 漢字 עברית",
                "😀👩‍👩‍👧‍👦🇪🇺",
                "a\rb\r\nc\n\rd",
                "a\tb\t",
                "\r",
                " \t leading and trailing \r\n ",
                "\u0085\u2028\ufeff\ufffd",
                "x".repeat(32_767),
                "漢".repeat(10_922) + "e",
                "😀".repeat(8_191) + "abc",
                "<".repeat(32_767),
                "\r".repeat(32_767));
        try (Inbox inbox = Inbox.of(gateway, key)) {
            texts.forEach(text -> client.sendMessage(key, text));

            inbox.awaitCount(texts.size());
            for (int i = 0; i < texts.size(); i++) {
                assertThat(inbox.messages().get(i)).as("text %s", i).isEqualTo(texts.get(i));
            }
        }
    }

    @Test
    void takesAnyKeyAsItIs() {
        for (String odd : List.of("a\tb\nc\rd", " <&>\"' ", "😀".repeat(64), "/?#%")) {
            client.createChannel(odd);
            assertThat(client.get(odd).map(ChannelState::key)).contains(odd);
            assertThat(gateway.api().subscribers(odd)).hasValue(0);
            client.revoke(odd);
        }
    }

    @Test
    void neverMeetsAnotherAppWithTheSameKey() {
        try (ChannelClient neighbour =
                        ChannelClient.connect(ClientFixture.neighbour(gateway).build());
                Inbox inbox = Inbox.of(gateway, key)) {
            String token = neighbour.createChannel(key);
            client.sendMessage(key, "mine", "same id");
            assertThat(neighbour.sendMessage(key, "theirs", "same id").receivers())
                    .isZero();
            neighbour.sendMessage(gateway.api().token(key), "by a token that is not theirs");
            client.revokeToken(token);
            assertThat(neighbour.get(key).map(ChannelState::leases)).contains(1);
            neighbour.revoke(key);

            assertThat(client.sendMessage(key, "still there").receivers()).isEqualTo(1);
            inbox.awaitCount(2);
            assertThat(inbox.messages()).containsExactly("mine", "still there");
        }
    }
}
