package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.channelgateway.api.FakeGateway.Asked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How answers reach their callers, and what happens when they do not. */
final class AnswerIT {
    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    private volatile Consumer<Asked> script = Asked::publish;
    private final FakeGateway gateway = new FakeGateway(request -> {
        asked.add(request);
        script.accept(request);
    });

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void tellsAllOfALease() {
        script = request ->
                request.answer("<channel token='ct_1' jid='ch-1@localhost' expires='2026-11-22T14:00:00Z'/>");
        try (ChannelClient client = gateway.connect()) {
            assertThat(client.createLease("k", Duration.ofMinutes(5)))
                    .isEqualTo(new ChannelLease("ct_1", "ch-1@localhost", Instant.parse("2026-11-22T14:00:00Z")));
            assertThat(client.createChannel("k", Duration.ofMinutes(5))).isEqualTo("ct_1");
            assertThat(client.createChannelAsync("k").join()).isEqualTo("ct_1");
            assertThat(asked)
                    .extracting(request -> request.attributes().get("duration"))
                    .containsExactly("5", "5", null);
        }
    }

    @Test
    void tellsHowAKeyStands() {
        script = request ->
                request.answer("<state key='a&#13;b' leases='2' subscribers='1' expires='2026-11-22T14:00:00Z'/>");
        try (ChannelClient client = gateway.connect()) {
            assertThat(client.get("k")).contains(new ChannelState("a\rb", 2, 1, Instant.parse("2026-11-22T14:00:00Z")));
            script = request -> request.refuse("cancel", "item-not-found", "no channel has it");
            assertThat(client.get("k")).isEqualTo(Optional.empty());
            assertThat(client.getAsync("k").join()).isEqualTo(Optional.empty());
        }
    }

    @Test
    void throwsARefusalFromWhereItWaited() {
        script = request -> request.refuse("wait", "resource-constraint", "too &lt;much&gt;");
        try (ChannelClient client = gateway.connect()) {
            RefusedException refused = assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> client.sendMessage("k", "m"))
                    .actual();

            assertThat(refused.condition()).isEqualTo("resource-constraint");
            assertThat(refused.text()).isEqualTo("too <much>");
            assertThat(refused.temporary()).isTrue();
            assertThat(refused.outcomeUnknown()).isFalse();
            assertThat(refused.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().equals(AnswerIT.class.getName()));
            assertThat(client.sendMessageAsync("k", "m")
                            .handle((receipt, reason) -> reason)
                            .join())
                    .isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void refusesAnAnswerThatIsNone() {
        script = request -> request.answer("<published id='1'/>");
        try (ChannelClient client = gateway.connect()) {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> client.sendMessage("k", "m"))
                    .withMessage("undefined-condition: the gateway answered <published/> with [id]")
                    .matches(ChannelException::outcomeUnknown);
            script = request -> request.answer("<published id='1' receivers='many'/>");
            assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> client.sendMessage("k", "m"));
            script = request -> request.answer("<state token='t'/>");
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> client.createChannel("k"))
                    .withMessageEndingWith("<state/> with [token]");
            script = Asked::publish;
            client.sendMessage("k", "the connection is not worse for it");
            assertThat(gateway.logins()).isEqualTo(1);
        }
    }

    @Test
    void takesAnswersFromTheServiceOnly() {
        script = request -> {
            request.connection()
                    .write("<iq type='result' id='" + request.id() + "' from='ch-1@localhost/x'>"
                            + "<published xmlns='urn:channelgateway:1' id='forged' receivers='9'/></iq>");
            request.publish();
        };
        try (ChannelClient client = gateway.connect()) {
            assertThat(client.sendMessage("k", "m").id()).isEqualTo("of the gateway");
        }
    }

    @Test
    void timesOutWhenNoAnswerComesAndGoesOn() {
        script = request -> {};
        try (ChannelClient client = ChannelClient.connect(
                gateway.config().timeout(Duration.ofMillis(300)).build())) {
            TimedOutException timedOut = assertThatExceptionOfType(TimedOutException.class)
                    .isThrownBy(() -> client.sendMessage("k", "m"))
                    .withMessage("<publish/>: no answer in time; it may have been carried out")
                    .actual();
            assertThat(timedOut.outcomeUnknown()).isTrue();

            script = Asked::publish;
            asked.remove().publish(); // too late
            assertThat(client.sendMessage("k", "m").receivers()).isEqualTo(1);
        }
    }

    @Test
    void refusesMoreThanItMayHoldAtOnce() {
        script = request -> {};
        try (ChannelClient client =
                ChannelClient.connect(gateway.config().maxWaitingCalls(2).build())) {
            CompletableFuture<Receipt> first = client.sendMessageAsync("k", "m");
            CompletableFuture<Receipt> second = client.sendMessageAsync("k", "m");

            assertThat(client.sendMessageAsync("k", "m")
                            .handle((receipt, reason) -> reason)
                            .join())
                    .isInstanceOf(OverloadedException.class)
                    .hasMessage("waiting calls: 3 (expected: at most 2)");
            assertThatExceptionOfType(OverloadedException.class).isThrownBy(() -> client.get("k"));

            await().until(() -> asked.size() == 1);
            script = Asked::publish;
            asked.remove().publish();
            CompletableFuture.allOf(first, second).join();
            client.sendMessage("k", "m");
        }
    }

    @Test
    void letsCallbacksWaitForOtherRequests() {
        try (ChannelClient client = gateway.connect()) {
            assertThat(client.sendMessageAsync("k", "first")
                            .thenApply(receipt -> client.sendMessage("k", "second")
                                            .receivers()
                                    + client.sendMessage("other", "third").receivers())
                            .join())
                    .isEqualTo(2);
        }
    }

    @Test
    void sendsNothingThatNoGatewayTakes() {
        try (ChannelClient client = gateway.connect()) {
            assertThatIllegalArgumentException().isThrownBy(() -> client.sendMessage("k", "\u0000"));
            assertThatIllegalArgumentException().isThrownBy(() -> client.sendMessageAsync("", "m"));
            assertThatIllegalArgumentException().isThrownBy(() -> client.sendMessage("k", "m", ""));
            assertThatIllegalArgumentException().isThrownBy(() -> client.createChannel("k", Duration.ofSeconds(1)));
            assertThatIllegalArgumentException().isThrownBy(() -> client.revokeTokenAsync("no token"));
            assertThatIllegalArgumentException().isThrownBy(() -> client.get("k".repeat(257)));

            assertThat(asked).isEmpty();
        }
    }

    @Test
    void stopsWaitingWhenItsThreadIsInterrupted() throws InterruptedException {
        script = request -> {};
        try (ChannelClient client = gateway.connect()) {
            CompletableFuture<TimedOutException> thrown = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    client.sendMessage("k", "m");
                } catch (TimedOutException e) {
                    thrown.complete(e);
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                }
            });
            thread.start();
            await().until(() -> asked.size() == 1);
            thread.interrupt();

            assertThat(thrown.join()).hasMessage("<publish/>: interrupted while waiting");
            assertThat(thrown.join().outcomeUnknown()).isTrue();
            thread.join();
            script = Asked::publish;
            client.sendMessage("k", "the key is free again");
        }
    }

    @Test
    void carriesTheLongestMessagesAsTheyAre() {
        try (ChannelClient client = gateway.connect()) {
            for (String message : new String[] {
                "\r".repeat(32_767), "<".repeat(32_767), "'".repeat(32_767), "😀".repeat(8191) + "abc", "\t\n \r\n"
            }) {
                client.sendMessage("k", message);
                assertThat(asked.remove().text().equals(message)).isTrue();
            }
        }
    }
}
