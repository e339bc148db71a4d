package org.channelgateway.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.igniterealtime.smack.inttest.SmackIntegrationTestFramework.TestRunResult;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What all the tests of the framework, and the checks beside them, come to is written down in {@code sinttest.txt}. */
final class SmackIntegrationIT {
    private static TestRunResult result;

    @BeforeAll
    static void run(@TempDir Path data) throws Exception {
        try (GatewayProcess gateway = new GatewayProcess(data)) {
            result = Sinttest.run(gateway);
        }
    }

    @Test
    void passesWhatAChannelServerNeeds() {
        assertThat(result.getSuccessfulTests())
                .extracting(test -> test.concreteTest.toString())
                .containsExactlyInAnyOrderElementsOf(expected("passed"));
    }

    @Test
    void letsNothingThroughFromOneAccountToAnother() {
        assertThat(result.getFailedTests())
                .as(result.getFailedTests().stream()
                        .map(test -> test.concreteTest + ": " + test.failureReason)
                        .collect(Collectors.joining("\n")))
                .extracting(test -> test.concreteTest.toString())
                .containsExactlyInAnyOrderElementsOf(expected("failed"));
    }

    @Test
    void doesNotSayThatItHasWhatItHasNot() {
        assertThat(result.getNotPossibleTests()).isEmpty();
        assertThat(result.getImpossibleTestClasses().keySet())
                .extracting(Class::getSimpleName)
                .containsExactlyInAnyOrderElementsOf(expected("impossible"));
    }

    private static List<String> expected(String outcome) {
        try (var text = Objects.requireNonNull(SmackIntegrationIT.class.getResourceAsStream("/sinttest.txt"))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(outcome + " "))
                    .map(line -> line.substring(outcome.length() + 1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
