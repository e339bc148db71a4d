package org.channelgateway.c2s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.channelgateway.stats.RefusalCounts.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients may cost that begin much and end nothing, or send without a pause. */
@Timeout(120)
final class C2sBoundsIT {
    /** More clients than threads. */
    private static final int FLOODS = 40;

    private static final int STANZAS = 500;
    /** Costs much more heap than bytes. */
    private static final String COSTLY = "<iq>" + "<a b='' c=''/>".repeat(240);

    private final C2sFixture gateway = new C2sFixture(4 << 20);

    C2sBoundsIT() throws IOException {}

    @AfterEach
    void nothingIsLeft() {
        gateway.awaitNoConnection();
        assertThat(gateway.server.allowances().begun().bytes()).isZero();
        assertThat(gateway.server.allowances().begunLogins().bytes()).isZero();
        gateway.close();
    }

    private XmppSocket subscriber() throws IOException {
        XmppSocket client = gateway.connect();
        client.send(XmppSocket.HEADER).await("</stream:features>");
        client.send("<auth>subscriber</auth>").await("<success/>");
        client.send(XmppSocket.HEADER).await("<bind/></stream:features>");
        return client;
    }

    @Test
    void endsAStanzaThatDoesNotEnd() throws IOException {
        try (XmppSocket slow = subscriber();
                XmppSocket steady = subscriber()) {
            slow.send("<iq id='1'/><iq id='2'").await("id='1'/>");
            steady.send("<iq id='1'/><iq id='2'").await("id='1'/>");
            await().until(() -> gateway.server.allowances().begun().bytes() > 40_000);
            gateway.move(Timing.STANZA.minusSeconds(1));
            steady.send("/><iq id='3'").await("id='2'/>"); // another one begins
            gateway.move(Duration.ofSeconds(2));
            assertThat(slow.readToEnd())
                    .contains("<policy-violation ")
                    .contains("stanza: more than 60 s from its begin (expected: its end)");
            steady.send("/>").await("id='3'/>");
        }
    }

    @Test
    void endsThoseThatHaveBegunMostWhenItIsTooMuchInAll() throws IOException {
        List<XmppSocket> greedy = new ArrayList<>();
        try (XmppSocket little = subscriber()) {
            little.send("<iq id='1'>");
            for (int i = 0; i < 60; i++) {
                greedy.add(subscriber().send(COSTLY));
                gateway.server.relieve();
                assertThat(gateway.server.allowances().begun().bytes()).isLessThan(4 << 20);
            }
            await().until(() -> {
                gateway.server.relieve();
                return gateway.server.slowConsumers() == 0
                        && gateway.server.count() < 60
                        && gateway.server.allowances().begun().bytes() <= 2 << 20;
            });
            assertThat(gateway.refusals.all().get(new Refusal("xmpp", "resource-constraint")))
                    .isBetween(40L, 60L);
            little.send("</iq>").await("id='1'/>");
        } finally {
            for (XmppSocket one : greedy) {
                one.close();
            }
        }
    }

    @Test
    void letsThoseWithoutALoginTakeNoRoomOfTheOthers() throws IOException {
        List<XmppSocket> greedy = new ArrayList<>();
        try (XmppSocket application = gateway.login()) {
            application.send("<iq id='1'>" + "x".repeat(200_000));
            await().until(() -> gateway.server.allowances().begun().bytes() > 400_000);
            for (int i = 0; i < 40; i++) {
                XmppSocket one = gateway.connect();
                one.send(XmppSocket.HEADER).await("</stream:features>");
                greedy.add(one.send("<auth>" + "x".repeat(15_000)));
                gateway.server.relieve();
            }
            await().until(() -> {
                gateway.server.relieve();
                return gateway.server.count() < 40
                        && gateway.server.allowances().begunLogins().bytes() <= 1 << 19;
            });
            application.send("</iq>").await("id='1'/>");
        } finally {
            for (XmppSocket one : greedy) {
                one.close();
            }
        }
    }

    @Test
    void readsASubscriberThatSendsWithoutAPauseLater() throws IOException {
        AtomicInteger handled = new AtomicInteger();
        gateway.onStanza((stream, stanza) -> {
            handled.incrementAndGet();
            stream.send("<iq type='result' id='" + stanza.attribute("id") + "'/>");
        });
        try (XmppSocket hasty = subscriber();
                XmppSocket application = gateway.login()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 500; i++) {
                all.append("<iq id='").append(i).append("'/>");
            }
            hasty.send(all.toString()).await("id='400'/>");
            application.send(all.toString()).await("id='499'/>");
            assertThat(handled.get()).isEqualTo(401 + 500);
            for (int second = 0; second < 5; second++) {
                gateway.move(Duration.ofSeconds(1));
            }
            hasty.await("id='499'/>");
            assertThat(handled.get()).isEqualTo(1000);
        }
    }

    @Test
    void servesAnotherClientWhileMoreThanThereAreThreadsSendWithoutAPause() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        gateway.onStanza((stream, stanza) -> {
            handled.incrementAndGet();
            if (stanza.attribute("id") == null) {
                long until = System.nanoTime() + 100_000;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            } else {
                stream.send("<iq type='result' id='" + stanza.attribute("id") + "'/>");
            }
        });
        List<XmppSocket> floods = new ArrayList<>();
        try (XmppSocket quiet = gateway.login()) {
            for (int i = 0; i < FLOODS; i++) {
                floods.add(gateway.login());
            }
            for (XmppSocket flood : floods) {
                flood.send("<iq/>".repeat(STANZAS));
            }
            for (int i = 0; i < 5; i++) {
                quiet.send("<iq id='" + i + "'/>").await("id='" + i + "'/>");
            }
            assertThat(handled.get()).as("of the flood").isLessThan(FLOODS * STANZAS / 2);
        } finally {
            for (XmppSocket flood : floods) {
                flood.close();
            }
        }
    }
}
