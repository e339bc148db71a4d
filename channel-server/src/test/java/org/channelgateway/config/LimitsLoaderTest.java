package org.channelgateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.channelgateway.channel.ChannelLimits;
import org.channelgateway.http.HttpLimits;
import org.channelgateway.limit.Backlog;
import org.channelgateway.limit.BatchLimits;
import org.channelgateway.limit.Line;
import org.channelgateway.limit.Pacer;
import org.channelgateway.limit.PlaceLimits;
import org.channelgateway.limit.StanzaLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LimitsLoaderTest {
    @TempDir
    Path folder;

    private Limits load(String limits, Map<String, String> environment) throws Exception {
        Path file = Files.writeString(folder.resolve("channel.yaml"), "limits: " + limits + "\n");
        return SettingsLoader.load(CommandLine.parse("--config", file.toString()), environment)
                .limits();
    }

    @Test
    void hasADefaultForEachAndLeavesThisMachineOutOfThosePerAddress() throws Exception {
        Limits limits = load("{}", Map.of());
        HttpLimits http = HttpLimits.DEFAULT;
        assertThat(limits.http())
                .usingRecursiveComparison()
                .ignoringFields("networks")
                .isEqualTo(http);
        assertThat(limits.http().networks().counted("127.0.0.1")).isNull();
        assertThat(limits.http().networks().counted("::1")).isNull();
        assertThat(limits.http().networks().counted("192.0.2.1")).isNotNull();
        assertThat(limits.c2s())
                .usingRecursiveComparison()
                .ignoringFields("networks")
                .isEqualTo(PlaceLimits.OF_TCP);
        assertThat(limits.bosh())
                .usingRecursiveComparison()
                .ignoringFields("networks")
                .isEqualTo(PlaceLimits.OF_BOSH);
        assertThat(limits.channels()).isEqualTo(ChannelLimits.DEFAULT);
        assertThat(limits.sessionsPerSecond()).isEqualTo(Pacer.DEFAULT_RATE);
        assertThat(limits.sessionsAtOnce()).isEqualTo(Line.DEFAULT_AT_ONCE);
        assertThat(limits.waitingBytes()).isEqualTo(Backlog.defaultBytes());
        assertThat(limits.stanzas()).isEqualTo(StanzaLimits.DEFAULT);
        assertThat(limits.headerBytes()).isEqualTo(8192);
        assertThat(limits.batches()).isEqualTo(BatchLimits.DEFAULT);
        assertThat(limits.bindTime()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void dividesTheRoomForIdsAmongTheApps() throws Exception {
        Path file = Files.writeString(
                folder.resolve("channel.yaml"), "apps: {a: {secret: secret-of-a}, b: {secret: secret-of-b}}\n");
        Limits limits = SettingsLoader.load(CommandLine.parse("--config", file.toString()), Map.of())
                .limits();
        assertThat(limits.channels().publishIds()).isEqualTo(ChannelLimits.DEFAULT.publishIds() / 2);
    }

    @Test
    void readsEachFromTheFile() throws Exception {
        Limits limits = load("""

                  exempt: [192.0.2.9]
                  requestTime: 1s
                  answerTime: 2s
                  idle: 3s
                  connections: 4
                  connectionsPerAddress: 5
                  xmppConnections: 6
                  xmppConnectionsPerAddress: 7
                  xmppLogins: 8
                  xmppLoginsPerAddress: 9
                  sessions: 10
                  sessionsPerAddress: 11
                  logins: 12
                  loginsPerAddress: 13
                  sessionsPerToken: 14
                  leasesPerKey: 15
                  leasesPerApp: 16
                  publishesPerSecond: 17
                  sessionsPerSecond: 18
                  sessionsAtOnce: 4
                  waitingBytes: 65536
                  xmlDepth: 19
                  xmlAttributes: 20
                  xmlElements: 21
                  loginBytes: 2048
                  subscriberBytes: 4096
                  headerBytes: 1025
                  batchBytes: 32768
                  batchKeys: 22
                  bindTime: 23s
                  publishIds: 24
                """, Map.of("CHANNEL_LIMITS_ANSWERTIME", "20s"));
        HttpLimits http = limits.http();
        assertThat(http)
                .isEqualTo(new HttpLimits(
                        Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofSeconds(3), 4, 5, http.networks()));
        assertThat(http.networks().counted("192.0.2.9")).isNull();
        assertThat(http.networks().counted("127.0.0.1")).isNotNull();
        assertThat(limits.c2s()).isEqualTo(new PlaceLimits(6, 7, 8, 9, http.networks()));
        assertThat(limits.bosh()).isEqualTo(new PlaceLimits(10, 11, 12, 13, http.networks()));
        assertThat(limits.channels()).isEqualTo(new ChannelLimits(14, 15, 16, 17, 24));
        assertThat(limits.sessionsPerSecond()).isEqualTo(18);
        assertThat(limits.sessionsAtOnce()).isEqualTo(4);
        assertThat(limits.waitingBytes()).isEqualTo(65_536);
        assertThat(limits.stanzas()).isEqualTo(new StanzaLimits(19, 20, 21, 2048, 4096));
        assertThat(limits.headerBytes()).isEqualTo(1025);
        assertThat(limits.batches()).isEqualTo(new BatchLimits(32_768, 22));
        assertThat(limits.bindTime()).isEqualTo(Duration.ofSeconds(23));
    }
}
