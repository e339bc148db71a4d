package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.channelgateway.bosh.FakeBrowser.terminal;

import java.util.ArrayList;
import java.util.List;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.Networks;
import org.channelgateway.limit.PlaceLimits;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.xml.EncodedStanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the answers cost that are kept for repeats (XEP-0124 §14.3). */
final class BoshKeptAnswersTest {
    private static final int MOST = 4 << 20;
    private static final int MANY = 10_000;
    private static final PlaceLimits NO_LIMITS = new PlaceLimits(MANY, MANY, MANY, MANY, Networks.WITHOUT_LOOPBACK);

    private final Backlog backlog = new Backlog(MOST);
    private final BoshSessions sessions =
            new BoshSessions(FakeBrowser.config(1), NO_LIMITS, backlog, System::nanoTime, new RefusalCounts());

    @AfterEach
    void nothingIsCountedWhenAllAreOver() {
        sessions.shutdown();
        assertThat(backlog.bytes()).isZero();
    }

    private BoshSession session() {
        return sessions.attach(opened -> new FakeStream());
    }

    /** The answer to the request that is {@code n} after the first; empty when it is held. */
    private static String poll(BoshSession session, int n) {
        FakeExchange exchange = new FakeExchange();
        Rid rid = new Rid(session.firstRid().value() + n);
        session.receive(new BoshRequest(rid, session.sid().value(), false, false, 0, 0, List.of(), null, n), exchange);
        return exchange.answer();
    }

    private static EncodedStanza stanza(int bytes) {
        return new EncodedStanza("x".repeat(bytes));
    }

    @Test
    void countAsLongAsTheyAreKept() {
        BoshSession session = session();
        session.deliver(stanza(100));
        session.deliver(stanza(200));
        int body = poll(session, 0).length();
        assertThat(body).isGreaterThan(300);
        assertThat(backlog.bytes()).isEqualTo(body);
        assertThat(session.keptBytes()).isEqualTo(body);
        assertThat(poll(session, 0)).as("a repeat").hasSize(body);
        assertThat(backlog.bytes()).isEqualTo(body);

        for (int n = 1; n < 4; n++) {
            assertThat(poll(session, n)).isEmpty();
        }
        assertThat(backlog.bytes()).isZero();
    }

    @Test
    void countOnceWhenAllGotTheSame() {
        List<BoshSession> all = new ArrayList<>();
        EncodedStanza same = stanza(1000);
        for (int i = 0; i < 100; i++) {
            BoshSession session = session();
            all.add(session);
            poll(session, 0);
            assertThat(session.deliver(same)).isInstanceOf(Delivery.Sent.class);
        }
        assertThat(backlog.bytes()).isEqualTo(1000);
        all.subList(0, 99).forEach(session -> session.terminate(null, null));
        assertThat(backlog.bytes()).isEqualTo(1000);
    }

    @Test
    void areBoundedForTenThousandSessionsOfWhichNoneIsEnded() {
        List<EncodedStanza> message = List.of(stanza(8_000), stanza(8_000));
        for (int i = 0; i < MANY; i++) {
            BoshSession session = session();
            for (int n = 0; n < 2; n++) {
                message.forEach(session::deliver);
                assertThat(poll(session, n)).hasSizeGreaterThan(16_000);
            }
            backlog.relieve(sessions::readers);
            assertThat(backlog.bytes()).isLessThanOrEqualTo(MOST);
        }
        assertThat(sessions.count()).isEqualTo(MANY);
    }

    @Test
    void thatAreNotKeptAnyMoreEndTheSessionThatAsksForThem() {
        BoshSession session = session();
        session.deliver(stanza(100));
        poll(session, 0);
        session.forgetKept();
        assertThat(session.keptBytes()).isZero();
        assertThat(poll(session, 0)).isEqualTo(terminal("item-not-found"));
        assertThat(sessions.count()).isZero();
    }
}
