package org.channelgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class AddressesTest {
    private static InetAddress address(int last) throws Exception {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    @Test
    void shareTheTimeAndHaveASecondEach() {
        Duration all = Duration.ofSeconds(10);

        assertThat(Addresses.share(all, 1)).isEqualTo(all);
        assertThat(Addresses.share(all, 4)).isEqualTo(Duration.ofMillis(2500));
        assertThat(Addresses.share(all, 20)).isEqualTo(Duration.ofSeconds(1));
        assertThat(Addresses.share(Duration.ofMillis(1), 2)).isEqualTo(Duration.ofSeconds(1));
        assertThat(Addresses.share(Duration.ofMillis(1), 1)).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void keepTheirOrderFromWhereTheyBegin() throws Exception {
        InetAddress[] now = {address(1), address(2), address(3)};
        Addresses addresses = new Addresses("h", host -> now.clone());
        assertThat(addresses.inOrder()).containsExactly(now);

        addresses.beginWith(now[1]);
        assertThat(addresses.inOrder()).containsExactly(now[1], now[2], now[0]);
        now[1] = address(4);
        assertThat(addresses.inOrder()).containsExactly(now);
    }
}
