package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that the gateway ends the stream for, whoever else is on it. */
final class CulpritIT {
    private static final String BAD = "bad";

    private static FakeGateway ending(String condition) {
        return new FakeGateway(request -> {
            if (request.text().equals(BAD)) {
                request.connection().fail(condition);
            } else {
                request.publish();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"policy-violation", "not-well-formed", "restricted-xml"})
    void isGivenUpAndTheOthersGoOn(String condition) {
        try (FakeGateway gateway = ending(condition);
                ChannelClient client = gateway.connect()) {
            CompletableFuture<Receipt> bad = client.sendMessageAsync("k", BAD);
            List<CompletableFuture<Receipt>> good = new ArrayList<>();
            for (String key : List.of("k", "a", "b", "c", "k")) {
                good.add(client.sendMessageAsync(key, "good"));
            }

            assertThat(good)
                    .allSatisfy(
                            receipt -> assertThat(receipt.join().receivers()).isEqualTo(1));
            assertThat(bad.handle((receipt, reason) -> reason).join())
                    .isInstanceOfSatisfying(RefusedException.class, refused -> {
                        assertThat(refused.condition()).isEqualTo(condition);
                        assertThat(refused.temporary()).isFalse();
                        assertThat(refused.outcomeUnknown()).isTrue();
                    });
            assertThat(gateway.logins()).isEqualTo(4);
        }
    }

    @Test
    void isFoundAmongManyOfItsKind() {
        try (FakeGateway gateway = ending("policy-violation");
                ChannelClient client = gateway.connect()) {
            List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                receipts.add(client.sendMessageAsync("key " + i, i == 200 ? BAD : "good"));
            }

            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> client.sendMessage("another", BAD))
                    .withMessage("policy-violation");
            assertThat(receipts.stream()
                            .filter(receipt -> receipt.handle((result, reason) -> reason != null)
                                    .join())
                            .toList())
                    .containsExactly(receipts.get(200));
        }
    }
}
