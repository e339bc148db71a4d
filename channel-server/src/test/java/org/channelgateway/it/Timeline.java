package org.channelgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;

/**
 * What the scripts of a page note, in order. In the page, {@code note(text)} adds to it, and {@code recorder('a')} makes
 * callbacks that note themselves: name, callback, arguments as JSON, and the {@code readyState} that they were called in.
 */
final class Timeline {
    private static final String INSTALL = """
            window.timeline = [];
            window.note = (text) => window.timeline.push(String(text));
            window.recorder = (name) => {
                const handler = {};
                for (const callback of ['onopen', 'onmessage', 'onerror', 'onclose']) {
                    handler[callback] = function (...values) {
                        const given = values.map((value) => JSON.stringify(value)).join();
                        note(`${name} ${callback}(${given}) ${this.readyState}`);
                    };
                }
                return handler;
            };
            """;

    private final Page page;

    Timeline(Page page) {
        this.page = page;
        page.run(INSTALL);
    }

    static String opened(String name) {
        return name + " onopen() 1";
    }

    static String message(String name, String text) {
        return name + " onmessage({\"data\":\"" + text + "\"}) 1";
    }

    static String invalid(String name) {
        return name + " " + PageSocket.INVALID;
    }

    static String timedOut(String name) {
        return name + " " + PageSocket.TIMED_OUT;
    }

    static String closed(String name) {
        return name + " onclose() 3";
    }

    Timeline run(String script, Object... arguments) {
        page.run(script, arguments);
        return this;
    }

    List<String> notes() {
        return page.texts("return window.timeline");
    }

    /** Waits for as many notes as there are in {@code expected}, which have to be these. */
    void shows(String... expected) {
        await().atMost(PageSocket.PATIENCE).until(() -> notes().size() >= expected.length);
        assertThat(notes()).containsExactly(expected);
    }

    /** The same, for several sockets of which none waits for another: each in its own order. */
    void showsOf(String name, String... expected) {
        await().atMost(PageSocket.PATIENCE).until(() -> of(name).size() >= expected.length);
        assertThat(of(name)).containsExactly(expected);
    }

    private List<String> of(String name) {
        return notes().stream().filter(note -> note.startsWith(name + " ")).toList();
    }
}
