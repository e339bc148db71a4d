package org.channelgateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworksTest {
    private final Networks networks = new Networks(List.of("10.0.0.5", "2001:db8::1"));

    @Test
    void countsAnIpv4AddressByItself() {
        assertThat(networks.counted("192.0.2.1"))
                .isEqualTo("192.0.2.1")
                .isEqualTo(networks.counted("::ffff:192.0.2.1"))
                .isNotEqualTo(networks.counted("192.0.2.2"));
    }

    @Test
    void countsAnIpv6AddressWithTheRestOfItsNetwork() {
        assertThat(networks.counted("2001:db8:1:2:3::4"))
                .isEqualTo(networks.counted("[2001:db8:1:2:ffff::]"))
                .isEqualTo(networks.counted("2001:db8:1:2::9%eth0"))
                .isNotEqualTo(networks.counted("2001:db8:1:3::4"));
    }

    @Test
    void doesNotCountAnExemptAddress() {
        assertThat(networks.counted("10.0.0.5")).isNull();
        assertThat(networks.counted("2001:db8:0:0::1")).isNull();
        assertThat(networks.counted("2001:db8::2")).isNotNull();
        assertThat(Networks.of("10.0.0.5")).isEqualTo("10.0.0.5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "proxy.example", "1.2.3", "::g"})
    void takesNoNameForAnAddress(String text) {
        assertThat(networks.counted(text)).isEqualTo(text);
        assertThatThrownBy(() -> new Networks(Set.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(text + " (expected: an IP address)");
    }
}
