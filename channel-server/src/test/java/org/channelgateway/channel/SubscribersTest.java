package org.channelgateway.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.Lease;
import org.channelgateway.xml.EncodedStanza;
import org.junit.jupiter.api.Test;

final class SubscribersTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Subscribers subscribers = new Subscribers(() -> 0);

    private static final class Recorder implements XmppSession {
        final List<SessionEnd> ends = new ArrayList<>();

        @Override
        public boolean deliver(EncodedStanza stanza) {
            return true;
        }

        @Override
        public void end(SessionEnd why) {
            ends.add(why);
        }
    }

    private static Lease lease(String account, String app, String key) {
        return new Lease(account, app, ChannelKey.of(key), NOW, NOW.plusSeconds(60));
    }

    private Recorder add(Lease lease) {
        Recorder session = new Recorder();
        subscribers.add(new Subscription(lease, session));
        return session;
    }

    @Test
    void keepsAppsWithTheSameKeyApart() {
        add(lease("ch-a", "one", "key"));
        add(lease("ch-b", "two", "key"));
        assertThat(subscribers.of(new Channel("one", ChannelKey.of("key")))).hasSize(1);
        assertThat(subscribers.count()).isEqualTo(2);
    }

    @Test
    void forgetsAKeyWithItsLastSession() {
        Subscription only = new Subscription(lease("ch-a", "one", "key"), new Recorder());
        subscribers.add(only);
        subscribers.remove(only, false);
        assertThat(subscribers.of(new Channel("one", ChannelKey.of("key")))).isEmpty();
        assertThat(subscribers.count()).isZero();
    }

    @Test
    void endsTheSessionsOfARevokedLeaseAndNoOther() {
        Recorder revoked = add(lease("ch-a", "one", "key"));
        Recorder other = add(lease("ch-b", "one", "key"));
        subscribers.revoked(List.of(lease("ch-a", "one", "key")));
        assertThat(revoked.ends).containsExactly(SessionEnd.INVALID_TOKEN);
        assertThat(other.ends).isEmpty();
    }

    @Test
    void endsASessionThatConnectedWhileItsLeaseWasRevoked() {
        subscribers.revoked(List.of(lease("ch-a", "one", "key")));
        assertThat(add(lease("ch-a", "one", "key")).ends).containsExactly(SessionEnd.INVALID_TOKEN);
    }

    @Test
    void endsASessionTheSecondItsLeaseEnds() {
        Recorder session = add(lease("ch-a", "one", "key"));
        subscribers.endExpired(NOW.plusSeconds(60).minusMillis(1));
        assertThat(session.ends).isEmpty();
        subscribers.endExpired(NOW.plusSeconds(60));
        assertThat(session.ends).containsExactly(SessionEnd.TIMED_OUT);
    }
}
