package org.channelgateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GcCommandLineTest {
    @Test
    void runsEachMinuteUnlessToldOtherwise() throws ConfigException {
        GcCommandLine line = GcCommandLine.parse();

        assertThat(line.every()).isEqualTo(Duration.ofMinutes(1));
        assertThat(line.once() || line.reconcile() || line.apply()).isFalse();
        assertThat(GcCommandLine.parse("--every", "5").every()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void changesSomethingOnlyWhenAskedTo() throws ConfigException {
        assertThat(GcCommandLine.parse("--reconcile").apply()).isFalse();
        assertThat(GcCommandLine.parse("--reconcile", "--apply").apply()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--apply",
                "--once --apply",
                "--once --reconcile",
                "--once --every 5",
                "--every 5 --reconcile",
                "--every",
                "--every 0",
                "--every 10000",
                "--every 5s",
                "--unknown"
            })
    void refusesWhatDoesNotGoTogetherOrIsUnknown(String arguments) {
        assertThatThrownBy(() -> GcCommandLine.parse(arguments.split(" ")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected: ");
    }
}
