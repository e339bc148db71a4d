package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.channelgateway.api.FakeGateway.Asked;
import org.junit.jupiter.api.Test;

/** What a refusal says of what was done. */
final class OutcomeIT {
    private static RefusedException refusalBy(Consumer<Asked> script) {
        try (FakeGateway gateway = new FakeGateway(script);
                ChannelClient client = gateway.connect()) {
            return assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> client.sendMessage("k", "m"))
                    .actual();
        }
    }

    /** A gateway that may have carried out the first request, and lost the connection instead of answering. */
    private static RefusedException refusalOfARepeatBy(Consumer<Asked> refusal) {
        AtomicInteger asked = new AtomicInteger();
        return refusalBy(request -> {
            if (asked.incrementAndGet() == 1) {
                request.connection().reset();
            } else {
                refusal.accept(request);
            }
        });
    }

    @Test
    void isNothingOfWhatWasRefusedTheFirstTime() {
        RefusedException refused = refusalBy(request -> request.refuse("wait", "resource-constraint", ""));

        assertThat(refused.temporary()).isTrue();
        assertThat(refused.outcomeUnknown()).isFalse();
    }

    @Test
    void isUnknownOfARepeatThatIsRefusedForNow() {
        RefusedException refused =
                refusalOfARepeatBy(request -> request.refuse("wait", "resource-constraint", "too much"));

        assertThat(refused.outcomeUnknown()).isTrue();
        assertThat(refused.temporary()).isTrue();
        assertThat(refused).hasMessage("resource-constraint: too much");
    }

    @Test
    void isNothingOfARepeatThatIsRefusedForGood() {
        assertThat(refusalOfARepeatBy(request -> request.refuse("modify", "bad-request", ""))
                        .outcomeUnknown())
                .isFalse();
    }

    @Test
    void isUnknownWhenTheGatewayFailedHalfWay() {
        RefusedException refused =
                refusalBy(request -> request.refuse("wait", "internal-server-error", "it may be half done"));

        assertThat(refused.outcomeUnknown()).isTrue();
        assertThat(refused.text()).isEqualTo("it may be half done");
    }
}
