package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.channelgateway.registry.Callback.Attempt;
import org.channelgateway.registry.Callback.Outcome;
import org.junit.jupiter.api.Test;

/** The tasks that tell applications what happened, on any database. */
abstract class CallbacksContract extends RegistryContract {
    static final ChannelKey KEY = ChannelKey.of("user-42");
    static final Duration MINUTE = Duration.ofMinutes(1);

    Callbacks callbacks() {
        return registry.callbacks();
    }

    List<Callback> claim(int limit) {
        return callbacks().claim(APP, limit, MINUTE);
    }

    Callback claimOne() {
        List<Callback> claimed = claim(10);
        assertThat(claimed).hasSize(1);
        return claimed.get(0);
    }

    void finish(Callback callback, Outcome outcome) {
        callbacks().finish(List.of(new Attempt(callback, outcome)));
    }

    void complete(Callback callback) {
        finish(callback, new Outcome.Completed());
    }

    private Callback look(String name) {
        return callbacks().find(APP, name).orElseThrow();
    }

    static String text(Callback callback) {
        return new String(Objects.requireNonNull(callback.message()), StandardCharsets.UTF_8);
    }

    /** As soon as the database can know that nobody is at it any more. */
    abstract void queueWhatTheGatewayBeforeHadBegun();

    @Test
    void isQueuedThenRunningThenCompletedAndNeverClaimedAgain() {
        String name = callbacks().receive(APP, KEY, "hello");
        assertThat(look(name).state()).isEqualTo(CallbackState.QUEUED);

        Callback claimed = claimOne();
        assertThat(claimed.name()).isEqualTo(name);
        assertThat(claimed.attempts()).isEqualTo(1);
        assertThat(text(claimed)).isEqualTo("hello");
        assertThat(look(name).state()).isEqualTo(CallbackState.RUNNING);
        assertThat(claim(10)).isEmpty();

        complete(claimed);
        assertThat(look(name).state()).isEqualTo(CallbackState.COMPLETED);
        assertThat(look(name).message()).isNull();
        clock.advance(Duration.ofDays(1));
        assertThat(claim(10)).isEmpty();
    }

    @Test
    void isClaimedOneAfterTheOtherOfAChannelInTheOrderTheyCame() {
        List<String> sent = IntStream.range(0, 20).mapToObj(i -> "m" + i).toList();
        sent.forEach(message -> callbacks().receive(APP, KEY, message));

        List<String> got = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            Callback one = claimOne();
            got.add(text(one));
            complete(one);
        }

        assertThat(got).isEqualTo(sent);
    }

    @Test
    void isClaimedTogetherOfManyChannelsButNotOfAnotherApp() {
        IntStream.range(0, 30).forEach(i -> callbacks().receive(APP, ChannelKey.of("k" + i), "m"));
        callbacks().receive("another", KEY, "m");

        assertThat(claim(10)).hasSize(10);
        assertThat(claim(100)).hasSize(20);
        assertThat(callbacks().claim("another", 100, MINUTE)).hasSize(1);
    }

    @Test
    void isClaimedPastManyThatWaitForAnEarlierOneOfTheirChannel() {
        IntStream.range(0, 50).forEach(i -> callbacks().receive(APP, KEY, "m" + i));
        claimOne();
        callbacks().receive(APP, ChannelKey.of("another"), "m");

        assertThat(claim(5)).extracting(Callback::key).containsExactly(ChannelKey.of("another"));
    }

    @Test
    void waitsForItsNextAttemptAndKeepsTheOthersOfItsChannelWaiting() {
        callbacks().receive(APP, KEY, "first");
        callbacks().receive(APP, KEY, "second");
        Callback first = claimOne();
        finish(first, new Outcome.Repeat(clock.instant().plusSeconds(8), "status 500"));

        assertThat(claim(10)).isEmpty();
        assertThat(look(first.name()).error()).isEqualTo("status 500");
        clock.advance(Duration.ofSeconds(8));
        Callback again = claimOne();
        assertThat(again.name()).isEqualTo(first.name());
        assertThat(again.attempts()).isEqualTo(2);
        complete(again);
        assertThat(text(claimOne())).isEqualTo("second");
    }

    @Test
    void letsTheNextOfItsChannelGoOnWhenItHasFailedForGood() {
        callbacks().receive(APP, KEY, "first");
        callbacks().receive(APP, KEY, "second");
        Callback first = claimOne();
        finish(first, new Outcome.Failed("status 500"));

        assertThat(text(claimOne())).isEqualTo("second");
        assertThat(look(first.name()).state()).isEqualTo(CallbackState.FAILED);
        assertThat(callbacks().list(APP, CallbackState.FAILED, 0, 10))
                .extracting(Callback::name)
                .containsExactly(first.name());
    }

    @Test
    void isTriedAgainWithWhatItSaidWhenAFailedOneIsQueuedAgain() {
        String name = callbacks().receive(APP, KEY, "hello");
        assertThat(callbacks().retry(APP, name)).isFalse();
        finish(claimOne(), new Outcome.Failed("status 500"));

        assertThat(callbacks().retry("another", name)).isFalse();
        assertThat(callbacks().retry(APP, name)).isTrue();

        Callback again = claimOne();
        assertThat(text(again)).isEqualTo("hello");
        assertThat(again.attempts()).isEqualTo(1);
    }

    @Test
    void isTriedAgainOrDroppedWithAllThatFailed() {
        IntStream.range(0, 5).forEach(i -> callbacks().receive(APP, ChannelKey.of("k" + i), "m"));
        claim(5).forEach(callback -> finish(callback, new Outcome.Failed("status 500")));
        assertThat(callbacks().retryFailed("another")).isZero();
        assertThat(callbacks().retryFailed(APP)).isEqualTo(5);
        claim(5).forEach(callback -> finish(callback, new Outcome.Failed("status 500")));
        assertThat(callbacks().dropFailed(APP)).isEqualTo(5);
        assertThat(callbacks().list(APP, null, 0, 10)).isEmpty();
    }

    @Test
    void isTheNewestWhenItIsTriedAgain() {
        String failed = callbacks().receive(APP, KEY, "first");
        finish(claimOne(), new Outcome.Failed("status 500"));
        clock.advance(Duration.ofSeconds(1));
        callbacks().receive(APP, KEY, "second");
        clock.advance(Duration.ofSeconds(1));
        callbacks().retry(APP, failed);

        Callback second = claimOne();
        assertThat(text(second)).isEqualTo("second");
        complete(second);
        assertThat(text(claimOne())).isEqualTo("first");
    }

    @Test
    void isForgottenWhenItsApplicationIsNoMore() {
        callbacks().receive(APP, KEY, "m");
        callbacks().receive("another", KEY, "m");

        assertThat(callbacks().forgetOthers(Set.of(APP))).isEqualTo(1);
        assertThat(callbacks().claim("another", 10, MINUTE)).isEmpty();
        assertThat(claim(10)).hasSize(1);
    }

    @Test
    void isClaimedAgainWhenWhoeverHadItDidNotFinishInTime() {
        callbacks().receive(APP, KEY, "hello");
        Callback lost = claimOne();
        clock.advance(MINUTE);

        Callback again = claimOne();
        assertThat(again.attempts()).isEqualTo(2);
        finish(lost, new Outcome.Failed("late"));
        assertThat(look(again.name()).state()).isEqualTo(CallbackState.RUNNING);
        complete(lost);
        assertThat(look(again.name()).state()).isEqualTo(CallbackState.COMPLETED);
    }

    @Test
    void isQueuedAgainAfterARestartAndNothingIsLost() {
        callbacks().receive(APP, KEY, "begun");
        callbacks().receive(APP, KEY, "waiting");
        Callback begun = claimOne();
        reopen();

        assertThat(claim(10)).isEmpty();
        queueWhatTheGatewayBeforeHadBegun();
        Callback again = claimOne();
        assertThat(again.name()).isEqualTo(begun.name());
        complete(again);
        assertThat(text(claimOne())).isEqualTo("waiting");
    }

    @Test
    void isDroppedUnlessItIsRunningAndTheNextGoesOn() {
        String first = callbacks().receive(APP, KEY, "first");
        callbacks().receive(APP, KEY, "second");
        Callback running = claimOne();
        assertThat(callbacks().drop(APP, first)).isFalse();
        finish(running, new Outcome.Repeat(clock.instant().plusSeconds(100), "status 500"));

        assertThat(callbacks().drop("another", first)).isFalse();
        assertThat(callbacks().drop(APP, first)).isTrue();
        assertThat(callbacks().find(APP, first)).isEmpty();
        assertThat(text(claimOne())).isEqualTo("second");
    }

    @Test
    void isQueuedOnceThoughItComesAgainAndAgain() {
        String name = callbacks().receive(APP, KEY, "hello", "page 1");
        assertThat(callbacks().receive(APP, KEY, "hello", "page 1")).isEqualTo(name);
        complete(claimOne());
        callbacks().receive(APP, KEY, "hello", "page 1");
        assertThat(claim(10)).isEmpty();

        assertThat(callbacks().receive(APP, KEY, "hello", "page 2")).isNotEqualTo(name);
        assertThat(claim(10)).hasSize(1);
    }

    @Test
    void isListedInPagesInTheOrderTheyCame() {
        List<String> names = IntStream.range(0, 7)
                .mapToObj(i -> callbacks().receive(APP, ChannelKey.of("k" + i), "m"))
                .toList();

        List<String> listed = new ArrayList<>();
        List<Callback> page = callbacks().list(APP, null, 0, 3);
        while (!page.isEmpty()) {
            page.forEach(callback -> listed.add(callback.name()));
            page = callbacks().list(APP, null, page.get(page.size() - 1).id(), 3);
        }

        assertThat(listed).isEqualTo(names);
        assertThat(callbacks().list("another", null, 0, 3)).isEmpty();
    }

    @Test
    void saysWhenTheNextIsDue() {
        assertThat(callbacks().nextDue(APP)).isEmpty();
        callbacks().receive(APP, KEY, "hello");
        assertThat(callbacks().nextDue(APP)).contains(clock.instant());
        Instant later = clock.instant().plusSeconds(5);
        finish(claimOne(), new Outcome.Repeat(later, "status 500"));
        assertThat(callbacks().nextDue(APP)).contains(later);
    }

    @Test
    void isSweptWhenItWasKeptLongEnough() {
        callbacks().receive(APP, ChannelKey.of("completed"), "m");
        callbacks().receive(APP, ChannelKey.of("failed"), "m");
        String waiting = callbacks().receive(APP, ChannelKey.of("waiting"), "m");
        for (Callback callback : claim(10)) {
            if (callback.key().text().equals("completed")) {
                complete(callback);
            } else if (callback.key().text().equals("failed")) {
                finish(callback, new Outcome.Failed("status 500"));
            }
        }
        Instant before = clock.instant();
        assertThat(callbacks().sweep(before, before)).isFalse();
        assertThat(callbacks().list(APP, null, 0, 10)).hasSize(3);
        assertThat(callbacks().sweep(before.plusMillis(1), before)).isFalse();
        assertThat(callbacks().list(APP, null, 0, 10)).hasSize(2);
        assertThat(callbacks().sweep(before.plusMillis(1), before.plusMillis(1)))
                .isFalse();
        assertThat(callbacks().list(APP, null, 0, 10))
                .extracting(Callback::name)
                .containsExactly(waiting);
        assertThat(callbacks().counts()).isEqualTo(Map.of(CallbackState.RUNNING, 1));
    }

    @Test
    void keepsAnyTextAndAnyKey() {
        String text = "\u0000 & = + % \r\n\t é 😀".repeat(1500);
        ChannelKey odd = ChannelKey.of("a/b@c~d \r\n😀");
        callbacks().receive(APP, odd, text);
        callbacks().receive(APP, KEY, "");

        List<Callback> claimed = claim(10);

        assertThat(claimed).extracting(Callback::key).containsExactlyInAnyOrder(odd, KEY);
        assertThat(claimed).extracting(CallbacksContract::text).containsExactlyInAnyOrder(text, "");
    }

    @Test
    void isClaimedByOneOfManyThatClaimAtOnceAndInOrder() throws Exception {
        for (int i = 0; i < 300; i++) {
            callbacks().receive(APP, ChannelKey.of("k" + i % 10), "m" + i);
        }
        AtomicInteger left = new AtomicInteger(300);
        List<List<String>> byKey = IntStream.range(0, 10)
                .<List<String>>mapToObj(i -> new ArrayList<>())
                .toList();

        Together.run(4, () -> {
            while (left.get() > 0) {
                for (Callback callback : callbacks().claim(APP, 7, Duration.ofDays(999))) {
                    List<String> mine =
                            byKey.get(Integer.parseInt(callback.key().text().substring(1)));
                    synchronized (mine) {
                        mine.add(text(callback));
                    }
                    complete(callback);
                    left.decrementAndGet();
                }
                clock.advance(Duration.ofSeconds(2)); // what was put off is due again
            }
            return 0;
        });

        for (int k = 0; k < 10; k++) {
            int key = k;
            assertThat(byKey.get(k))
                    .isEqualTo(IntStream.range(0, 30)
                            .mapToObj(i -> "m" + (10 * i + key))
                            .toList());
        }
    }

    @Test
    void refusesWhatIsMoreThanAnApplicationMayHave() {
        IntStream.range(0, CALLBACKS).forEach(i -> callbacks().receive(APP, ChannelKey.of("k" + i), "m"));

        assertThatThrownBy(() -> callbacks().receive(APP, KEY, "one more"))
                .isInstanceOf(TooManyCallbacksException.class)
                .hasMessage("callbacks: " + CALLBACKS + " of this app wait (expected: fewer)");
        callbacks().receive("another", KEY, "m");
        reopen();
        assertThatThrownBy(() -> callbacks().receive(APP, KEY, "one more"))
                .isInstanceOf(TooManyCallbacksException.class);
        claim(1).forEach(this::complete);
        callbacks().receive(APP, KEY, "one more");
    }
}
