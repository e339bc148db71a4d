package org.channelgateway.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.channelgateway.channel.PresenceListener;
import org.channelgateway.channel.RefusedException;
import org.channelgateway.channel.SessionEnd;
import org.channelgateway.channel.Subscribers;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.FullException;
import org.channelgateway.limit.Networks;
import org.channelgateway.limit.PlaceLimits;
import org.channelgateway.limit.Places;
import org.channelgateway.registry.ChannelKey;
import org.channelgateway.registry.Lease;
import org.channelgateway.stats.RefusalCounts;
import org.channelgateway.stats.RefusalCounts.Refusal;
import org.channelgateway.stats.Traffic;
import org.channelgateway.xml.EncodedStanza;
import org.junit.jupiter.api.Test;

final class DevConnectionsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration INACTIVITY = Duration.ofSeconds(150);
    private static final int MOST = 4;
    private static final String ADDRESS = "192.0.2.1";

    private final AtomicLong nanos = new AtomicLong();
    private final Subscribers subscribers = new Subscribers(nanos::get, 3, PresenceListener.NONE);
    private final Backlog backlog = new Backlog(Long.MAX_VALUE / 2);
    private final RefusalCounts refusals = new RefusalCounts();
    private final DevConnections connections = new DevConnections(
            new DevConfig(INACTIVITY, 2, 1000),
            new Places(new PlaceLimits(MOST, MOST, MOST, MOST, Networks.WITHOUT_LOOPBACK)),
            subscribers,
            backlog,
            nanos::get,
            new Traffic(nanos::get),
            refusals);

    private static Lease lease(String account, String key) {
        return new Lease(account, "guestbook", ChannelKey.of(key), NOW, NOW.plusSeconds(60));
    }

    private static EncodedStanza stanza(int length) {
        return new EncodedStanza("x".repeat(length));
    }

    private DevConnection connection(Lease lease) {
        return Objects.requireNonNull(connections.find(lease, connections.connect(lease, ADDRESS)));
    }

    private void nothingIsLeft() {
        assertThat(connections.count()).isZero();
        assertThat(subscribers.count()).isZero();
        assertThat(backlog.bytes()).isZero();
    }

    @Test
    void countsTheConnectionsOfEachKeyFromZero() {
        assertThat(connections.connect(lease("ch-a", "one"), ADDRESS)).isEqualTo("connection-0");
        assertThat(connections.connect(lease("ch-b", "one"), ADDRESS)).isEqualTo("connection-1");
        assertThat(connections.connect(lease("ch-c", "two"), ADDRESS)).isEqualTo("connection-0");
        assertThat(subscribers.count()).isEqualTo(3);
    }

    @Test
    void givesNoNumberAgainWhileATokenOfTheKeyIsGood() {
        assertThat(connection(lease("ch-a", "one")).end()).isTrue();
        connections.tick(NOW.plusSeconds(59));
        assertThat(connections.connect(lease("ch-a", "one"), ADDRESS)).isEqualTo("connection-1");
        connections.close();
        connections.tick(NOW.plusSeconds(61));
        nothingIsLeft();
    }

    @Test
    void givesAConnectionToItsOwnTokenOnly() {
        Lease first = lease("ch-a", "one");
        assertThat(connections.connect(first, ADDRESS)).isEqualTo("connection-0");
        assertThat(connections.find(first, "connection-0")).isNotNull();
        assertThat(connections.find(lease("ch-b", "one"), "connection-0")).isNull();
        assertThat(connections.find(lease("ch-a", "two"), "connection-0")).isNull();
        assertThat(connections.find(first, "connection-1")).isNull();
        assertThat(connections.find(first, "")).isNull();
    }

    @Test
    void handsOutOneMessageAPollInOrder() {
        DevConnection connection = connection(lease("ch-a", "one"));
        EncodedStanza first = stanza(1);
        EncodedStanza second = stanza(2);
        assertThat(connection.deliver(first)).isTrue();
        assertThat(connection.deliver(second)).isTrue();
        assertThat(backlog.bytes()).isPositive();
        assertThat(connection.poll(0)).isSameAs(first);
        assertThat(connection.poll(0)).isSameAs(second);
        assertThat(connection.poll(0)).isNull();
        assertThat(backlog.bytes()).isZero();
    }

    @Test
    void endsOneThatPollsTooSeldomForWhatIsSentToIt() {
        Lease lease = lease("ch-a", "one");
        DevConnection connection = connection(lease);
        assertThat(connection.deliver(stanza(1))).isTrue();
        assertThat(connection.deliver(stanza(1))).isTrue();
        assertThat(connection.deliver(stanza(1))).isFalse();
        assertThat(connections.find(lease, "connection-0")).isNull();
        assertThat(refusals.count(new Refusal("dev", "not-reading"))).isEqualTo(1);
        nothingIsLeft();
    }

    @Test
    void takesOneLongMessageAndNotASecondBeyondTheBytes() {
        DevConnection connection = connection(lease("ch-a", "one"));
        assertThat(connection.deliver(stanza(5000))).isTrue();
        assertThat(connection.deliver(stanza(1))).isFalse();
        nothingIsLeft();
    }

    @Test
    void endsOneThatNobodyPollsForTheInactivity() {
        DevConnection connection = connection(lease("ch-a", "one"));
        nanos.addAndGet(INACTIVITY.toNanos() - 1);
        connections.tick(NOW);
        assertThat(connections.count()).isEqualTo(1);
        assertThat(connection.poll(nanos.get())).isNull();
        nanos.addAndGet(INACTIVITY.toNanos() - 1);
        connections.tick(NOW);
        assertThat(connections.count()).isEqualTo(1);
        nanos.incrementAndGet();
        connections.tick(NOW);
        assertThat(connection.deliver(stanza(1))).isFalse();
        nothingIsLeft();
    }

    @Test
    void endsWithItsLease() {
        Lease lease = lease("ch-a", "one");
        DevConnection connection = connection(lease);
        assertThat(connection.deliver(stanza(1))).isTrue();
        subscribers.endExpired(lease.expires());
        assertThat(connections.find(lease, "connection-0")).isNull();
        nothingIsLeft();
    }

    @Test
    void leavesNothingWhenItEndsBeforeItIsSubscribed() {
        Lease lease = lease("ch-a", "one");
        DevConnection connection = connection(lease);
        connection.end(SessionEnd.INVALID_TOKEN);
        connection.end(SessionEnd.INVALID_TOKEN);
        assertThat(connection.open()).isFalse();
        nothingIsLeft();
    }

    @Test
    void hasAsManyOfATokenAsOtherSessionsMayBe() {
        Lease lease = lease("ch-a", "one");
        for (int i = 0; i < 3; i++) {
            assertThat(connections.connect(lease, ADDRESS)).isEqualTo("connection-" + i);
        }
        assertThatThrownBy(() -> connections.connect(lease, ADDRESS))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("sessions: 3 of this token already");
        assertThat(refusals.count(new Refusal("dev", "sessions-of-token"))).isEqualTo(1);
        assertThat(connections.count()).isEqualTo(3);
        connections.close();
        nothingIsLeft();
    }

    @Test
    void givesItsPlaceToTheNext() {
        for (int i = 0; i < MOST; i++) {
            connections.connect(lease("ch-" + i, "one"), ADDRESS);
        }
        assertThatThrownBy(() -> connections.connect(lease("ch-x", "one"), ADDRESS))
                .isInstanceOf(FullException.class);
        assertThat(Objects.requireNonNull(connections.find(lease("ch-0", "one"), "connection-0"))
                        .end())
                .isTrue();
        assertThat(connections.connect(lease("ch-x", "one"), ADDRESS)).isEqualTo("connection-" + MOST);
    }

    @Test
    void makesNoMoreWhenTheGatewayStops() {
        connections.connect(lease("ch-a", "one"), ADDRESS);
        connections.close();
        nothingIsLeft();
        assertThatThrownBy(() -> connections.connect(lease("ch-a", "one"), ADDRESS))
                .isInstanceOf(FullException.class)
                .hasMessageContaining("stopping");
        nothingIsLeft();
    }
}
