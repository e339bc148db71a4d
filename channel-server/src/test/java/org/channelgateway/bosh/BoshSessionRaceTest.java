package org.channelgateway.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.channelgateway.xml.EncodedStanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pushes from many threads, polls, ticks and lost connections at once. */
@Timeout(60)
class BoshSessionRaceTest {
    private static final int PUBLISHERS = 4;
    private static final int EACH = 2000;
    private static final Pattern STANZA = Pattern.compile("<m p='(\\d+)' n='(\\d+)'/>");

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "2, 3", "2, 4"})
    void losesNothingDoublesNothingAndKeepsTheOrderOfEachPublisher(int hold, long seed)
            throws InterruptedException, ExecutionException, TimeoutException {
        BoshConfig config = new BoshConfig(
                Duration.ofSeconds(60), hold, Duration.ofHours(1), 65_536, PUBLISHERS * EACH + 1, 1 << 26);
        FakeBrowser browser = new FakeBrowser(config);
        ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS + 1);
        try {
            List<Future<?>> publishers = new ArrayList<>();
            for (int p = 0; p < PUBLISHERS; p++) {
                int publisher = p;
                publishers.add(threads.submit(() -> publish(browser.session, publisher)));
            }
            Future<List<String>> received = threads.submit(() -> receive(browser, new Random(seed), PUBLISHERS * EACH));
            assertInOrder(received.get(50, TimeUnit.SECONDS));
            for (Future<?> publisher : publishers) {
                publisher.get(10, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        browser.sessions.shutdown();
        assertThat(browser.held()).isZero();
        assertThat(browser.stream.events).containsExactly("closed");
    }

    private static void publish(BoshSession session, int publisher) {
        for (int n = 0; n < EACH; n++) {
            Delivery delivery = session.deliver(new EncodedStanza("<m p='" + publisher + "' n='" + n + "'/>"));
            assertThat(delivery).isNotInstanceOf(Delivery.Refused.class);
        }
    }

    /** Polls until all has come; loses connections, answers and repeats as a bad network does. */
    private static List<String> receive(FakeBrowser browser, Random random, int wanted) {
        List<String> received = new ArrayList<>();
        for (long n = 0; received.size() < wanted; n++) {
            FakeExchange exchange = browser.poll(n);
            while (true) {
                int fate = random.nextInt(4);
                if (fate == 0) {
                    exchange.breakOff(); // the answer, if there is one, is lost on its way
                    exchange = browser.poll(n);
                } else if (fate == 1) {
                    exchange = browser.poll(n);
                }
                awaitAnswer(browser, exchange);
                if (!exchange.answer().equals(FakeBrowser.ERROR) && random.nextInt(4) > 0) {
                    break;
                }
                exchange = browser.poll(n); // lost: the same again
            }
            Matcher stanzas = STANZA.matcher(exchange.answer());
            while (stanzas.find()) {
                received.add(stanzas.group(1) + " " + stanzas.group(2));
            }
        }
        return received;
    }

    /** A push answers what is held, or the time that passes: only here, so that it is never long between two polls. */
    private static void awaitAnswer(FakeBrowser browser, FakeExchange exchange) {
        while (exchange.isHeld()) {
            browser.pass(Duration.ofSeconds(1));
        }
    }

    private static void assertInOrder(List<String> received) {
        assertThat(received).hasSize(PUBLISHERS * EACH);
        int[] next = new int[PUBLISHERS];
        for (String stanza : received) {
            String[] parts = stanza.split(" ", 2);
            int publisher = Integer.parseInt(parts[0]);
            assertThat(Integer.parseInt(parts[1])).isEqualTo(next[publisher]++);
        }
    }

    @Test
    void closesTheStreamOnceWhoeverEndsTheSession() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            FakeBrowser browser = new FakeBrowser();
            ExecutorService threads = Executors.newFixedThreadPool(4);
            threads.execute(() -> browser.send(0, "<a/><b/><c/>"));
            threads.execute(() -> browser.terminate(1, "<d/>"));
            threads.execute(() -> browser.session.terminate(BindingCondition.SYSTEM_SHUTDOWN, null));
            threads.execute(() -> browser.pass(Duration.ofSeconds(200)));
            threads.shutdown();
            assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            assertThat(browser.held()).isZero();
            assertThat(browser.stream.events).containsOnlyOnce("closed").endsWith("closed");
        }
    }
}
