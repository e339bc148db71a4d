package org.channelgateway.config;

import java.time.Duration;
import java.util.List;
import org.channelgateway.channel.ChannelLimits;
import org.channelgateway.http.HttpLimits;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.BatchLimits;
import org.channelgateway.limit.Line;
import org.channelgateway.limit.Networks;
import org.channelgateway.limit.Pacer;
import org.channelgateway.limit.PlaceLimits;
import org.channelgateway.limit.StanzaLimits;

/** Reads the section {@code limits}. */
final class LimitsLoader {
    private static final int MANY = 10_000_000;
    private static final int CALLBACKS_PER_APP = 100_000;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private LimitsLoader() {}

    /** @param apps how many the settings have */
    static Limits load(SettingsTree tree, int apps) throws ConfigException {
        Networks networks = networks(tree);
        Limits limits = new Limits(
                http(tree, networks),
                c2s(tree, networks),
                bosh(tree, networks),
                stanzas(tree),
                channels(tree, apps),
                tree.integer("callbacksPerApp", CALLBACKS_PER_APP, 1, MANY),
                tree.integer("sessionsPerSecond", Pacer.DEFAULT_RATE, 1, MANY),
                tree.integer("sessionsAtOnce", Line.DEFAULT_AT_ONCE, 1, 16),
                tree.integer("waitingBytes", Backlog.defaultBytes(), 1 << 16, Integer.MAX_VALUE),
                tree.integer("headerBytes", HttpLimits.DEFAULT_HEADER_BYTES, 1024, 1 << 16),
                batches(tree),
                tree.duration("bindTime", Duration.ofSeconds(60), SECOND, HOUR),
                tree.duration("applicationTime", Duration.ofMinutes(5), SECOND, HOUR));
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

    private static StanzaLimits stanzas(SettingsTree tree) throws ConfigException {
        StanzaLimits unset = StanzaLimits.DEFAULT;
        return new StanzaLimits(
                tree.integer("xmlDepth", unset.maxDepth(), 8, 1000),
                tree.integer("xmlAttributes", unset.maxAttributes(), 16, 1000),
                tree.integer("xmlElements", unset.maxElements(), 16, 1_000_000),
                tree.integer("loginBytes", unset.loginBytes(), 1024, 1 << 20),
                tree.integer("subscriberBytes", unset.subscriberBytes(), 1024, 1 << 24));
    }

    private static BatchLimits batches(SettingsTree tree) throws ConfigException {
        BatchLimits unset = BatchLimits.DEFAULT;
        return new BatchLimits(
                tree.integer("batchBytes", unset.maxBytes(), 1 << 15, 1 << 26),
                tree.integer("batchKeys", unset.maxKeys(), 1, 100_000));
    }

    private static ChannelLimits channels(SettingsTree tree, int apps) throws ConfigException {
        ChannelLimits unset = ChannelLimits.DEFAULT;
        return new ChannelLimits(
                tree.integer("sessionsPerToken", unset.sessionsPerToken(), 1, MANY),
                tree.integer("leasesPerKey", unset.leasesPerKey(), 1, MANY),
                tree.integer("leasesPerApp", unset.leasesPerApp(), 1, 100 * MANY),
                tree.integer("publishesPerSecond", unset.publishesPerSecond(), 1, MANY),
                tree.integer("publishIds", ChannelLimits.defaultPublishIds(apps), 1, MANY));
    }
}
