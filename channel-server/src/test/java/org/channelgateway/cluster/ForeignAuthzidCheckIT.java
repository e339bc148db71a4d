package org.channelgateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.channelgateway.registry.xmpp.AdministrationConfig;
import org.channelgateway.registry.xmpp.AdministrationException;
import org.channelgateway.registry.xmpp.ForeignAuthzidCheck;
import org.junit.jupiter.api.Test;

final class ForeignAuthzidCheckIT {
    private static final String ADMIN = "adm-gateway";
    private static final String SECRET = "secret-of-the-administrator";

    private static Optional<String> check(EjabberdProcess ejabberd) {
        InetSocketAddress node = ejabberd.c2s();
        return new ForeignAuthzidCheck(AdministrationConfig.of(ejabberd.domain(), ADMIN, SECRET, List.of(node)))
                .run(node);
    }

    @Test
    void findsTheShippedConfigurationSafe() {
        try (EjabberdProcess ejabberd = new EjabberdProcess()) {
            ejabberd.register(ADMIN, SECRET);
            assertThat(check(ejabberd)).isEmpty();
        }
    }

    @Test
    void findsThatPlainLetsAnAccountBecomeAnyOther() {
        try (EjabberdProcess ejabberd =
                new EjabberdProcess(EjabberdConfig.internal().offeringPlain())) {
            ejabberd.register(ADMIN, SECRET);
            assertThat(check(ejabberd).orElseThrow())
                    .contains("became authzid-check@localhost", "PLAIN", "disable_sasl_mechanisms")
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void doesNotTakeALoginThatFailsForARefusal() {
        try (EjabberdProcess ejabberd =
                new EjabberdProcess(EjabberdConfig.internal().offeringPlain())) {
            assertThatThrownBy(() -> check(ejabberd))
                    .isInstanceOf(AdministrationException.class)
                    .hasMessageContaining("cannot log in")
                    .hasMessageContaining("not-authorized");
        }
    }
}
