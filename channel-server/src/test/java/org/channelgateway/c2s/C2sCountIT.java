package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.channelgateway.limit.Networks;
import org.channelgateway.limit.Pacer;
import org.channelgateway.limit.PlaceLimits;
import org.channelgateway.socket.RefusedConnection;
import org.channelgateway.stats.RefusalCounts.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many connections there may be, and how many of them without a login. */
@Timeout(60)
final class C2sCountIT {
    private final C2sFixture gateway = new C2sFixture(
            new PlaceLimits(4, 3, 3, 2, new Networks(Set.of())), new Pacer(5, () -> 0, bound -> bound - 1));

    C2sCountIT() throws IOException {}

    @AfterEach
    void nothingIsLeft() {
        gateway.awaitNoConnection();
        gateway.close();
    }

    private void assertRefused() throws IOException {
        try (XmppSocket refused = gateway.connect()) {
            refused.send(XmppSocket.HEADER);
            assertThat(refused.readToEnd())
                    .contains("<stream:error><resource-constraint ")
                    .contains("connections: too many (expected: fewer, later)")
                    .endsWith("</stream:error></stream:stream>");
        }
    }

    @Test
    void refusesOneMoreWithoutALoginOfAnAddressUntilTheOthersHaveLoggedIn() throws IOException {
        try (XmppSocket first = gateway.connect();
                XmppSocket second = gateway.connect()) {
            first.send(XmppSocket.HEADER).await("</stream:features>");
            second.send(XmppSocket.HEADER).await("</stream:features>");
            assertRefused();
            first.send("<auth/>").await("<success/>");
            try (XmppSocket third = gateway.login()) {
                assertRefused(); // three of its address
                third.send("<iq id='1'/>").await("id='1'/>");
            }
        }
        assertThat(gateway.refusals.all())
                .isEqualTo(Map.of(
                        new Refusal("xmpp", "too-many-of-address"),
                        1L,
                        new Refusal("xmpp", "too-many-of-address-without-login"),
                        1L));
    }

    @Test
    void closesWithoutAWordThoseThatComeWhileManyAreTold() throws IOException {
        List<XmppSocket> held = new ArrayList<>();
        try (XmppSocket first = gateway.connect();
                XmppSocket second = gateway.connect()) {
            first.send(XmppSocket.HEADER).await("</stream:features>");
            second.send(XmppSocket.HEADER).await("</stream:features>");
            int told = 0;
            int silent = 0;
            while (silent == 0) { // each that is told stays for as long as two seconds
                XmppSocket refused = gateway.connect();
                held.add(refused);
                assertThat(told).isLessThan(20 * RefusedConnection.MOST_TOLD);
                String words = refused.readToEnd();
                told += words.isEmpty() ? 0 : 1;
                silent += words.isEmpty() ? 1 : 0;
            }
            assertThat(told).isGreaterThanOrEqualTo(RefusedConnection.MOST_TOLD);
            for (XmppSocket refused : held) {
                refused.close();
            }
            await().untilAsserted(this::assertRefused);
        }
    }

    @Test
    void hasRoomAgainForEachThatLeaves() throws IOException {
        for (int i = 0; i < 10; i++) { // 20 of the 26 that are let in at once
            try (XmppSocket client = gateway.login();
                    XmppSocket other = gateway.connect()) {
                other.send(XmppSocket.HEADER).await("</stream:features>");
                client.send("<iq id='1'/>").await("id='1'/>");
            }
            await().until(() -> gateway.server.count() == 0);
        }
        assertThat(gateway.refusals.all()).isEmpty();
    }

    @Test
    void refusesAnAddressThatOpensTooManyAtOnce() throws IOException {
        C2sFixture hasty = new C2sFixture(
                new PlaceLimits(1000, 1000, 1000, 1000, new Networks(Set.of())),
                new Pacer(4000, () -> 0, bound -> bound - 1));
        try {
            for (int i = 0; i < 201; i++) {
                hasty.connect().reset();
            }
            await().untilAsserted(() -> {
                try (XmppSocket refused = hasty.connect()) {
                    assertThat(refused.send(XmppSocket.HEADER).readToEnd())
                            .contains("<stream:error><resource-constraint ")
                            .contains("connections: too many of this address at once (expected: fewer, later)");
                }
            });
            assertThat(hasty.refusals.all()).containsOnlyKeys(new Refusal("xmpp", "paced-of-address"));
        } finally {
            hasty.awaitNoConnection();
            hasty.close();
        }
    }

    @Test
    void tellsAStreamThatComesTooSoonAfterManyOthersWhenToComeAgain() throws IOException {
        for (int i = 0; i < 26; i++) {
            try (XmppSocket client = gateway.connect()) {
                client.send(XmppSocket.HEADER).await("</stream:features>");
            }
            await().until(() -> gateway.server.count() == 0);
        }
        try (XmppSocket paced = gateway.connect()) {
            assertThat(paced.send(XmppSocket.HEADER).readToEnd())
                    .contains("<stream:error><resource-constraint ")
                    .contains("sessions: too many are being opened (expected: again in 2 s)");
        }
        assertThat(gateway.refusals.all()).isEqualTo(Map.of(new Refusal("xmpp", "paced"), 1L));
    }
}
