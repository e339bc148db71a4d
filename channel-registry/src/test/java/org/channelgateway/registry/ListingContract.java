package org.channelgateway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which keys a listing shows, and in which order. */
abstract class ListingContract extends RegistryContract {
    static Stream<String> oddKeys() {
        return Stream.of(
                "room/1",
                "a@b",
                "~x",
                "two words",
                " ",
                "CAPS",
                "😀🎉",
                "é",
                "%_",
                "it's",
                "a\tb\r\nc",
                "x".repeat(256),
                "😀".repeat(64),
                "\uFFFD",
                "\uE000");
    }

    @ParameterizedTest
    @MethodSource("oddKeys")
    void keepsAnyKeyAsItIs(String text) {
        IssuedLease issued = create(text);

        reopen();

        assertThat(leases.find(issued.token()).orElseThrow().key().text()).isEqualTo(text);
        assertThat(list("", "", 10)).containsExactly(text);
        assertThat(list(text, "", 10)).containsExactly(text);
        assertThat(list("", text, 10)).isEmpty();
    }

    @Test
    void listsInTheOrderOfUnsignedBytes() {
        oddKeys().forEach(this::create);

        List<String> sorted =
                oddKeys().map(ChannelKey::of).sorted().map(ChannelKey::text).toList();
        assertThat(list("", "", 100)).isEqualTo(sorted);
    }

    @Test
    void tellsCapitalsFromSmallLetters() {
        create("Key");
        create("key");

        assertThat(list("", "", 10)).containsExactly("Key", "key");
        assertThat(leases.look(APP, ChannelKey.of("key")).orElseThrow().leases())
                .isEqualTo(1);
    }

    @Test
    void listsEachKeyOnceHoweverManyLeasesItHas() {
        for (int i = 0; i < 30; i++) {
            create("a");
            create("c");
        }
        create("b");

        assertThat(list("", "", 10)).containsExactly("a", "b", "c");
        assertThat(list("", "", 2)).containsExactly("a", "b");
        assertThat(list("", "a", 2)).containsExactly("b", "c");
    }

    @Test
    void listsWhatBeginsWithThePrefixOnly() {
        Stream.of("room", "room/", "room/1", "room/é", "room/😀", "room0", "roo", "s")
                .forEach(this::create);

        assertThat(list("room/", "", 10)).containsExactly("room/", "room/1", "room/é", "room/😀");
        assertThat(list("room/", "a", 10)).hasSize(4);
        assertThat(list("room/", "room/1", 10)).containsExactly("room/é", "room/😀");
        assertThat(list("room/", "s", 10)).isEmpty();
    }

    @Test
    void pagesThroughAllKeysWithoutGapOrRepeat() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            keys.add(String.format("k%03d", i));
            create(keys.get(i));
        }

        List<String> seen = new ArrayList<>();
        List<String> page = list("k", "", 40);
        while (!page.isEmpty()) {
            seen.addAll(page);
            page = list("k", page.get(page.size() - 1), 40);
        }

        assertThat(seen).isEqualTo(keys);
    }

    @Test
    void leavesOutKeysWithoutALiveLease() {
        leases.create(APP, ChannelKey.of("a"), Duration.ofMinutes(1));
        leases.create(APP, ChannelKey.of("b"), Duration.ofMinutes(1));
        create("b");
        clock.advance(Duration.ofMinutes(1));

        assertThat(list("", "", 10)).containsExactly("b");
    }

    @Test
    void refusesALimitBelowOneAndAPrefixThatNoKeyCanHave() {
        assertThatThrownBy(() -> list("", "", 0)).hasMessage("limit: 0 (expected: >= 1)");
        assertThatThrownBy(() -> list("\0", "", 1))
                .hasMessage("prefix: '\\u0000' (expected: characters that XML 1.0 allows)");
    }
}
