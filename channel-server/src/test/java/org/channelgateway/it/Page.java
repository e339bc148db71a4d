package org.channelgateway.it;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page in a tab of its own. */
final class Page {
    private final Browser browser;
    private final String handle;

    Page(Browser browser, String handle) {
        this.browser = browser;
        this.handle = handle;
    }

    String handle() {
        return handle;
    }

    /** Opens a channel with a handler that writes down every call. */
    PageSocket open(String token) {
        return PageSocket.open(this, token);
    }

    /** Runs a script in the page; what it returns has the types of the driver. */
    @Nullable
    Object run(String script, Object... arguments) {
        return browser.in(this).executeScript(script, arguments);
    }

    /** The same, for a script that returns a list of texts. */
    List<String> texts(String script, Object... arguments) {
        if (!(run(script, arguments) instanceof List<?> list)) {
            throw new AssertionError("script: no list (expected: one)");
        }
        return list.stream().map(String::valueOf).toList();
    }

    /** Goes to another page in the same tab. */
    void go(URI address) {
        browser.in(this).get(address.toString());
    }

    /** Goes back, as with the browser's button. */
    void back() {
        browser.in(this).navigate().back();
    }

    void close() {
        browser.close(this);
    }
}
