package org.channelgateway.it;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

/** A {@code goog.appengine.Socket} in a page, whose callbacks write down each call and the state that it was made in. */
final class PageSocket {
    static final String OPENED = "onopen() 1";
    static final String MESSAGE = "onmessage 1";
    static final String CLOSED = "onclose() 3";
    static final String INVALID = "onerror({\"code\":401,\"description\":\"Invalid+token.\"}) 2";
    static final String TIMED_OUT = "onerror({\"code\":401,\"description\":\"Token+timed+out.\"}) 2";

    /** Connects, or is told that it cannot, within this time on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    /** As the issue shows it; with {@code late} the callbacks are assigned to the socket afterwards. */
    private static final String OPEN = """
            const [token, late] = arguments;
            const record = {calls: [], messages: [], socket: null};
            const handler = {};
            for (const name of ['onopen', 'onmessage', 'onerror', 'onclose']) {
                handler[name] = function (...values) {
                    const shown = name === 'onmessage' ? '' : '(' + values.map((v) => JSON.stringify(v)).join() + ')';
                    record.calls.push(name + shown + ' ' + this.readyState);
                    if (name === 'onmessage') {
                        record.messages.push(values[0].data);
                    }
                    if (this !== record.socket || values.length > 1) {
                        record.calls.push('called in another way than Google did');
                    }
                };
            }
            const channel = new goog.appengine.Channel(token);
            record.channel = channel;
            record.socket = late ? channel.open() : channel.open(handler);
            if (late) {
                Object.assign(record.socket, handler);
            }
            window.records = window.records || [];
            return window.records.push(record) - 1;
            """;

    private static final String REOPEN = """
            const record = window.records[arguments[0]];
            const old = record.socket;
            record.socket = record.channel.open();
            for (const name of ['onopen', 'onmessage', 'onerror', 'onclose']) {
                record.socket[name] = old[name];
            }
            """;

    private final Page page;
    private final long index;

    private PageSocket(Page page, long index) {
        this.page = page;
        this.index = index;
    }

    static PageSocket open(Page page, String token) {
        return open(page, token, false);
    }

    /** Assigns the callbacks to the socket after {@code open} has returned, as most programs do. */
    static PageSocket openWithLateCallbacks(Page page, String token) {
        return open(page, token, true);
    }

    private static PageSocket open(Page page, String token, boolean late) {
        if (!(page.run(OPEN, token, late) instanceof Long index)) {
            throw new AssertionError("open: no index (expected: one)");
        }
        return new PageSocket(page, index);
    }

    /** Opens a new socket on the same channel, with the same callbacks. */
    void reopen() {
        page.run(REOPEN, index);
    }

    void close() {
        page.run("window.records[arguments[0]].socket.close()", index);
    }

    /** Every call in order: its name, the arguments as JSON (of messages none), and {@code readyState}. */
    List<String> calls() {
        return page.texts("return window.records[arguments[0]].calls", index);
    }

    /** The data of all messages, in order. */
    List<String> messages() {
        return page.texts("return window.records[arguments[0]].messages", index);
    }

    int messageCount() {
        return number("return window.records[arguments[0]].messages.length");
    }

    int readyState() {
        return number("return window.records[arguments[0]].socket.readyState");
    }

    private int number(String script) {
        if (!(page.run(script, index) instanceof Long number)) {
            throw new AssertionError("script: no number (expected: one)");
        }
        return number.intValue();
    }

    PageSocket awaitOpen() {
        await().atMost(PATIENCE).until(() -> calls().contains(OPENED));
        return this;
    }

    void awaitClosed() {
        await().atMost(PATIENCE).until(() -> calls().contains(CLOSED));
    }

    void awaitMessages(int count) {
        await().atMost(PATIENCE).until(() -> messageCount() >= count);
    }
}
