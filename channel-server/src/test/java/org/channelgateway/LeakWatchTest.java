package org.channelgateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the watch over the logs of all tests finds, and what it lets pass. */
final class LeakWatchTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(LeakWatchTest.class);

    @Test
    void findsATokenAndABeginningOfOne() {
        assertThat(LeakWatch.find("connect ct_AbCdEfGh12345678-_x")).hasValue("ct_AbCdEfGh12345678-_x");
        assertThat(LeakWatch.find("connect ct_AbCd…")).isEmpty();
    }

    @Test
    void findsAWholeSidAndLetsItsBeginningPass() {
        assertThat(LeakWatch.find("session Zk3_pQ9-aB7cD1eF5gH2iJ4kL6m ended")).hasValue("Zk3_pQ9-aB7cD1eF5gH2iJ4kL6m");
        assertThat(LeakWatch.find("session Zk3_pQ… ended")).isEmpty();
        assertThat(LeakWatch.find("serving http://127.0.0.1:8080/ for Apps[guestbook], data in gateway-it-1234567890"))
                .isEmpty();
    }

    @Test
    void findsWhatATestNamedASecretAnywhereInALine() {
        LeakWatch.secret("one long message");
        assertThat(LeakWatch.find("<body>one long message</body>")).hasValue("one long message");
        assertThat(LeakWatch.find("<body>one long massage</body>")).isEmpty();
    }

    @Test
    void hearsWhatAProcessSays() {
        LeakWatch.said("2026-11-26T00:00:00.000Z INFO  gateway connect ct_AbCdEfGh12345678");
        LeakWatch.said("ready http://127.0.0.1:8080/");

        assertThat(LeakWatch.leaks()).hasSize(1).first().asString().startsWith("«ct_AbCdEfGh12345678» in «2026");
    }

    @Test
    void hearsEveryLevelAndWhatAnExceptionSays() {
        LeakWatch.secret("said by an exception");
        LOG.trace("a {}", "ct_AbCdEfGh12345678");
        LOG.debug("failed", new IllegalStateException("why", new IllegalArgumentException("said by an exception")));
        LOG.debug("nothing");

        assertThat(LeakWatch.leaks())
                .containsExactly(
                        "«ct_AbCdEfGh12345678» in «org.channelgateway.LeakWatchTest: a ct_AbCdEfGh12345678»",
                        "«said by an exception» in «org.channelgateway.LeakWatchTest: failed»");
    }
}
