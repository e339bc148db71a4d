package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.channelgateway.api.FakeGateway.Asked;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.junit.jupiter.api.Test;

/** A connection that is lost while requests are on their way. */
final class RecoveryIT {
    /** Several of the longest pauses. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();

    /** A gateway that resets the connection at the first requests and carries out the rest. */
    private FakeGateway losing(int requests, Consumer<Asked> rest) {
        return new FakeGateway(request -> {
            asked.add(request);
            if (asked.size() <= requests) {
                request.connection().reset();
            } else {
                rest.accept(request);
            }
        });
    }

    private List<Map<String, String>> attributes() {
        return asked.stream().map(Asked::attributes).toList();
    }

    private static UnreachableException unreachable(CompletableFuture<Receipt> receipt) {
        return (UnreachableException) receipt.handle((result, reason) -> reason).join();
    }

    @Test
    void repeatsAPublishUnderItsId() {
        try (FakeGateway gateway = losing(2, Asked::publish);
                ChannelClient client = gateway.connect()) {
            assertThat(client.sendMessage("k", "m").receivers()).isEqualTo(1);

            assertThat(attributes()).hasSize(3);
            assertThat(Set.copyOf(attributes())).hasSize(1);
            assertThat(asked).extracting(Asked::text).containsOnly("m");
            assertThat(gateway.logins()).isEqualTo(3);
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void repeatsTheOtherRequests() {
        Map<String, String> answers = Map.of(
                "create", "<channel token='t' jid='j@localhost' expires='2026-01-02T03:04:05Z'/>",
                "get", "<state key='k' leases='2' subscribers='1' expires='2026-01-02T03:04:05.678Z'/>");
        try (FakeGateway gateway = losing(1, request -> request.answer(answers.getOrDefault(request.element(), "")));
                ChannelClient client = gateway.connect()) {
            assertThat(client.createChannel("k")).isEqualTo("t");
            asked.clear();
            assertThat(client.get("k"))
                    .hasValueSatisfying(state -> assertThat(state.leases()).isEqualTo(2));
            asked.clear();
            client.revoke("k");
            asked.clear();
            client.revokeToken("t");

            assertThat(asked).hasSize(2);
            assertThat(gateway.logins()).isEqualTo(5);
        }
    }

    @Test
    void connectsAgainWhenTheGatewayEndsTheStream() {
        try (FakeGateway gateway = new FakeGateway(request -> {
                    asked.add(request);
                    if (asked.size() == 1) {
                        request.connection().end();
                    } else {
                        request.publish();
                    }
                });
                ChannelClient client = gateway.connect()) {
            client.sendMessage("k", "m");

            assertThat(gateway.logins()).isEqualTo(2);
        }
    }

    @Test
    void keepsTheOrderOfEachKeyOverManyLostConnections() {
        Map<String, Set<String>> arrived = new ConcurrentHashMap<>();
        try (FakeGateway gateway = new FakeGateway(request -> {
                    asked.add(request);
                    arrived.computeIfAbsent(request.attributes().get("key"), key -> new LinkedHashSet<>())
                            .add(request.text());
                    if (asked.size() % 75 == 17) {
                        request.connection().reset();
                    } else {
                        request.publish();
                    }
                });
                ChannelClient client = gateway.connect()) {
            List<String> sent = new ArrayList<>();
            List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                sent.add("message " + i);
                for (String key : List.of("a", "b", "c")) {
                    receipts.add(client.sendMessageAsync(key, "message " + i));
                }
            }

            receipts.forEach(CompletableFuture::join);

            assertThat(gateway.logins()).isGreaterThan(3);
            assertThat(arrived).hasSize(3);
            arrived.values().forEach(messages -> assertThat(messages).containsExactlyElementsOf(sent));
        }
    }

    @Test
    void takesASilentGatewayForLostAndSendsAgain() {
        try (FakeGateway gateway = new FakeGateway(request -> {
                    asked.add(request);
                    if (asked.size() > 1) {
                        request.publish();
                    }
                });
                ChannelClient client = ChannelClient.connect(
                        gateway.config().silence(Duration.ofSeconds(1)).build())) {
            gateway.alive = false;

            client.sendMessage("k", "m");

            assertThat(gateway.logins()).isEqualTo(2);
            assertThat(Set.copyOf(attributes())).hasSize(1);
        }
    }

    @Test
    void keepsAQuietConnectionThatAnswersPings() {
        try (FakeGateway gateway = new FakeGateway(request -> {
                    asked.add(request);
                    if (asked.size() == 2) {
                        asked.forEach(Asked::publish);
                    }
                });
                ChannelClient client = ChannelClient.connect(
                        gateway.config().silence(Duration.ofSeconds(1)).build())) {
            CompletableFuture<Receipt> slow = client.sendMessageAsync("slow", "m");
            await().pollDelay(Duration.ofSeconds(3)).until(client::isConnected);
            client.sendMessage("other", "m");

            assertThat(slow.join().receivers()).isEqualTo(1);
            assertThat(gateway.logins()).isEqualTo(1);
        }
    }

    @Test
    void saysWhatIsUnknownWhenTheGatewayStaysAway() {
        FakeGateway gateway = losing(Integer.MAX_VALUE, Asked::publish);
        try (ChannelClient client = ChannelClient.connect(
                gateway.config().timeout(Duration.ofSeconds(1)).build())) {
            CompletableFuture<Receipt> written = client.sendMessageAsync("k", "m");
            CompletableFuture<Receipt> waiting = client.sendMessageAsync("k", "m");
            await().until(() -> !asked.isEmpty());
            gateway.close();
            await().until(() -> !client.isConnected());

            assertThatExceptionOfType(UnreachableException.class)
                    .isThrownBy(() -> client.sendMessage("other", "m"))
                    .withMessageContaining("<publish/>: no connection to 127.0.0.1:")
                    .withMessageEndingWith("; it was not sent")
                    .satisfies(e -> assertThat(e.outcomeUnknown()).isFalse());
            assertThat(unreachable(written).outcomeUnknown()).isTrue();
            assertThat(unreachable(waiting).outcomeUnknown()).isFalse();
            assertThat(client.isConnected()).isFalse();
        }
    }

    @Test
    void givesUpWhenItIsRefusedForGood() {
        try (FakeGateway gateway = losing(1, Asked::publish);
                ChannelClient client = gateway.connect()) {
            gateway.loginFailure = "<account-disabled/>";

            assertThatExceptionOfType(UnreachableException.class)
                    .isThrownBy(() -> client.sendMessage("k", "m"))
                    .withMessage("connection lost, and refused when made again: account-disabled")
                    .matches(ChannelException::outcomeUnknown);
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> client.sendMessage("k", "again"))
                    .withMessage("account-disabled");
            assertThat(gateway.logins()).isEqualTo(2);
        }
    }

    @Test
    void goesOnWhenASecretIsRefusedThatWasTakenBefore() {
        try (FakeGateway gateway = losing(1, Asked::publish);
                ChannelClient client = ChannelClient.connect(
                        gateway.config().timeout(Duration.ofSeconds(1)).build())) {
            gateway.loginFailure = "<not-authorized/>";
            CompletableFuture<Receipt> written = client.sendMessageAsync("k", "m");
            await().until(() -> gateway.logins() > 1);

            assertThatExceptionOfType(UnreachableException.class)
                    .isThrownBy(() -> client.sendMessage("other", "m"))
                    .withMessageMatching(
                            "<publish/>: no connection to 127.0.0.1:\\d+, refused: not-authorized; it was not sent")
                    .satisfies(e -> assertThat(e.outcomeUnknown()).isFalse())
                    .havingRootCause()
                    .isInstanceOf(SASLErrorException.class);
            assertThat(unreachable(written))
                    .matches(ChannelException::outcomeUnknown)
                    .hasMessageEndingWith("; it may have been carried out");
            gateway.loginFailure = "";

            await().atMost(PATIENCE).until(client::isConnected);
            assertThat(client.sendMessage("k", "m").receivers()).isEqualTo(1);
        }
    }

    @Test
    void goesOnWhenALoginFailsForNow() {
        try (FakeGateway gateway = losing(1, Asked::publish);
                ChannelClient client = gateway.connect()) {
            gateway.loginFailure = "<temporary-auth-failure/>";
            CompletableFuture<Receipt> receipt = client.sendMessageAsync("k", "m");
            await().until(() -> gateway.logins() > 2);
            gateway.loginFailure = "";

            assertThat(receipt.join().receivers()).isEqualTo(1);
        }
    }
}
