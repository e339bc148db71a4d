package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.channelgateway.registry.PublishReceipts.Known;
import org.junit.jupiter.api.Test;

/** Publishes with an id, whichever gateway is asked. */
final class PostgresPublishReceiptsTest extends RegistryContract {
    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Registry open(InstantSource time) {
        return database.open(time);
    }

    private Optional<Known> claim(String id) {
        return registry.publishReceipts().claim(APP, id, 7);
    }

    @Test
    void isClaimedByOneOfManyWhoRepeatIt() throws Exception {
        List<Optional<Known>> claims = Together.run(8, () -> claim("id"));
        assertThat(claims).filteredOn(Optional::isEmpty).hasSize(1);
        assertThat(claim("id")).contains(new Known(7, null));
    }

    @Test
    void isAnsweredAsTheFirstTimeForTwoMinutes() {
        assertThat(claim("id")).isEmpty();
        registry.publishReceipts().done(APP, "id", "receipt");
        clock.advance(Duration.ofMinutes(2));
        assertThat(registry.publishReceipts().claim(APP, "id", 8)).contains(new Known(7, "receipt"));
        assertThat(registry.publishReceipts().claim("another", "id", 8)).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(claim("id")).isEmpty();
    }

    @Test
    void isClaimedAgainWhenItFailedOrItsGatewayIsGone() {
        assertThat(claim("failed")).isEmpty();
        registry.publishReceipts().drop(APP, "failed");
        assertThat(claim("failed")).isEmpty();
        clock.advance(Duration.ofSeconds(16));
        assertThat(claim("failed")).isEmpty();
    }

    @Test
    void forgetsWhatIsOld() {
        assertThat(claim("old")).isEmpty();
        clock.advance(Duration.ofMinutes(3));
        assertThat(claim("new")).isEmpty();
        registry.publishReceipts().forgetOld();
        assertThat(rows("publishes")).isEqualTo(1);
    }
}
