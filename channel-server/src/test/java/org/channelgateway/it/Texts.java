package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Messages that something on the way could change: escapes, line ends, characters of every length, the longest. */
final class Texts {
    static final List<String> ALL = List.of(
            "<&>\"'",
            "</body></message><message>",
            "]]>",
            "<![CDATA[x]]>",
            "&amp;lt;",
            "&#65;&#66;",
            "àéîöñ ß Ω Ж 漢字 עברית",
            "😀👩‍👩‍👧‍👦🇪🇺",
            "a\rb",
            "a\r\nb\n\rc",
            "a\tb\t",
            "\n",
            " \t leading and trailing \r\n ",
            "\u00a0\u0085\u2028\u2029\ufffd",
            "\ufefffirst",
            "{\"move\":3,\"text\":\"\\u0000 \\\" '\"}",
            "x".repeat(32_767),
            "é".repeat(16_383) + "e",
            "漢".repeat(10_922) + "e",
            "😀".repeat(8_191) + "abc",
            "<".repeat(32_767),
            "\r".repeat(32_767));

    private Texts() {}

    /** All of them, in order; a failure shows the number and not the text, which may be long. */
    static void assertArrived(List<String> messages) {
        for (int i = 0; i < ALL.size(); i++) {
            assertThat(messages.get(i).equals(ALL.get(i)))
                    .as("text %d arrived as it was sent", i)
                    .isTrue();
        }
        assertThat(messages).hasSameSizeAs(ALL);
    }
}
