package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link DeliveryContract} by all ways in turn. */
final class MixedDeliveryIT extends DeliveryContract {
    private @Nullable MixedSender mixed;

    @Override
    Sender sender(GatewayFixture of) {
        MixedSender opened = Way.mixed(of);
        mixed = opened;
        return opened;
    }

    /** Order holds per connection of an application, and with one gateway also between those that wait for each other. */
    @Override
    void assertArrived(List<String> sent, List<String> arrived) {
        if (mixed == null || !Way.mayOvertake()) {
            super.assertArrived(sent, arrived);
            return;
        }
        assertThat(arrived).containsExactlyInAnyOrderElementsOf(sent);
        for (List<String> part : mixed.sentTogether()) {
            List<String> expected = part.stream().filter(sent::contains).toList();
            assertThat(arrived).filteredOn(expected::contains).isEqualTo(expected);
        }
    }
}
