package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.channelgateway.registry.PublishReceipts.Claim;
import org.channelgateway.registry.PublishReceipts.Known;
import org.channelgateway.registry.PublishReceipts.Mine;
import org.junit.jupiter.api.Test;

/** Publishes with an id, whichever gateway is asked. */
final class PostgresPublishReceiptsTest extends RegistryContract {
    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Registry open(InstantSource time) {
        return database.open(time);
    }

    private Claim claim(String id) {
        return receipts().claim(APP, id, 7);
    }

    private PublishReceipts receipts() {
        return registry.publishReceipts();
    }

    private Mine mine(String id) {
        Claim claim = claim(id);
        assertThat(claim).isInstanceOf(Mine.class);
        return (Mine) claim;
    }

    @Test
    void isClaimedByOneOfManyWhoRepeatIt() throws Exception {
        List<Claim> claims = Together.run(8, () -> claim("id"));
        assertThat(claims).filteredOn(claim -> claim instanceof Mine).hasSize(1);
        assertThat(claim("id")).isEqualTo(new Known(7, null));
    }

    @Test
    void isNeverClaimedByTwoWhenItFailsAgainAndAgain() throws Exception {
        List<Boolean> alone = Together.run(8, () -> {
            boolean always = true;
            for (int i = 0; i < 300; i++) {
                if (claim("id") instanceof Mine mine) {
                    always = always && claim("id").equals(new Known(7, null));
                    receipts().drop(APP, "id", mine);
                }
            }
            return always;
        });
        assertThat(alone).containsOnly(true);
    }

    @Test
    void isNotTouchedByAnEarlierPublishThatTookTooLong() {
        Mine slow = mine("id");
        clock.advance(Duration.ofSeconds(16));
        Mine next = mine("id");

        receipts().drop(APP, "id", slow);
        receipts().done(APP, "id", slow, "of the slow one");
        assertThat(claim("id")).isEqualTo(new Known(7, null));
        receipts().done(APP, "id", next, "receipt");
        assertThat(claim("id")).isEqualTo(new Known(7, "receipt"));
    }

    @Test
    void isAnsweredAsTheFirstTimeForTwoMinutes() {
        receipts().done(APP, "id", mine("id"), "receipt");
        clock.advance(Duration.ofMinutes(2));
        assertThat(receipts().claim(APP, "id", 8)).isEqualTo(new Known(7, "receipt"));
        assertThat(receipts().claim("another", "id", 8)).isInstanceOf(Mine.class);
        clock.advance(Duration.ofMillis(1));
        assertThat(claim("id")).isInstanceOf(Mine.class);
    }

    @Test
    void isClaimedAgainWhenItFailedOrItsGatewayIsGone() {
        receipts().drop(APP, "failed", mine("failed"));
        assertThat(claim("failed")).isInstanceOf(Mine.class);
        clock.advance(Duration.ofSeconds(16));
        assertThat(claim("failed")).isInstanceOf(Mine.class);
    }

    @Test
    void forgetsWhatIsOld() {
        assertThat(claim("old")).isInstanceOf(Mine.class);
        clock.advance(Duration.ofMinutes(3));
        assertThat(claim("new")).isInstanceOf(Mine.class);
        receipts().forgetOld();
        assertThat(rows("publishes")).isEqualTo(1);
    }
}
