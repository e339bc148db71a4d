package org.channelgateway.config;

import java.time.Duration;
import java.util.List;
import org.channelgateway.channel.ChannelLimits;
import org.channelgateway.http.HttpLimits;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.Line;
import org.channelgateway.limit.Networks;
import org.channelgateway.limit.Pacer;
import org.channelgateway.limit.PlaceLimits;

/** Reads the section {@code limits}. */
final class LimitsLoader {
    private static final int MANY = 10_000_000;
    private static final int CALLBACKS_PER_APP = 100_000;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private LimitsLoader() {}

    static Limits load(SettingsTree tree) throws ConfigException {
        Networks networks = networks(tree);
        Limits limits = new Limits(
                http(tree, networks),
                c2s(tree, networks),
                bosh(tree, networks),
                channels(tree),
                tree.integer("callbacksPerApp", CALLBACKS_PER_APP, 1, MANY),
                tree.integer("sessionsPerSecond", Pacer.DEFAULT_RATE, 1, MANY),
                tree.integer("sessionsAtOnce", Line.DEFAULT_AT_ONCE, 1, 16),
                tree.integer("waitingBytes", Backlog.defaultBytes(), 1 << 16, Integer.MAX_VALUE));
        tree.refuseUnknown();
        return limits;
    }

    private static Networks networks(SettingsTree tree) throws ConfigException {
        try {
            return new Networks(tree.texts("exempt", List.of("127.0.0.1", "::1")));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(tree.path("exempt") + ": " + e.getMessage());
        }
    }

    private static HttpLimits http(SettingsTree tree, Networks networks) throws ConfigException {
        HttpLimits unset = HttpLimits.DEFAULT;
        return new HttpLimits(
                tree.duration("requestTime", unset.requestTime(), SECOND, HOUR),
                tree.duration("answerTime", unset.answerTime(), SECOND, HOUR),
                tree.duration("idle", unset.idle(), SECOND, HOUR),
                tree.integer("connections", unset.maxConnections(), 1, MANY),
                tree.integer("connectionsPerAddress", unset.maxConnectionsPerAddress(), 1, MANY),
                networks);
    }

    private static PlaceLimits c2s(SettingsTree tree, Networks networks) throws ConfigException {
        PlaceLimits unset = PlaceLimits.OF_TCP;
        return new PlaceLimits(
                tree.integer("xmppConnections", unset.most(), 1, MANY),
                tree.integer("xmppConnectionsPerAddress", unset.mostPerAddress(), 1, MANY),
                tree.integer("xmppLogins", unset.mostLogins(), 1, MANY),
                tree.integer("xmppLoginsPerAddress", unset.mostLoginsPerAddress(), 1, MANY),
                networks);
    }

    private static PlaceLimits bosh(SettingsTree tree, Networks networks) throws ConfigException {
        PlaceLimits unset = PlaceLimits.OF_BOSH;
        return new PlaceLimits(
                tree.integer("sessions", unset.most(), 1, MANY),
                tree.integer("sessionsPerAddress", unset.mostPerAddress(), 1, MANY),
                tree.integer("logins", unset.mostLogins(), 1, MANY),
                tree.integer("loginsPerAddress", unset.mostLoginsPerAddress(), 1, MANY),
                networks);
    }

    private static ChannelLimits channels(SettingsTree tree) throws ConfigException {
        ChannelLimits unset = ChannelLimits.DEFAULT;
        return new ChannelLimits(
                tree.integer("sessionsPerToken", unset.sessionsPerToken(), 1, MANY),
                tree.integer("leasesPerKey", unset.leasesPerKey(), 1, MANY),
                tree.integer("leasesPerApp", unset.leasesPerApp(), 1, 100 * MANY),
                tree.integer("publishesPerSecond", unset.publishesPerSecond(), 1, MANY));
    }
}
